using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Run;

public sealed class DaemonTests(RealSwift lab) : LabTest(lab)
{
    private const int PeriodSeconds = 2;
    private const int Rounds = 3;

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

    /// <summary>A timer of .NET cannot wait that long: seven weeks is its most.</summary>
    [Fact]
    public async Task The_longest_period_is_waited_out()
    {
        var store = new StoredRounds(Folder.Store);
        await using var daemon = Start("366d");
        await Eventually.TrueAsync("the round", () => store.Complete().Length > 0);
        await StopAsync(daemon);
    }

    private RunningProgram Start(string period)
    {
        Folder.Write(new LabConfiguration { Timeout = period });
        return RunningProgram.Start(Repository.Program, ["run", "--config", Folder.Path]);
    }

    /// <summary>SIGTERM, and a good end.</summary>
    private static async Task StopAsync(RunningProgram daemon)
    {
        daemon.Terminate();
        var run = await daemon.WaitAsync(Programs.Deadline);
        Assert.True(run.ExitCode == 0, $"wanted exit code 0, found {run.ExitCode}: {run.Errors}");
    }
}
