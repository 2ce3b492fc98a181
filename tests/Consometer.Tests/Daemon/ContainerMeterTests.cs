using Consometer.Daemon;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Samples;
using Consometer.Simulation;
using Consometer.Tests.Simulation;

namespace Consometer.Tests.Daemon;

/// <summary>Whole rounds with every meter on: each account, each storage policy in it, each container.</summary>
public sealed class ContainerMeterTests
{
    private static readonly RoundTime Time = RoundTime.At(DateTimeOffset.UnixEpoch, TimeSpan.FromHours(1));

    [Theory]
    [InlineData(0)]
    [InlineData(507)]
    public async Task Every_policy_and_every_container_has_its_figures_though_a_node_is_sick(int status)
    {
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 40, AbsentShare = 0 });
        running.Cluster.Nodes[1].Fault = status == 0 ? NodeFault.None : NodeFault.Status(status);

        var samples = await RoundAsync(running.Cluster);

        Assert.Equal(Truth(running.Cluster), samples);
    }

    /// <summary>Twelve pages: the listing goes on after each, and a page is all of it that is in memory.</summary>
    [Fact]
    public async Task An_account_of_a_hundred_thousand_containers_is_listed_to_the_end()
    {
        const int Containers = 110_000;
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 1, AbsentShare = 0, DeletedShare = 0 });
        var account = Assert.Single(running.Cluster.Accounts);
        var usage = new SimulatedUsage([new SimulatedPolicyUsage("gold", Containers, Containers, Containers)]);
        foreach (var device in running.Cluster.Locate(account.Account).Primaries())
        {
            running.Cluster.Put(account.Account, device, usage);
        }

        var samples = await RoundAsync(running.Cluster);

        var listed = samples.Where(sample => sample.Key.EndsWith(" storage.containers.objects", StringComparison.Ordinal)).ToArray();
        Assert.Equal((Containers, Containers), (listed.Length, listed.Sum(sample => sample.Value)));
    }

    private static async Task<SortedDictionary<string, long>> RoundAsync(SimulatedCluster simulated)
    {
        var stopping = TestContext.Current.CancellationToken;
        var options = ConfiguredCluster.Options(simulated) with { Meters = MeterCatalogue.All };
        using var cluster = Cluster.Open(options, TimeProvider.System);
        using var store = SampleStore.OpenTemporary();
        using var entry = store.BeginRound(Time, options.Region);
        var report = await StoredRound.RunAsync(cluster, entry, cluster.AccountsAsync(new HashSet<string>(), known: null, stopping), progress: null, stopping);
        Assert.Equal((0, 0), (report.Unknown, report.Unlisted));
        return new(entry.Samples().ToDictionary(sample => $"{sample.ResourceId} {sample.StoragePolicy} {sample.Meter.Name}", sample => sample.Volume), StringComparer.Ordinal);
    }

    private static SortedDictionary<string, long> Truth(SimulatedCluster cluster)
    {
        var truth = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var account in cluster.Accounts.Where(account => account.Kind == SimulatedAccountKind.Stored))
        {
            truth.Add($"{account.ProjectId}  storage.objects", account.Objects);
            truth.Add($"{account.ProjectId}  storage.objects.size", account.Bytes);
            truth.Add($"{account.ProjectId}  storage.objects.containers", account.Containers);
            foreach (var policy in account.Usage.Policies)
            {
                truth.Add($"{account.ProjectId}/{policy.Policy} {policy.Policy} storage.policies.objects", policy.Objects);
                truth.Add($"{account.ProjectId}/{policy.Policy} {policy.Policy} storage.policies.objects.size", policy.Bytes);
                truth.Add($"{account.ProjectId}/{policy.Policy} {policy.Policy} storage.policies.containers", policy.Containers);
            }

            foreach (var container in cluster.ContainersOf(account.Account, account.Usage))
            {
                truth.Add($"{account.ProjectId}/{container.Name} {container.Policy} storage.containers.objects", container.Objects);
                truth.Add($"{account.ProjectId}/{container.Name} {container.Policy} storage.containers.objects.size", container.Bytes);
            }
        }

        return truth;
    }
}
