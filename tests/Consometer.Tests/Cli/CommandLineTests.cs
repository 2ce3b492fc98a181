namespace Consometer.Tests.Cli;

/// <summary>What is wrong with the command line itself: exit code 2, one line, no ring or configuration looked at.</summary>
public sealed class CommandLineTests
{
    private static readonly string Ring = Fixtures.Find("rings", "small.v1.ring.gz");

    public static TheoryData<string[], string> Wrong() => new()
    {
        { [], "command" },
        { ["ring"], "command" },
        { ["nope"], "nope" },
        { ["ring", "nope"], "nope" },
        { ["ring", "info", Ring, "--nope"], "--nope" },
        { ["ring", "info"], "FILE" },
        { ["ring", "info", Ring, "--format", "xml"], "xml" },
        { ["ring", "info", Ring, "--format", "7"], "7" },
        { ["ring", "lookup", Ring, "A", "--format", "xml"], "xml" },
        { ["ring", "lookup", Ring, "A", "--hash-prefix", "p", "--handoffs", "x"], "--handoffs" },
        { ["ring", "lookup", Ring, "A", "--hash-prefix", "p", "--handoffs", "-1"], "-1" },
        { ["ring", "lookup", Ring, "A", "--hash-prefix", "p", "--swift-conf", "swift.conf"], "--swift-conf" },
        { ["ring", "lookup", Ring, "A", "--hash-suffix", "s", "--swift-conf", "swift.conf"], "--swift-conf" },
        { ["ring", "audit", Ring, "--format", "xml"], "xml" },
        { ["ring", "audit", Ring, "--network", "1"], "1" },
        { ["poll", "--format", "xml"], "xml" },
        { ["poll", "--format", "2"], "2" },
        { ["poll", "--log-level", "loud"], "loud" },
        { ["check", "--format", "csv"], "csv" },
        { ["usage", "--format", "json"], "json" },
        { ["usage", "--top", "0"], "--top: wanted a number from 1 to 10000" },
        { ["usage", "--top", "x"], "--top: wanted a number from 1 to 10000, found \"x\"" },
        { ["demo", "--accounts", "x"], "--accounts: wanted a number from 1 to 100000, found \"x\"" },
        { ["usage", "stray"], "stray" },
        { ["run", "stray"], "stray" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_command_line_is_told_in_one_line(string[] arguments, string found) =>
        ConsometerProgram.AssertRefused(await ConsometerProgram.RunAsync(arguments), ExitCode.Configuration, found);

    [Fact]
    public async Task Version_and_help_are_answers_and_not_failures()
    {
        var version = await ConsometerProgram.RunAsync("--version");
        Assert.Equal((ExitCode.Done, ""), (version.ExitCode, version.Error));
        Assert.Matches(@"^\d+\.\d+\.\d+", version.Output);

        var help = await ConsometerProgram.RunAsync("--help");
        Assert.Equal((ExitCode.Done, ""), (help.ExitCode, help.Error));
        Assert.All(["run", "poll", "usage", "check", "ring", "demo", "--config", "--log-level"], word => Assert.Contains(word, help.Output, StringComparison.Ordinal));
    }
}
