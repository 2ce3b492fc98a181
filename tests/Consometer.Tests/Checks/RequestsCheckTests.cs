using System.Net;
using System.Net.Sockets;
using Consometer.Checks;
using Consometer.Tests.Configuration;
using Consometer.Tests.Daemon;

namespace Consometer.Tests.Checks;

/// <summary>The access log, looked at before it is counted.</summary>
public sealed class RequestsCheckTests : IDisposable
{
    private const string S3 = "192.0.2.7 192.0.2.7 21/Nov/2026/13/00/00 PUT /bucket/key HTTP/1.0 200 - - - 50 - - tx9 - 0.01 - - 1.5 2.5 0";

    private readonly ConfigurationText _text = new();

    public void Dispose() => _text.Dispose();

    [Fact]
    public void A_log_that_can_be_read_is_well()
    {
        var result = Look(ScriptedLog.Line(ManualClock.Start), ScriptedLog.Line(ManualClock.Start, source: "OV", transaction: "tx9"), "a message of the proxy's");

        Assert.Equal((Verdict.Ok, "at its end 2 access lines, 1 of them counted, 0 of no account, 0 unreadable, 0 anonymised, 1 other lines"), (result.Verdict, result.Found));
        Assert.Equal(Path.Combine(_text.Folder, "access.log"), result.LookedAt);
    }

    [Fact]
    public void Only_the_end_of_a_long_one_is_read()
    {
        var line = ScriptedLog.Line(ManualClock.Start);
        var result = Look([.. Enumerable.Repeat("192.0.2.7 21/Nov/2026/13/00/00 torn", 5000), .. Enumerable.Repeat(line, 3000)]);

        Assert.Equal(Verdict.Ok, result.Verdict);
        Assert.Contains($"at its end {(256 << 10) / (line.Length + 1)} access lines", result.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(Verdict.Warn), "does the syslog daemon write the proxy's access lines there", "a message of the proxy's")]
    [InlineData(nameof(Verdict.Fail), "set requests.template", "192.0.2.7 192.0.2.7 21/Nov/2026/13/00/00 PUT /v1/AUTH_a/c/o 201 50")]
    [InlineData(nameof(Verdict.Fail), "take .anonymized out", "{MD5}1234 {MD5}1234 21/Nov/2026/13/00/00 PUT /v1/AUTH_a/c/o HTTP/1.0 200 - - - 50 - - tx9 - 0.01 - - 1.5 2.5 0")]
    [InlineData(nameof(Verdict.Warn), "if these are S3 requests", S3)]
    public void What_is_not_as_it_should_be_has_a_remedy(string verdict, string remedy, string line)
    {
        var result = Look(line);

        Assert.Equal(verdict, result.Verdict.ToString());
        Assert.Contains(remedy, result.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void One_damaged_line_among_good_ones_is_a_warning_and_shown()
    {
        var result = Look(ScriptedLog.Line(ManualClock.Start), "192.0.2.7 192.0.2.7 21/Nov/2026/13/00/00 torn\u001b[31m");

        Assert.Equal(Verdict.Warn, result.Verdict);
        Assert.Contains("torn?[31m", result.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_not_there_is_waited_for_and_a_folder_is_none()
    {
        var options = _text.Read(CountingLoop.RequestsOnly + "requests: { file: access.log }\n");
        Assert.Equal((Verdict.Warn, "not there yet: the daemon waits for it"), Only(RequestsCheck.Run(options, new ManualClock())));

        Directory.CreateDirectory(Path.Combine(_text.Folder, "access.log"));
        Assert.Equal(Verdict.Fail, Only(RequestsCheck.Run(options, new ManualClock())).Verdict);
    }

    [Fact]
    public void Where_datagrams_come_in_the_place_is_free_or_somebody_listens_there()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var options = _text.Read($"{CountingLoop.RequestsOnly}requests: {{ listen: 'udp://{taken.LocalEndPoint}' }}\n");
        Assert.Equal(Verdict.Warn, Only(RequestsCheck.Run(options, TimeProvider.System)).Verdict);

        taken.Dispose();
        Assert.Equal((Verdict.Ok, "free for the daemon"), Only(RequestsCheck.Run(options, TimeProvider.System)));
    }

    [Fact]
    public async Task Where_requests_alone_are_counted_nothing_is_looked_at_that_rounds_need()
    {
        await File.WriteAllTextAsync(Path.Combine(_text.Folder, "access.log"), ScriptedLog.Line(DateTimeOffset.UtcNow) + "\n", TestContext.Current.CancellationToken);
        var options = _text.Read(CountingLoop.RequestsOnly + "requests: { file: access.log }\n");

        var results = await new Checkup(_text.File, () => options, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);

        string[] ofRounds = [SwiftConfCheck.Name, RingCheck.Name, ServerCheck.Name, KeystoneCheck.Name, ProjectCheck.Name, AccountCheck.Name, ClockCheck.Name];
        Assert.Empty(results.Select(result => result.Check).Intersect(ofRounds));
        Assert.Contains(results, result => result.Check == RequestsCheck.Name);
        Assert.Contains(results, result => result.Check == StoreCheck.Name);
        Assert.All(results, result => Assert.True(result.Verdict is Verdict.Ok or Verdict.Skipped, result.ToString()));
    }

    [Fact]
    public async Task Where_requests_alone_are_counted_poll_has_nothing_to_ask_for()
    {
        _text.Read(CountingLoop.RequestsOnly + "requests: { file: access.log }\n");

        foreach (var arguments in (string[][])[[], ["AUTH_a"], ["--explain", "AUTH_a"]])
        {
            ConsometerProgram.AssertRefused(
                await ConsometerProgram.RunAsync(["poll", "--config", _text.File, .. arguments]), ExitCode.Configuration, "meters: wanted one of what is stored");
        }
    }

    private static (Verdict Verdict, string Found) Only(IReadOnlyList<CheckResult> results) => (Assert.Single(results).Verdict, results[0].Found);

    private CheckResult Look(params string[] lines)
    {
        var options = _text.Read(CountingLoop.RequestsOnly + "requests: { file: access.log }\n");
        File.WriteAllLines(options.Requests!.FilePath!, lines);
        return Assert.Single(RequestsCheck.Run(options, new ManualClock()));
    }
}
