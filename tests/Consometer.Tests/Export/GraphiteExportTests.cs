using Consometer.Configuration;
using Consometer.Simulation;

namespace Consometer.Tests.Export;

/// <summary>A daemon's rounds as carbon gets them.</summary>
public sealed class GraphiteExportTests
{
    private static readonly SimulationPlan Plan = new() { Accounts = 40 };

    [Fact]
    public async Task A_round_is_there_when_it_has_ended_and_the_next_one_after_it()
    {
        await using var carbon = new ScriptedCarbon();
        await using var daemon = await StartAsync(carbon);
        await daemon.RoundsEndedAsync();
        await Eventually.HoldsAsync("the round at carbon", () => carbon.Lines.Contains(Line("polled", "40", hour: 0)));
        daemon.Clock.Advance(TimeSpan.FromHours(1));
        await daemon.RoundsEndedAsync(2);
        await daemon.Clock.PassUntilAsync("the next one at carbon", () => carbon.Lines.Contains(Line("polled", "40", hour: 1)));

        Assert.Contains(Line("unknown", "0", hour: 1), carbon.Lines);
        Assert.Contains(Line("outbox.messages", "0", hour: 1), carbon.Lines);
        Assert.Contains(carbon.Lines, line => line.StartsWith("swift-consometer.RegionOne.projects.age ", StringComparison.Ordinal));
        Assert.Contains(carbon.Lines, line => line.StartsWith("swift-consometer.RegionOne.ring.age ", StringComparison.Ordinal));
        Assert.DoesNotContain(carbon.Lines, line => line.Contains("published", StringComparison.Ordinal));
    }

    /// <summary>The clock stands still: had anybody waited for carbon, there would be no second round, and no end.</summary>
    [Fact]
    public async Task A_carbon_that_hangs_holds_up_no_round_and_no_end()
    {
        await using var carbon = new ScriptedCarbon { Mood = CarbonMood.Hangs };
        await using (var daemon = await StartAsync(carbon))
        {
            await daemon.RoundsEndedAsync();
            await Eventually.HoldsAsync("a connection", () => carbon.Connections > 0);
            daemon.Clock.Advance(TimeSpan.FromHours(1));
            await daemon.RoundsEndedAsync(2);
        }

        Assert.Empty(carbon.Lines);
    }

    /// <summary>Without a report nothing is known of accounts; what else there is to tell is told.</summary>
    [Fact]
    public async Task A_round_that_came_to_nothing_tells_of_the_outbox_and_of_no_account()
    {
        await using var carbon = new ScriptedCarbon();
        await using var daemon = await StartAsync(carbon, swift => swift.Cluster.KeystoneFault = NodeFault.Status(503));
        await Eventually.HoldsAsync("lines", () => carbon.Lines.Length > 0);

        Assert.Contains(Line("outbox.messages", "0", hour: 0), carbon.Lines);
        Assert.DoesNotContain(carbon.Lines, line => line.Contains("polled", StringComparison.Ordinal));
    }

    private static string Line(string name, string value, int hour) =>
        $"swift-consometer.RegionOne.{name} {value} {(ManualClock.Start + TimeSpan.FromHours(hour)).ToUnixTimeSeconds()}";

    private static Task<RunningDaemon> StartAsync(ScriptedCarbon carbon, Action<Simulation.RunningCluster>? prepare = null) =>
        RunningDaemon.StartAsync(Plan, options => options with { Graphite = new GraphiteOptions("127.0.0.1", carbon.Port, "swift-consometer") }, prepare);
}
