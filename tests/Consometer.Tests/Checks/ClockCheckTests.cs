using System.Globalization;
using Consometer.Checks;
using Consometer.Configuration;
using Consometer.Swift.Accounts;
using Consometer.Swift.Recon;
using Consometer.Tests.Configuration;

namespace Consometer.Tests.Checks;

/// <summary>The clocks of servers against this host's, by the <c>Date</c> of whatever they answer.</summary>
public sealed class ClockCheckTests
{
    private static readonly CancellationToken Stopping = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, false, "within 0 s of this host's")]
    [InlineData(4, false, "within 5 s of this host's")]
    [InlineData(-4, false, "within 4 s of this host's")]
    [InlineData(90, true, "Keystone +91 s, by this host's clock")]
    [InlineData(-90, true, "Keystone -89 s, by this host's clock")]
    public async Task A_clock_that_is_off_is_a_warning_and_never_a_failure(int seconds, bool isOff, string found)
    {
        await using var keystone = Start(seconds);

        var result = await ClockCheck.RunAsync(Options(keystone), servers: null, new ManualClock(), Stopping);

        Assert.Equal((isOff ? Verdict.Warn : Verdict.Ok, "1 servers' time", found, ExitCode.Done), (result.Verdict, result.LookedAt, result.Found, result.ExitCode));
        Assert.StartsWith("HEAD ", Assert.Single(keystone.Requests).Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Servers_that_are_off_are_named_and_those_that_are_silent_are_not_asked()
    {
        await using var keystone = Start(0);
        await using var ahead = Start(60);
        await using var silent = Start(-60);
        var answered = new FileFinding(FileVerdict.Agrees, null, new ReconAnswer.Refused(400));
        var none = new FileFinding(FileVerdict.Silent, null, new ReconAnswer.Unavailable(Unavailability.TimedOut));
        var audit = new AuditReport("", null, [new ServerFinding(new Node("127.0.0.1", ahead.Port), answered, answered), new ServerFinding(new Node("127.0.0.1", silent.Port), none, none)]);

        var result = await ClockCheck.RunAsync(Options(keystone), audit, new ManualClock(), Stopping);

        Assert.Equal((Verdict.Warn, "2 servers' time", $"127.0.0.1:{ahead.Port} +61 s, by this host's clock"), (result.Verdict, result.LookedAt, result.Found));
        Assert.Empty(silent.Requests);
    }

    [Fact]
    public async Task Who_does_not_say_the_time_is_passed_over()
    {
        await using var keystone = ScriptedServer.Start(_ => Reply.Of("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        Assert.Equal(Verdict.Skipped, (await ClockCheck.RunAsync(Options(keystone), servers: null, new ManualClock(), Stopping)).Verdict);

        await using var broken = ScriptedServer.Start(_ => Reply.Reset(""));
        Assert.Equal(Verdict.Skipped, (await ClockCheck.RunAsync(Options(broken), servers: null, new ManualClock(), Stopping)).Verdict);
    }

    private static ConsometerOptions Options(ScriptedServer keystone) =>
        ConfigurationText.Load(ConfigurationText.Least.Replace("https://keystone:5000", keystone.Uri.ToString(), StringComparison.Ordinal));

    /// <summary>A server whose clock is so far ahead of a <see cref="ManualClock"/>.</summary>
    private static ScriptedServer Start(int seconds) => ScriptedServer.Start(_ => Reply.Of(string.Create(
        CultureInfo.InvariantCulture, $"HTTP/1.1 300 Multiple Choices\r\nDate: {ManualClock.Start.AddSeconds(seconds):R}\r\nContent-Length: 0\r\n\r\n")));
}
