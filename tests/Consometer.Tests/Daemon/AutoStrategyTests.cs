using Consometer.Configuration;
using Consometer.Simulation;
using Consometer.Tests.Simulation;

namespace Consometer.Tests.Daemon;

/// <summary><c>strategy: auto</c>: the proxy is asked for the accounts that the account-servers leave unknown, and for no other.</summary>
public sealed class AutoStrategyTests
{
    private static readonly SimulationPlan Plan = new() { Accounts = 200, AbsentShare = 0.1, DeletedShare = 0.1 };

    /// <summary>Three of four servers are out of this host's reach, and not out of the proxy's.</summary>
    [Fact]
    public async Task Only_what_is_unknown_is_asked_of_the_proxy_and_counted_in_the_report()
    {
        await using var running = await RunningCluster.StartAsync(Plan);
        var cluster = running.Cluster;
        var options = ProxiedCluster.Options(cluster, "auto").Whole();
        var truth = await ProxiedCluster.RoundAsync(options);
        foreach (var node in cluster.Nodes.Take(3))
        {
            node.Fault = NodeFault.Towards("consometer", NodeFault.Status(500));
        }

        var alone = await ProxiedCluster.RoundAsync(options with { Strategy = Strategy.Direct });
        var round = await ProxiedCluster.RoundAsync(options);

        var unknown = alone.Unknown.Keys.Order(StringComparer.Ordinal).ToArray();
        Assert.InRange(unknown.Length, 20, 120);
        Assert.Equal(unknown, cluster.Proxy.Asked.Where(asked => asked.StartsWith("HEAD ", StringComparison.Ordinal)).Select(asked => asked[5..]).Order(StringComparer.Ordinal));
        Assert.Equal((alone.Report.Measured, truth.Report.Measured), (round.Report.Measured - round.Report.ByProxy, round.Report.Measured));
        Assert.Equal((truth.Report.Deleted, 200), (round.Report.Deleted, round.Report.Accounts));
        Assert.Equal((0, 0), (alone.Report.Absent, round.Report.Absent));
        Assert.Equal(truth.Report.Absent, round.Report.Unknown);
        Assert.All(round.Unknown.Values, said => Assert.EndsWith(", proxy absent", said, StringComparison.Ordinal));

        // Of the accounts that were never made there is no sample, rather than a zero that nobody vouches for.
        Assert.Equal(truth.Samples.Where(sample => !round.Unknown.ContainsKey("AUTH_" + sample.Split(' ')[0])), round.Samples);
        Assert.Contains(round.Report.Nodes, node => node.Node == $"127.0.0.1:{cluster.Proxy.Uri.Port}" && node.Requests >= unknown.Length);
        Assert.Contains("through the proxy", Consometer.Daemon.ReportText.Outcomes(round.Report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_proxy_an_account_stays_as_unknown_as_it_was()
    {
        await using var running = await RunningCluster.StartAsync(Plan);
        var cluster = running.Cluster;
        var options = ProxiedCluster.Options(cluster, "auto");
        running.SetFaults(NodeFault.Towards("consometer", NodeFault.Status(500)));
        cluster.Proxy.Fault = NodeFault.Refuses;

        var round = await ProxiedCluster.RoundAsync(options);

        Assert.Equal((200, 200), (round.Report.Accounts, round.Report.UnknownByReason["server_error"]));

        // It was set aside after ten failures; a few more were under way.
        var proxy = Assert.Single(round.Report.Nodes, node => node.Node == $"127.0.0.1:{cluster.Proxy.Uri.Port}");
        Assert.InRange(proxy.Requests, 10, 10 + options.Workers);
        Assert.Equal(1, proxy.TimesSetAside);
    }

    [Fact]
    public async Task Where_Keystone_knows_no_proxy_the_round_is_made_all_the_same()
    {
        await using var running = await RunningCluster.StartAsync(Plan);
        var options = ProxiedCluster.Options(running.Cluster, "auto");
        running.Cluster.ObjectStoreUrl = null;
        running.Cluster.Nodes[0].Fault = NodeFault.Status(500);

        var round = await ProxiedCluster.RoundAsync(options);

        Assert.InRange(round.Report.Unknown, 5, 60);
        Assert.All(round.Unknown.Values, said => Assert.EndsWith(", proxy keystone_failed", said, StringComparison.Ordinal));
    }

    /// <summary>What the proxy finds does not prove the hash prefix that every other account was looked for with.</summary>
    [Fact]
    public async Task A_wrong_hash_prefix_is_found_out_though_the_proxy_finds_accounts()
    {
        await using var running = await RunningCluster.StartAsync(Plan with { AbsentShare = 0, DeletedShare = 0 });
        var cluster = running.Cluster;
        var options = ProxiedCluster.Options(cluster, "auto");
        File.WriteAllText(cluster.SwiftConfPath, "[swift-hash]\nswift_hash_path_suffix = wrong\n");
        cluster.Nodes[0].Fault = NodeFault.Scripted(request => request % 10 == 0 ? NodeFault.Towards("consometer", NodeFault.Status(500)) : NodeFault.None);

        var round = await ProxiedCluster.RoundAsync(options);

        Assert.InRange(round.Report.ByProxy, 1, 190);
        Assert.Contains("the hash prefix or suffix or the ring is not this cluster's", round.Report.Failure, StringComparison.Ordinal);
    }
}
