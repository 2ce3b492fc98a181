using System.Collections.Concurrent;
using Consometer.Daemon;
using Consometer.Delivery.Store;
using Consometer.Simulation;
using Consometer.Tests.Simulation;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Consometer.Tests.Daemon;

/// <summary>The daemon's loop on a clock that only the test moves.</summary>
public sealed class RoundLoopTests : IAsyncDisposable
{
    private const string Region = "RegionOne";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ManualClock _clock = new();
    private readonly RememberedLog _log = new();
    private CancellationTokenSource _stop = new();
    private RunningCluster _running = null!;
    private SampleStore _seen = null!;

    [Fact]
    public async Task Every_period_has_one_round()
    {
        var loop = await StartAsync();
        for (var hour = 0; hour < 3; hour++)
        {
            await RoundIsThereAsync(hour);
            _clock.Advance(Hour);
        }

        await RoundIsThereAsync(3);
        await StopAsync(loop);
        Assert.Equal(4, _log.Lines.Count(line => line.Contains("20 accounts", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_period_that_has_a_complete_round_is_not_metered_again()
    {
        await StopAsync(await StartThenAwaitFirstRoundAsync());
        var aRound = Requests();
        Assert.True(aRound > 0);

        var loop = Loop();
        _clock.Advance(Hour);
        await RoundIsThereAsync(1);
        await StopAsync(loop);

        Assert.Equal(2 * aRound, Requests());
    }

    [Fact]
    public async Task While_Keystone_is_down_the_period_is_tried_again_until_it_is_back()
    {
        var loop = await StartAsync(cluster => cluster.KeystoneFault = NodeFault.Status(503));
        await Eventually.HoldsAsync("the failure is in the log", () => _log.Lines.Any(line => line.Contains("503", StringComparison.Ordinal)));
        Assert.Null(_seen.LastRound(Region));

        _running.Cluster.KeystoneFault = NodeFault.None;
        await Eventually.HoldsAsync("the loop waits for its next try", () => _clock.IsWaitedFor(TimeSpan.FromMinutes(1)));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await RoundIsThereAsync(0);
        await StopAsync(loop);
    }

    [Fact]
    public async Task A_ring_that_breaks_between_rounds_is_a_warning_and_the_old_one_serves_on()
    {
        var loop = await StartThenAwaitFirstRoundAsync();
        await File.WriteAllTextAsync(_running.Cluster.RingPath, "no ring", TestContext.Current.CancellationToken);
        _clock.Advance(Hour);
        await RoundIsThereAsync(1);
        await StopAsync(loop);
        Assert.Contains(_log.Lines, line => line.Contains("stays in use", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Periods_that_pass_without_a_round_are_counted_aloud()
    {
        var loop = await StartThenAwaitFirstRoundAsync();
        _clock.Advance(3 * Hour);
        await RoundIsThereAsync(3);
        await StopAsync(loop);
        Assert.Contains(_log.Lines, line => line.StartsWith("2 periods", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_every_account_is_unknown_the_period_is_tried_again()
    {
        var loop = await StartAsync(cluster => SetFaults(cluster, NodeFault.Status(507)));
        await Eventually.HoldsAsync("the loop waits for its next try", () => _clock.IsWaitedFor(TimeSpan.FromMinutes(1)));
        Assert.Null(_seen.LastRound(Region));

        SetFaults(_running.Cluster, NodeFault.None);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await RoundIsThereAsync(0);
        await StopAsync(loop);
    }

    [Fact]
    public async Task Periods_missed_while_the_daemon_was_down_are_counted_too()
    {
        await StopAsync(await StartThenAwaitFirstRoundAsync());
        _clock.Advance(4 * Hour);
        var loop = Loop();
        await RoundIsThereAsync(4);
        await StopAsync(loop);
        Assert.Contains(_log.Lines, line => line.StartsWith("3 periods", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Dispose();
        _seen.Dispose();
        await _running.DisposeAsync();
    }

    private static void SetFaults(SimulatedCluster cluster, NodeFault fault)
    {
        foreach (var node in cluster.Nodes)
        {
            node.Fault = fault;
        }
    }

    private async Task<Task> StartAsync(Action<SimulatedCluster>? prepare = null)
    {
        _running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 20 }, _clock);
        prepare?.Invoke(_running.Cluster);
        _seen = SampleStore.Open(ConfiguredCluster.Options(_running.Cluster).StorePath);
        return Loop();
    }

    private async Task<Task> StartThenAwaitFirstRoundAsync()
    {
        var loop = await StartAsync();
        await RoundIsThereAsync(0);
        return loop;
    }

    private Task Loop() => LoopAsync(_stop.Token);

    private async Task LoopAsync(CancellationToken stopping)
    {
        var options = ConfiguredCluster.Options(_running.Cluster);
        using var cluster = Cluster.Open(options, _clock);
        using var store = SampleStore.Open(options.StorePath);
        using var log = new LoggerConfiguration().WriteTo.Sink(_log).CreateLogger();
        await new RoundLoop(options, cluster, store, log, _clock).RunAsync(stopping);
    }

    private async Task StopAsync(Task loop)
    {
        await _stop.CancelAsync();
        await loop;
        _stop.Dispose();
        _stop = new CancellationTokenSource();
    }

    private long Requests() => _running.Cluster.Nodes.Sum(node => node.Requests);

    private Task RoundIsThereAsync(int hour)
    {
        var time = ManualClock.Start + (hour * Hour);
        return Eventually.HoldsAsync($"the round of {time:O} is in the store", () => _seen.LastRound(Region) >= time);
    }

    private sealed class RememberedLog : ILogEventSink
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public void Emit(LogEvent logEvent) => Lines.Enqueue(logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture));
    }
}
