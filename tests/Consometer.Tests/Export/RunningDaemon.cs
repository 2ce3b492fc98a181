using System.Text;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Delivery.Formats;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;
using Consometer.Simulation;
using Consometer.Status;
using Consometer.Tests.Daemon;
using Consometer.Tests.Delivery;
using Consometer.Tests.Simulation;
using Microsoft.AspNetCore.Http;

namespace Consometer.Tests.Export;

/// <summary>The daemon over a simulated cluster, with a period of an hour, on a clock that only the test moves.</summary>
internal sealed class RunningDaemon : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly LogDesk _logs;
    private ConfiguredDaemon? _daemon;
    private Task _running = Task.CompletedTask;

    private RunningDaemon(RunningCluster swift, ManualClock clock, ConsometerOptions options)
    {
        Swift = swift;
        Clock = clock;
        _logs = new LogDesk(clock);
        Options = options;
    }

    public ConsometerOptions Options { get; }

    public ManualClock Clock { get; }

    public RememberedLog Log { get; } = new();

    public RunningCluster Swift { get; }

    /// <summary>The report of the round that ended last.</summary>
    public string LastReport => StoredRows.Read(Options.StorePath, "SELECT report FROM round WHERE report IS NOT NULL ORDER BY id DESC LIMIT 1")[0];

    /// <param name="plan">The cluster to meter.</param>
    /// <param name="change">What is not as in <see cref="ConfiguredCluster"/>.</param>
    /// <param name="prepare">What to do to the cluster before the daemon begins.</param>
    public static async Task<RunningDaemon> StartAsync(
        SimulationPlan plan, Func<ConsometerOptions, ConsometerOptions>? change = null, Action<RunningCluster>? prepare = null)
    {
        var clock = new ManualClock();
        var swift = await RunningCluster.StartAsync(plan, clock);
        prepare?.Invoke(swift);
        var options = ConfiguredCluster.Options(swift.Cluster);
        var running = new RunningDaemon(swift, clock, change?.Invoke(options) ?? options);
        running.Start();
        return running;
    }

    /// <summary>Delivery in both formats to a broker that is not there.</summary>
    public static DeliveryOptions NoBroker() => new(
        new BrokerOptions
        {
            Hosts = [new BrokerHost("127.0.0.1", ScriptedServer.ClosedPort())],
            User = "guest",
            Password = "guest",
            VirtualHost = "/",
            Tls = null,
            Heartbeat = TimeSpan.FromSeconds(30),
            Window = 10,
        },
        [
            new Publication(new ConsometerFormat(), 200, new Destination("exchange", "key", Queue: null, Durability: null)),
            new Publication(new CeilometerFormat("", TimeProvider.System), 50, new Destination("ceilometer", "key", Queue: null, Durability: null)),
        ]);

    public void Start()
    {
        _daemon = ConfiguredDaemon.Open(Options, Log.Open(), () => SampleStore.Open(Options.StorePath), _logs, new RecentTrouble(), Clock);
        _running = _daemon.RunAsync(_stop.Token);
    }

    /// <summary>One configuration gives way to the same again, as after SIGHUP.</summary>
    public async Task RestartAsync()
    {
        var old = _daemon!;
        var running = _running;
        _daemon = ConfiguredDaemon.Open(Options, Log.Open(), () => SampleStore.Open(Options.StorePath), _logs, new RecentTrouble(), Clock);
        old.Retire();
        await running;
        old.Dispose();
        _running = _daemon.RunAsync(_stop.Token);
    }

    public async Task<ScrapedPage> ScrapeAsync()
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Request = { Method = HttpMethods.Get, Path = StatusPaths.Metrics }, Response = { Body = body } };
        await _daemon!.Site.AnswerAsync(context);
        Assert.Equal(StatusCodes.Status200OK, context.Response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", context.Response.ContentType);
        return new ScrapedPage(Encoding.UTF8.GetString(body.ToArray()));
    }

    /// <summary>Until so many rounds have ended and the loop waits for the next.</summary>
    public async Task RoundsEndedAsync(int rounds = 1)
    {
        await Eventually.HoldsAsync($"{rounds} rounds", () => StoredRows.Read(Options.StorePath, "SELECT id FROM round WHERE report IS NOT NULL").Count >= rounds);
        await Eventually.HoldsAsync("the loop waits", () => Clock.IsWaitedFor(TimeSpan.FromHours(1)) || Clock.IsWaitedFor(TimeSpan.FromMinutes(1)));
    }

    /// <summary>Until an interval of requests is complete, however long that takes by the clock.</summary>
    public Task IntervalEndedAsync() => Eventually.HoldsAsync("an interval is complete", () =>
    {
        Clock.Advance(TimeSpan.FromSeconds(1));
        return StoredRows.Read(Options.StorePath, "SELECT id FROM round WHERE state = 'interval'").Count > 0;
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _daemon!.Dispose();
        _logs.Dispose();
        _stop.Dispose();
        await Swift.DisposeAsync();
    }
}
