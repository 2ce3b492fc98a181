using System.Globalization;
using System.Text;
using Consometer.Metering.Requests;

namespace Consometer.Tests.Metering.Requests;

/// <summary>
/// Lines that no proxy writes. Goal: whatever the bytes, nothing is thrown, each line is counted once, and its price follows from its length.
/// </summary>
public sealed class AccessLogFuzzTests
{
    private const int Mutants = 100_000;
    private const int PerReader = 1_000;
    private const int MiB = 1 << 20;

    /// <summary>A copy of a line that is held, names out of it as text, and lists.</summary>
    private const long BytesPerByte = 24;

    private static readonly int Seed =
        Environment.GetEnvironmentVariable("CONSOMETER_SEED") is { Length: > 0 } seed ? int.Parse(seed, CultureInfo.InvariantCulture) : 20260;

    private static readonly byte[][] Lines = [.. RecordedLog.Names.SelectMany(name => RecordedLog.Read(name).Lines).Where(line => line.Length < 1000).Select(Encoding.UTF8.GetBytes)];

    /// <summary>Four parts, for none to take long.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_mutated_line_is_counted_once_and_throws_nothing(int part)
    {
        var all = new LineCounts[Mutants / 4 / PerReader];
        for (var i = 0; i < all.Length; i++)
        {
            var random = new Random((Seed * 1_000_003) + (part * all.Length) + i);
            var counted = Reader(random.Next(2) == 0);
            try
            {
                for (var mutant = 0; mutant < PerReader; mutant++)
                {
                    counted.Read(LogMutation.Any(Lines[random.Next(Lines.Length)], Lines[random.Next(Lines.Length)], random));
                    _ = random.Next(100) == 0 ? counted.Settle() : counted;
                }

                counted.AssertEachLineIsCountedOnce();
                Assert.DoesNotContain(counted.Unreadable, char.IsControl);
                Assert.All(counted.Figures.Values, volume => Assert.True(volume >= 0));
                all[i] = counted.Counts;
            }
            catch (Exception e) when (e is not Xunit.Sdk.IAssertionException)
            {
                Assert.Fail($"CONSOMETER_SEED={Seed}, part {part}, reader {i}: {e}");
            }
        }

        // Of each kind there are some: the mutants are near enough to lines, and far enough from them.
        Assert.True(all.Sum(counts => counts.Counted) > PerReader && all.Sum(counts => counts.Unreadable) > PerReader && all.Sum(counts => counts.Other) > PerReader, $"CONSOMETER_SEED={Seed}");
    }

    public static TheoryData<string, string> Traps() => new()
    {
        { "", " " },
        { "", "a" },
        { "", "\0" },
        { "", "%" },
        { "", "21/Nov/2026/12/00/00 " },
        { "10.0.0.1 10.0.0.1 ", "21/Nov/2026/12/00/00 " },
        { "", "10.0.0.1 10.0.0.1 21/Nov/2026/12/00/00 GET / HTTP/1.0 200 " },
        { "PATH /v1/AUTH_p/", "%" },
        { "PATH /v1/AUTH_p/", "%25" },
        { "PATH /v1/AUTH_p/", "%25FF" },
        { "PATH /v1/AUTH_p/", "%25C3%25A9" },
        { "PATH /v1/AUTH_p/", "%25F0%259F" },
        { "PATH /v1/AUTH_p/", "\u00e9" },
        { "PATH /v1/AUTH_", "%2525" },
        { "PATH ", "/" },
        { "PATH /v1/AUTH_p/c/o%3F", "%26" },
        { "PATH /v1/AUTH_p/c/o%3F", "acl%26x" },
        { "PATH /bucket/key%3F", "%26" },
        { "PATH /", "%" },
        { "SOURCE /v1/AUTH_p/", "%25" },
        { "ADDRESS ", "1." },
        { "ADDRESS ", ":" },
        { "ADDRESS ", "%" },
    };

    [Theory]
    [MemberData(nameof(Traps))]
    public void A_long_line_costs_no_more_than_its_length(string before, string what)
    {
        var repeated = string.Concat(Enumerable.Repeat(what, MiB / what.Length));
        var path = before[(before.IndexOf(' ', StringComparison.Ordinal) + 1)..] + repeated;
        var line = before.Split(' ')[0] switch
        {
            "PATH" => new LoggedLine { Path = path }.ToString(),
            "SOURCE" => new LoggedLine { Path = path, Source = "S3" }.ToString(),
            "ADDRESS" => new LoggedLine { RemoteAddr = path }.ToString(),
            _ => before + repeated,
        };
        var text = Encoding.UTF8.GetBytes(line);
        var networks = new ClientNetworks(ClientNetworks.Private, []);
        var reader = new AccessLogReader(
            LogLayout.Parse(LogLayout.Default, out _)!, networks, new TrafficTally(TimeSpan.FromMinutes(5), 10, new Consometer.Metering.ResellerPrefixes(["AUTH_"])));

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        reader.Read(text, DateTimeOffset.MaxValue);
        reader.Settle(DateTimeOffset.MaxValue);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, (BytesPerByte * text.Length) + MiB);
    }

    private static CountedLog Reader(bool hasAccounts) => new(
        LogLayout.Parse(hasAccounts ? $"{LogLayout.Default} {{account}} {{container}}" : LogLayout.Default, out _)!,
        new ClientNetworks(ClientNetworks.Private, [System.Net.IPNetwork.Parse("127.0.3.1/32")]), containersMax: 50);
}
