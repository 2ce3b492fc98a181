using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Run;

public sealed class DaemonTests(RealSwift lab) : LabTest(lab)
{
    /// <summary>On a machine that is busy a round over all of the lab takes more than two seconds; one over a few accounts does not.</summary>
    private const int PeriodSeconds = 4;
    private const int Rounds = 3;
    private const int Few = 60;

    [Fact]
    public async Task Every_round_is_whole_and_stands_on_the_wall_clock()
    {
        var store = new StoredRounds(Folder.Store);
        await using var daemon = Start($"{PeriodSeconds}s");

        await Eventually.TrueAsync($"{Rounds} rounds", () => store.Complete().Length >= Rounds);
        await StopAsync(daemon);

        var rounds = store.Complete();
        Assert.All(rounds, round => Figure.AssertSame(AllFigures, store.Figures(round)));
        Assert.All(rounds, round => Assert.Equal(0, round.Time.ToUnixTimeSeconds() % PeriodSeconds));
        Assert.Equal(rounds.Length, rounds.Select(round => round.Time).Distinct().Count());
    }

    /// <summary>A hung node holds the round up, so that SIGTERM surely comes in its midst. Then the daemon is started again.</summary>
    [Fact]
    public async Task A_round_that_was_stopped_is_not_seen_and_is_done_again()
    {
        var store = new StoredRounds(Folder.Store);
        await using (var outage = await RealSwift.FreezeNodeAsync(2))
        {
            await using var stopped = Start("24h");
            await Eventually.TrueAsync("a round under way", () => store.All().Length > 0);
            await StopAsync(stopped);

            Assert.Empty(store.Complete());
        }

        await using var daemon = Start("24h");
        await Eventually.TrueAsync("the round done again", () => store.Complete().Length > 0);
        await StopAsync(daemon);

        Figure.AssertSame(AllFigures, store.Figures(Assert.Single(store.Complete())));
    }

    [Fact]
    public async Task While_the_ring_is_broken_the_old_one_serves_and_every_round_says_so()
    {
        var store = new StoredRounds(Folder.Store);
        var ring = Path.Combine(Folder.Path, "account.ring.gz");
        File.Copy("/etc/swift/account.ring.gz", ring);
        var few = Truth.Take(Few).ToArray();
        Folder.Write("projects.txt", string.Concat(few.Select(account => account.ProjectId + "\n")));
        await using var daemon = Start("2s", ringDir: ".", projects: "source: file, file: projects.txt");

        await MoreRoundsAsync(store);
        File.WriteAllText(ring, "no ring");
        await MoreRoundsAsync(store);
        File.Copy("/etc/swift/account.ring.gz", ring, overwrite: true);
        await MoreRoundsAsync(store);
        var run = await StopAsync(daemon);

        Assert.Contains(run.ErrorLines, line => line.Contains(" WARN ", StringComparison.Ordinal) && line.Contains("stays in use", StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, line => line.Contains("sound again", StringComparison.Ordinal));
        Assert.DoesNotContain(run.ErrorLines, line => line.Contains(" EROR ", StringComparison.Ordinal));
        Assert.All(store.Complete(), round => Figure.AssertSame(few.SelectMany(account => account.Figures), store.Figures(round)));
    }

    /// <summary>A timer of .NET cannot wait that long: seven weeks is its most.</summary>
    [Fact]
    public async Task The_longest_period_is_waited_out()
    {
        var store = new StoredRounds(Folder.Store);
        await using var daemon = Start("366d");
        await Eventually.TrueAsync("the round", () => store.Complete().Length > 0);
        await StopAsync(daemon);
    }

    /// <summary>Two rounds more: the second began after this was called.</summary>
    private static async Task MoreRoundsAsync(StoredRounds store)
    {
        var rounds = store.Complete().Length + 2;
        await Eventually.TrueAsync($"{rounds} rounds", () => store.Complete().Length >= rounds);
    }

    private RunningProgram Start(string period, string ringDir = "/etc/swift", string projects = "source: keystone")
    {
        Folder.Write(new LabConfiguration { Timeout = period, PollingShare = "1", RingDir = ringDir, Projects = projects });
        return RunningProgram.StartDaemon("--config", Folder.Path);
    }

    /// <summary>SIGTERM, and a good end.</summary>
    private static async Task<ProgramRun> StopAsync(RunningProgram daemon)
    {
        daemon.Terminate();
        var run = await daemon.WaitAsync(Programs.Deadline);
        Assert.True(run.ExitCode == 0, $"wanted exit code 0, found {run.ExitCode}: {run.Errors}");
        return run;
    }
}
