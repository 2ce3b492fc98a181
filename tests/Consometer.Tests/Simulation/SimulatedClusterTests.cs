using Consometer.Rings;
using Consometer.Simulation;

namespace Consometer.Tests.Simulation;

public sealed class SimulatedClusterTests
{
    [Fact]
    public async Task The_same_seed_makes_the_same_cluster_but_for_its_ports()
    {
        await using var one = await RunningCluster.StartAsync(new SimulationPlan());
        await using var same = await RunningCluster.StartAsync(new SimulationPlan());
        await using var other = await RunningCluster.StartAsync(new SimulationPlan { Seed = 2 });

        Assert.Equal(Describe(one.Cluster), Describe(same.Cluster));
        Assert.NotEqual(Describe(one.Cluster), Describe(other.Cluster));
    }

    [Fact]
    public async Task Devices_stand_in_as_many_zones_as_planned_on_nodes_with_ports_of_their_own()
    {
        var plan = new SimulationPlan { Nodes = 5, Zones = 2, DevicesPerNode = 3, Accounts = 0 };
        await using var running = await RunningCluster.StartAsync(plan);
        var cluster = running.Cluster;

        Assert.Equal(6, cluster.Nodes.Select(node => node.Port).Append(cluster.KeystoneUri.Port).Distinct().Count());
        Assert.Equal(cluster.Nodes.SelectMany(node => node.Devices), cluster.Ring.Devices);
        Assert.Equal(2, cluster.Ring.Devices.Select(device => device!.Zone).Distinct().Count());
        Assert.All(cluster.Nodes, node => Assert.All(node.Devices, device => Assert.Equal((node.Ip, node.Port), (device.Ip, device.Port))));
    }

    [Fact]
    public async Task The_written_files_locate_accounts_even_with_percent_signs_in_the_hash_prefix()
    {
        var plan = new SimulationPlan { Accounts = 1, HashPrefix = "50% büro", HashSuffix = "" };
        await using var running = await RunningCluster.StartAsync(plan);
        var cluster = running.Cluster;

        var placement = RingFile.Load(cluster.RingPath).Table.Locate(new HashPath("50% büro", "").Hash("AUTH_test"));

        Assert.Equal(cluster.Locate("AUTH_test").Primaries(), placement.Primaries());
        Assert.Equal(new HashPath("50% büro", "").Hash("AUTH_test"), SwiftConf.Load(cluster.SwiftConfPath).HashPath.Hash("AUTH_test"));
    }

    /// <summary>Goal: usage as billing meets it. Method: so many accounts that the shares come near what the plan says.</summary>
    [Fact]
    public async Task Accounts_are_mostly_small_sometimes_empty_and_rarely_huge()
    {
        var plan = new SimulationPlan { Accounts = 5000, AbsentShare = 0.1, DeletedShare = 0.05 };
        await using var running = await RunningCluster.StartAsync(plan);
        var accounts = running.Cluster.Accounts;
        var stored = accounts.Where(account => account.Kind == SimulatedAccountKind.Stored).ToArray();

        Assert.Equal(5000, accounts.Select(account => account.ProjectId).Distinct().Count());
        Assert.All(accounts, account => Assert.Matches("^[0-9a-f]{32}$", account.ProjectId));
        Assert.InRange(accounts.Count(account => account.Kind == SimulatedAccountKind.Absent), 400, 600);
        Assert.InRange(accounts.Count(account => account.Kind == SimulatedAccountKind.Deleted), 180, 320);
        Assert.InRange(accounts.Count(account => !account.Enabled), 20, 90);
        Assert.InRange(stored.Count(account => account.Bytes == 0), 300, 800);
        Assert.InRange(stored.Count(account => account.Bytes > 1L << 40), 40, 250);
        Assert.True(stored.Select(account => account.Bytes).Order().ElementAt(stored.Length / 2) < 10 << 20);
        Assert.All(stored, account => Assert.InRange(account.Containers, 0, 40));
        Assert.All(stored, account => Assert.InRange(account.Objects, 0, 1 << 28));
        Assert.All(stored.SelectMany(account => account.Usage.Policies), policy =>
        {
            Assert.True(policy.Containers > 0);
            Assert.True(policy.Objects >= 0 && policy.Bytes >= 0);
            Assert.True(policy.Objects > 0 || policy.Bytes == 0);
        });
        Assert.Contains(stored, account => account.Usage.Policies.Count == 2);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 5)]
    public async Task A_plan_that_makes_no_cluster_is_refused(int nodes, int replicas) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SimulatedCluster.StartAsync(
            new SimulationPlan { Nodes = nodes, Replicas = replicas }, Path.GetTempPath(), TestContext.Current.CancellationToken));

    private static string Describe(SimulatedCluster cluster)
    {
        var placements = Enumerable.Range(0, cluster.Ring.Partitions)
            .Select(partition => string.Join(',', new Placement(cluster.Ring, (uint)partition).Primaries().Select(device => device.Id)));
        var accounts = cluster.Accounts.Select(
            account => $"{account with { Usage = SimulatedUsage.Nothing }} {string.Join(' ', account.Usage.Policies)}");
        return string.Join('\n', [.. placements, .. accounts, cluster.KeystonePassword, File.ReadAllText(cluster.SwiftConfPath)]);
    }
}
