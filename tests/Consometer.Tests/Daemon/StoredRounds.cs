using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Rounds;
using Consometer.Metering.Samples;
using Consometer.Simulation;
using Consometer.Tests.Delivery;
using Consometer.Tests.Simulation;

namespace Consometer.Tests.Daemon;

/// <summary>A round and what is in the store of it.</summary>
internal sealed record StoredResult(RoundReport Report, IReadOnlyList<Sample> Samples, IReadOnlyList<AccountRemark> Orphans)
{
    public IEnumerable<string> Resources => Samples.Select(sample => sample.ResourceId).Distinct();
}

/// <summary>
/// Rounds over a simulated cluster into one store, on a clock that only the test moves. Each is by a program that has just been started:
/// what it knows of the round before is in the store.
/// </summary>
internal sealed class StoredRounds : IAsyncDisposable
{
    private readonly RunningCluster _swift;

    private StoredRounds(RunningCluster swift, ManualClock clock)
    {
        _swift = swift;
        Clock = clock;
        Options = ConfiguredCluster.Options(swift.Cluster);
    }

    public ManualClock Clock { get; }

    public SimulatedCluster Swift => _swift.Cluster;

    /// <summary>The configuration of the rounds to come.</summary>
    public ConsometerOptions Options { get; set; }

    /// <summary>What reached the account-servers so far.</summary>
    public long Requests => _swift.Requests;

    /// <summary>The projects that are remembered though Keystone lists them no more.</summary>
    public IReadOnlyList<string> Remembered => StoredRows.Read(Options.StorePath, "SELECT project_id FROM project WHERE last_listed IS NOT NULL ORDER BY project_id");

    public static async Task<StoredRounds> StartAsync(SimulationPlan plan)
    {
        var clock = new ManualClock();
        return new StoredRounds(await RunningCluster.StartAsync(plan, clock), clock);
    }

    /// <summary>A round of the hour that it is; then the next hour begins.</summary>
    public async Task<StoredResult> RoundAsync()
    {
        var stopping = TestContext.Current.CancellationToken;
        using var cluster = Cluster.Open(Options, Clock);
        using var store = SampleStore.Open(Options.StorePath);
        using var entry = StoredRound.Begin(store, Options, new NewRound(RoundTime.At(Clock.GetUtcNow(), Options.Period), Options.Region), Clock);
        var report = await StoredRound.RunAsync(
            cluster, entry, cluster.AccountsAsync(store.OutOfTime(Options.Region), StoredRound.ProjectsIn(store, Options), stopping), progress: null, stopping);
        Clock.Advance(TimeSpan.FromHours(1));
        return new StoredResult(report, [.. entry.Samples()], [.. entry.Orphans()]);
    }

    /// <summary>Lets an account be gone from every device.</summary>
    public void RemoveAccount(string account)
    {
        foreach (var device in Swift.Locate(account).Primaries())
        {
            Swift.Remove(account, device);
        }
    }

    public ValueTask DisposeAsync() => _swift.DisposeAsync();
}
