using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Delivery.Store;
using Consometer.Simulation;
using Consometer.Tests.Simulation;
using Serilog;

namespace Consometer.Tests.Daemon;

/// <summary>The daemon's loop over a simulated cluster, with a period of an hour, on a clock that only the test moves.</summary>
internal sealed class RunningLoop : IAsyncDisposable
{
    private const string Region = "RegionOne";

    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ConsometerOptions _options;
    private readonly SampleStore _seen;
    private CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    private RunningLoop(RunningCluster swift, ManualClock clock)
    {
        Swift = swift;
        Clock = clock;
        _options = ConfiguredCluster.Options(swift.Cluster);
        _seen = SampleStore.Open(_options.StorePath);
    }

    public ManualClock Clock { get; }

    public RememberedLog Log { get; } = new();

    public RunningCluster Swift { get; }

    /// <summary>The ring of the loop that was started last.</summary>
    public LiveRing Ring { get; private set; } = null!;

    /// <summary>The list of projects of the loop that was started last.</summary>
    public LiveProjects Projects { get; private set; } = null!;

    public DateTimeOffset? LastRound => _seen.LastRound(Region);

    /// <param name="plan">The cluster to meter.</param>
    /// <param name="prepare">What to do to it before the loop begins.</param>
    public static async Task<RunningLoop> StartAsync(SimulationPlan plan, Action<RunningCluster>? prepare = null)
    {
        var clock = new ManualClock();
        var running = new RunningLoop(await RunningCluster.StartAsync(plan, clock), clock);
        prepare?.Invoke(running.Swift);
        running.Start();
        return running;
    }

    /// <summary>Starts the loop, as a daemon that is started again on the same store.</summary>
    public void Start()
    {
        var cluster = Cluster.Open(_options, Clock);
        Ring = cluster.Ring!;
        Projects = cluster.Projects;
        _loop = RunAsync(cluster, _stop.Token);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _stop = new CancellationTokenSource();
    }

    public Task RoundIsThereAsync(int hour)
    {
        var time = ManualClock.Start + (hour * Hour);
        return Eventually.HoldsAsync($"the round of {time:O} is in the store", () => LastRound >= time);
    }

    /// <summary>Stops the loop if the test did not.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        _seen.Dispose();
        await Swift.DisposeAsync();
    }

    private async Task RunAsync(Cluster cluster, CancellationToken stopping)
    {
        using (cluster)
        {
            using var store = SampleStore.Open(_options.StorePath);
            using var log = Log.Open();
            await RunAsync(_options, cluster, store, log, Clock, stopping);
        }
    }

    /// <summary>The loop alone, with its log.</summary>
    public static Task RunAsync(ConsometerOptions options, Cluster cluster, SampleStore store, ILogger log, TimeProvider clock, CancellationToken stopping) =>
        new RoundLoop(options, cluster, store, new Heartbeat(Hour, clock), new RoundLog(log).Tell, log, clock).RunAsync(CancellationToken.None, stopping);
}
