using Consometer.Simulation;

namespace Consometer.Tests.Daemon;

/// <summary>The daemon's loop on a clock that only the test moves.</summary>
public sealed class RoundLoopTests
{
    private static readonly SimulationPlan Plan = new() { Accounts = 20 };

    [Fact]
    public async Task Every_period_has_one_round()
    {
        await using var loop = await RunningLoop.StartAsync(Plan);
        for (var hour = 0; hour < 3; hour++)
        {
            await loop.RoundIsThereAsync(hour);
            loop.Clock.Advance(RunningLoop.Hour);
        }

        await loop.RoundIsThereAsync(3);
        await loop.StopAsync();
        Assert.Equal(4, loop.Log.Lines.Count(line => line.Contains("20 accounts", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_period_that_has_a_complete_round_is_not_metered_again()
    {
        await using var loop = await StartThenAwaitFirstRoundAsync();
        await loop.StopAsync();
        var aRound = loop.Swift.Requests;
        Assert.True(aRound > 0);

        loop.Start();
        loop.Clock.Advance(RunningLoop.Hour);
        await loop.RoundIsThereAsync(1);
        await loop.StopAsync();

        Assert.Equal(2 * aRound, loop.Swift.Requests);
    }

    [Fact]
    public async Task While_Keystone_is_down_the_period_is_tried_again_until_it_is_back()
    {
        await using var loop = await RunningLoop.StartAsync(Plan, swift => swift.Cluster.KeystoneFault = NodeFault.Status(503));
        await Eventually.HoldsAsync("the failure is in the log", () => loop.Log.Lines.Any(line => line.Contains("503", StringComparison.Ordinal)));
        Assert.Null(loop.LastRound);

        loop.Swift.Cluster.KeystoneFault = NodeFault.None;
        await Eventually.HoldsAsync("the loop waits for its next try", () => loop.Clock.IsWaitedFor(TimeSpan.FromMinutes(1)));
        loop.Clock.Advance(TimeSpan.FromMinutes(1));
        await loop.RoundIsThereAsync(0);
    }

    [Fact]
    public async Task Periods_that_pass_without_a_round_are_counted_aloud()
    {
        await using var loop = await StartThenAwaitFirstRoundAsync();
        loop.Clock.Advance(3 * RunningLoop.Hour);
        await loop.RoundIsThereAsync(3);
        await loop.StopAsync();
        Assert.Contains(loop.Log.Lines, line => line.StartsWith("2 periods", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_every_account_is_unknown_the_period_is_tried_again()
    {
        await using var loop = await RunningLoop.StartAsync(Plan, swift => swift.SetFaults(NodeFault.Status(507)));
        await Eventually.HoldsAsync("the loop waits for its next try", () => loop.Clock.IsWaitedFor(TimeSpan.FromMinutes(1)));
        Assert.Null(loop.LastRound);

        loop.Swift.SetFaults(NodeFault.None);
        loop.Clock.Advance(TimeSpan.FromMinutes(1));
        await loop.RoundIsThereAsync(0);
    }

    [Fact]
    public async Task Periods_missed_while_the_daemon_was_down_are_counted_too()
    {
        await using var loop = await StartThenAwaitFirstRoundAsync();
        await loop.StopAsync();
        loop.Clock.Advance(4 * RunningLoop.Hour);
        loop.Start();
        await loop.RoundIsThereAsync(4);
        await loop.StopAsync();
        Assert.Contains(loop.Log.Lines, line => line.StartsWith("3 periods", StringComparison.Ordinal));
    }

    private static async Task<RunningLoop> StartThenAwaitFirstRoundAsync()
    {
        var loop = await RunningLoop.StartAsync(Plan);
        await loop.RoundIsThereAsync(0);
        return loop;
    }
}
