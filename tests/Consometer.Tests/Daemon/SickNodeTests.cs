using Consometer.Daemon;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Rounds;
using Consometer.Metering.Samples;
using Consometer.Simulation;
using Consometer.Tests.Simulation;

namespace Consometer.Tests.Daemon;

/// <summary>Whole rounds over the simulation: ring, Keystone, lanes, rule, meters and store together.</summary>
public sealed class SickNodeTests
{
    private static readonly RoundTime Time = RoundTime.At(DateTimeOffset.UnixEpoch, TimeSpan.FromHours(1));

    public static TheoryData<string> Faults() => ["none", "refuses", "hangs", "404", "500", "507", "529"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task One_sick_node_costs_no_account_that_is_stored(string fault)
    {
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 120, AbsentShare = 0 });
        running.Cluster.Nodes[2].Fault = FaultOf(fault);

        var (report, samples) = await RoundAsync(running.Cluster);

        Assert.Equal(0, report.Unknown);
        Assert.Equal(Truth(running.Cluster), samples);
    }

    /// <summary>An absent account needs every node's word. A hung node is waited for once by those that ask it at the same time, and no more.</summary>
    [Fact]
    public async Task A_hung_node_is_set_aside_and_the_accounts_that_need_it_are_unknown_at_once()
    {
        const int WorkersPerNode = 4;
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 200, AbsentShare = 0.5 });
        running.Cluster.Nodes[1].Fault = NodeFault.Hangs;

        var (report, samples) = await RoundAsync(running.Cluster);

        Assert.InRange(running.Cluster.Nodes[1].Requests, 2, WorkersPerNode);
        Assert.True(report.Unknown > 2 * WorkersPerNode);
        Assert.Equal(1, report.Nodes.Sum(node => node.TimesSetAside));
        Assert.Equal("timed_out", Assert.Single(report.UnknownByReason).Key);
        Assert.Equal(Truth(running.Cluster), samples);
    }

    /// <summary>A server that says it is asked too often is asked when there is nobody else to ask, and less and less.</summary>
    [Fact]
    public async Task A_node_that_is_asked_too_often_is_hardly_asked()
    {
        const int FewMax = 30;
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 200, AbsentShare = 0, DeletedShare = 0 });
        running.Cluster.Nodes[1].Fault = NodeFault.Status(529);

        var (report, samples) = await RoundAsync(running.Cluster);

        Assert.InRange(running.Cluster.Nodes[1].Requests, 1, FewMax);
        Assert.Equal(200, report.Measured);
        Assert.Equal(Truth(running.Cluster), samples);
    }

    [Fact]
    public async Task With_every_node_sick_every_account_is_unknown_and_none_has_a_sample()
    {
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 20 });
        foreach (var node in running.Cluster.Nodes)
        {
            node.Fault = NodeFault.Status(507);
        }

        var (report, samples) = await RoundAsync(running.Cluster);

        Assert.Equal((20, 20, 0), (report.Accounts, report.Unknown, report.Samples));
        Assert.Equal("unmounted", Assert.Single(report.UnknownByReason).Key);
        Assert.Empty(samples);
    }

    [Fact]
    public async Task An_account_that_only_a_handoff_has_is_measured()
    {
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 20, AbsentShare = 0, DeletedShare = 0 });
        foreach (var account in running.Cluster.Accounts)
        {
            var placement = running.Cluster.Locate(account.Account);
            foreach (var device in placement.Primaries())
            {
                running.Cluster.Remove(account.Account, device);
            }

            running.Cluster.Put(account.Account, placement.Handoffs().ElementAt(2), account.Usage);
        }

        var (report, samples) = await RoundAsync(running.Cluster);

        Assert.Equal(20, report.Measured);
        Assert.Equal(Truth(running.Cluster), samples);
    }

    [Fact]
    public async Task A_cluster_where_every_account_is_absent_makes_no_sample_and_says_what_it_looks_like()
    {
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 12, AbsentShare = 1, DeletedShare = 0 });

        var (report, samples) = await RoundAsync(running.Cluster);

        Assert.Contains("hash prefix", report.Failure, StringComparison.Ordinal);
        Assert.Empty(samples);
    }

    private static NodeFault FaultOf(string fault) => fault switch
    {
        "none" => NodeFault.None,
        "refuses" => NodeFault.Refuses,
        "hangs" => NodeFault.Hangs,
        _ => NodeFault.Status(int.Parse(fault, System.Globalization.CultureInfo.InvariantCulture)),
    };

    private static async Task<(RoundReport Report, SortedDictionary<string, long> Samples)> RoundAsync(SimulatedCluster simulated)
    {
        var stopping = TestContext.Current.CancellationToken;
        var options = ConfiguredCluster.Options(simulated, nodeTimeout: "200ms");
        using var cluster = Cluster.Open(options, TimeProvider.System);
        using var store = SampleStore.OpenTemporary();
        using var entry = store.BeginRound(Time, options.Region);
        var report = await StoredRound.RunAsync(cluster, entry, cluster.AccountsAsync(new HashSet<string>(), known: null, stopping), progress: null, stopping);
        return (report, Keyed(entry.Samples()));
    }

    private static SortedDictionary<string, long> Truth(SimulatedCluster cluster)
    {
        var truth = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var account in cluster.Accounts.Where(account => account.Kind == SimulatedAccountKind.Stored))
        {
            truth.Add($"{account.ProjectId} storage.objects", account.Objects);
            truth.Add($"{account.ProjectId} storage.objects.size", account.Bytes);
            truth.Add($"{account.ProjectId} storage.objects.containers", account.Containers);
        }

        return truth;
    }

    private static SortedDictionary<string, long> Keyed(IEnumerable<Sample> samples) =>
        new(samples.ToDictionary(sample => $"{sample.ResourceId} {sample.Meter.Name}", sample => sample.Volume), StringComparer.Ordinal);
}
