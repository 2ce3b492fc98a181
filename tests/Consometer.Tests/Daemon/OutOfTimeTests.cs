using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Delivery.Store;

namespace Consometer.Tests.Daemon;

/// <summary>Rounds that end before all accounts were asked, on a clock that only the test moves: one server, asked for one account after the other.</summary>
public sealed class OutOfTimeTests : IAsyncDisposable
{
    private const int SafetyNet = 60_000;
    private const int Projects = 20;
    private const int InTime = 5;
    private const string Region = "RegionOne";

    /// <summary>The default share of an hour.</summary>
    private static readonly TimeSpan PollingTime = TimeSpan.FromMinutes(48);

    private readonly TempFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly ScriptedServer _server;
    private int _answersLeft = InTime;

    public OutOfTimeTests() =>
        _server = ScriptedServer.Start(_ => Interlocked.Decrement(ref _answersLeft) >= 0 ? Reply.Recorded("swift-2.38", "account-head-204.http") : Reply.Hang);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>The server hangs after a few answers, and has an hour for each; in the next hour it is well.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task Accounts_that_a_round_had_no_time_for_come_first_in_the_next()
    {
        var options = Configure("node_timeout: 1h");
        using var stop = new CancellationTokenSource();
        using var store = SampleStore.Open(options.StorePath);
        using var log = new RememberedLog().Open();
        using var cluster = Cluster.Open(options, _clock);
        var running = RunningLoop.RunAsync(options, cluster, store, log, _clock, stop.Token);
        using var seen = SampleStore.Open(options.StorePath);

        await Eventually.HoldsAsync("the server hangs", () => _server.Requests.Count == InTime + 1);
        _clock.Advance(PollingTime);
        await Eventually.HoldsAsync("the first round is in the store", () => seen.LastRound(Region) == ManualClock.Start);
        var late = seen.OutOfTime(Region);
        Assert.Equal(Projects - InTime, late.Count);

        Volatile.Write(ref _answersLeft, int.MaxValue);
        var before = _server.Requests.Count;
        await Eventually.HoldsAsync("the loop waits for the next hour", () => _clock.IsWaitedFor(TimeSpan.FromHours(1) - PollingTime));
        _clock.Advance(TimeSpan.FromHours(1) - PollingTime);
        await Eventually.HoldsAsync("the second round is in the store", () => seen.LastRound(Region) > ManualClock.Start);
        await stop.CancelAsync();
        await running;

        var asked = _server.Requests.Skip(before).Select(request => request.Target.Split('/')[^1]).ToArray();
        Assert.Equal(late.Order(), asked.Take(late.Count).Order());
        Assert.Equal(Projects, asked.Distinct().Count());
        Assert.Empty(seen.OutOfTime(Region));
    }

    /// <summary>With one request in 800 seconds most turns would come long after the polling's end: nobody waits for them.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task Who_waits_for_a_turn_when_the_time_is_over_is_told_at_once()
    {
        _answersLeft = int.MaxValue;
        var options = Configure("requests_per_second: 0.00125");
        using var cluster = Cluster.Open(options, _clock);
        using var store = SampleStore.OpenTemporary();
        var time = Consometer.Metering.RoundTime.At(_clock.GetUtcNow(), options.Period);
        using var entry = store.BeginRound(time, Region);
        var stopping = TestContext.Current.CancellationToken;
        var running = StoredRound.RunAsync(cluster, entry, cluster.AccountsAsync(new HashSet<string>(), known: null, stopping), progress: null, stopping);

        await Eventually.HoldsAsync("the first was asked for and the second waits", () => _clock.IsWaitedFor(TimeSpan.FromSeconds(800)));
        _clock.Advance(PollingTime);
        var report = await running;

        Assert.Equal(("out_of_time", Projects), (Assert.Single(report.UnknownByReason).Key, report.Measured + report.Unknown));
        Assert.InRange(report.Measured, 1, 2);
        Assert.Equal(PollingTime.TotalSeconds, report.Seconds, 3);
    }

    /// <summary>One replica on the one server, which is asked once at a time: requests come in the order in which accounts are dealt.</summary>
    private ConsometerOptions Configure(string swift)
    {
        _folder.Write("account.ring.gz", TestRing.Bytes(1, TestRing.DeviceAt(0, _server.Port)));
        _folder.Write("swift.conf", "[swift-hash]\nswift_hash_path_suffix = test\n");
        _folder.Write("projects", string.Concat(Enumerable.Range(0, Projects).Select(i => $"p{i:00}\n")));
        return ConfigurationFile.Load(
            _folder.Write(
                "consometer.yaml",
                $$"""
                swift: { dir: ., conf: swift.conf, workers_per_node: 1, conn_timeout: 1h, {{swift}} }
                projects: { source: file, file: projects }
                store: { path: consometer.db }
                """),
            _ => null);
    }
}
