using System.Diagnostics;
using System.Text.Json;
using Consometer.Tests.Rings;

namespace Consometer.Tests.Cli.Ring;

/// <summary>A ring may say anything: what is printed of it steers no terminal, and is nothing to a shell but a word.</summary>
public sealed class HostileRingTests : IDisposable
{
    private static readonly string[] Hash = ["--hash-prefix", "p"];

    private readonly TempFolder _folder = new();
    private readonly string _ring;
    private readonly string _section;

    public HostileRingTests()
    {
        _ring = _folder.Write("hostile.ring.gz", TestRing.Bytes(
            2,
            TestRing.DeviceAt(0, 6202, "10.0.0.1", "\u001b[31msda") with { Meta = "\u001b]0;owned\u0007\n\u009b2J" },
            TestRing.DeviceAt(1, 6202, "$(id)", "sda"),
            TestRing.DeviceAt(2, 6202, "-oProxyCommand=id", "sda"),
            TestRing.DeviceAt(3, 6202, "10.0.0.1\u001b[2J", "s\nd\ra\tb"),
            TestRing.DeviceAt(4, 6202, "10.0.0.4", "sda\"; id; \"`id`$(id)' && id #"),
            TestRing.DeviceAt(5, 6202, "10.0.0.5", "[red]sda[/]"),
            TestRing.DeviceAt(6, 6202, "10.0.0.6", "sdg")));
        _section = _folder.Write("section.ring.gz", new SectionedRing("small.v2").With("\u001b[31mmore\n", [1]).ToFile());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_steers_the_terminal()
    {
        var accounts = _folder.Write("accounts", "AUTH_a\nAUTH_b\u001b[31m\nAUTH_c\nAUTH_d\n");
        string[][] commands =
        [
            ["info", _ring], ["info", _section], ["devices", _ring], ["verify", _ring], ["partition", _ring, "0", "1", "2", "3", "4", "5"], ["partition", _ring, "--device", "r1"],
            ["diff", _ring, Fixtures.Find("rings", "small.v1.ring.gz"), "--accounts-file", accounts, .. Hash], ["diff", Fixtures.Find("rings", "small.v1.ring.gz"), _ring],
            ["lookup", _ring, "AUTH_a\u001b[31m", "AUTH_b", "AUTH_c/c", "AUTH_d/c/o", "--handoffs", "all", .. Hash],
        ];

        foreach (var command in commands)
        {
            var table = await ConsometerProgram.RunAsync(["ring", .. command]);
            var json = await ConsometerProgram.RunAsync(["ring", .. command, "--format", "json"]);

            Assert.All([table, json], run => Assert.DoesNotContain(run.Output + run.Error, c => char.IsControl(c) && c != '\n'));
            Assert.NotEmpty(table.Output);
            Assert.Equal((table.ExitCode, ""), (json.ExitCode, table.Error + json.Error));
            Assert.NotEqual(JsonValueKind.Null, JsonDocument.Parse(json.Output).RootElement.ValueKind);
        }
    }

    [Fact]
    public async Task A_ring_that_is_refused_is_quoted_with_care()
    {
        var file = _folder.Write("refused.ring.gz", EditedRing.WithJson("small.v1", "\"byteorder\": \"little\"", "\"byteorder\": \"\\u001b[31m\\nx\""));

        var run = await ConsometerProgram.RunAsync("ring", "info", file);

        ConsometerProgram.AssertRefused(run, ExitCode.InputFile, "found \"�[31m x\"");
    }

    /// <summary>For a device whose name or address is more to a shell than a word there is nothing to be pasted.</summary>
    [Fact]
    public async Task What_is_printed_to_be_pasted_does_nothing_else()
    {
        var table = await ConsometerProgram.RunAsync(["ring", "lookup", _ring, "AUTH_a", "--handoffs", "all", .. Hash]);
        var json = await ConsometerProgram.RunAsync(["ring", "lookup", _ring, "AUTH_a", "--handoffs", "all", "--format", "json", .. Hash]);
        var pasted = table.Output.Split('\n').Where(line => line.StartsWith("curl ", StringComparison.Ordinal) || line.StartsWith("ssh ", StringComparison.Ordinal)).ToArray();

        // Device 6 alone has a name and an address that are words.
        Assert.Equal(2, pasted.Length);
        Assert.All(pasted, line => Assert.Contains("10.0.0.6", line, StringComparison.Ordinal));
        Assert.Equal(2 * 6, table.Output.Split('\n').Count(line => line.StartsWith("# device ", StringComparison.Ordinal)));
        var devices = JsonDocument.Parse(json.Output).RootElement[0];
        Assert.Equal([6], devices.GetProperty("primaries").EnumerateArray().Concat(devices.GetProperty("handoffs").EnumerateArray())
            .Where(device => device.TryGetProperty("curl", out _) || device.TryGetProperty("path", out _)).Select(device => device.GetProperty("id").GetInt32()));
    }

    [Theory]
    [InlineData("info {0}")]
    [InlineData("devices {0}")]
    [InlineData("devices {0} --format json")]
    [InlineData("lookup {0} AUTH_a --hash-prefix p")]
    [InlineData("lookup {0} AUTH_a --hash-prefix p --format tsv")]
    [InlineData("partition {0} 1 2 3")]
    [InlineData("partition {0} 1 2 3 --format json")]
    [InlineData("partition {0} --device d1")]
    [InlineData("verify {0}")]
    [InlineData("diff {0} {0}")]
    [InlineData("diff {0} {0} --format json")]
    [InlineData("--help")]
    public async Task A_pipe_that_nobody_reads_any_more_is_no_error(string command)
    {
        var ring = string.Format(System.Globalization.CultureInfo.InvariantCulture, command, $"'{Fixtures.Find("rings", "regions.v1.ring.gz")}'");

        // The reader has ended before the program begins.
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", $"exec 3> >(:); wait $!; '{ConsometerProgram.Path}' ring {ring} >&3"]) { RedirectStandardError = true })!;
        var error = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.Done, ""), (shell.ExitCode, error));
    }
}
