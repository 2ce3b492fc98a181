using Consometer.Rings;
using Consometer.Simulation;
using Consometer.Tests.Simulation;

namespace Consometer.Tests.Daemon;

/// <summary>Whole rounds through the proxy, beside rounds at the account-servers: the same samples, but for what must differ.</summary>
public sealed class StrategyTests
{
    private static readonly SimulatedUsage Usage = new([new SimulatedPolicyUsage("gold", 2, 3, 1000), new SimulatedPolicyUsage("silver", 1, 0, 0)]);
    private static readonly string[] OddIds = ["projekt büro", "bu\u0308ro", "漢字", "😀", "a%20b", "100%", "a+b&c=d", "a?b#c", "quote'\"", "a:b;c,d", "~tilde.", "UPPER"];

    [Fact]
    public async Task Proxy_and_direct_make_the_same_samples_of_every_kind_of_account()
    {
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 200, AbsentShare = 0.1, DeletedShare = 0.1 });
        var cluster = running.Cluster;
        foreach (var id in OddIds)
        {
            PutOn(cluster, id, replicas: 3);
        }

        // On a rebuilt disk it is missing; moved, it is only where it is on its way to.
        PutOn(cluster, "rebuilt", replicas: 2);
        cluster.Put("AUTH_moving", cluster.Locate("AUTH_moving").Handoffs().First(), Usage);
        PutOn(cluster, "empty", replicas: 3, SimulatedUsage.Nothing);
        string[] projects = [.. cluster.Accounts.Select(account => account.ProjectId), .. OddIds, "rebuilt", "moving", "empty", "never made", "nie büro"];

        var direct = await ProxiedCluster.RoundAsync(ProxiedCluster.Options(cluster, "direct").Whole(), projects: projects);
        var auto = await ProxiedCluster.RoundAsync(ProxiedCluster.Options(cluster, "auto").Whole(), projects: projects);
        Assert.Empty(cluster.Proxy.Asked);
        var proxy = await ProxiedCluster.RoundAsync(ProxiedCluster.Options(cluster, "proxy").Whole(), projects: projects);

        Assert.Equal(direct.Samples, proxy.Samples);
        Assert.Equal(direct.Samples, auto.Samples);
        Assert.All([direct.Report, proxy.Report, auto.Report], report => Assert.Equal((projects.Length, 0, 0), (report.Accounts, report.Unknown, report.Unlisted)));
        Assert.Equal((direct.Report.Absent, direct.Report.Deleted), (proxy.Report.Absent, proxy.Report.Deleted));
        Assert.InRange(direct.Report.Deleted, 5, 50);
        Assert.InRange(direct.Report.Absent, 5, 50);
        Assert.Equal((0, proxy.Report.Measured, 0), (direct.Report.ByProxy, proxy.Report.ByProxy, auto.Report.ByProxy));
        Assert.Equal($"127.0.0.1:{cluster.Proxy.Uri.Port}", Assert.Single(proxy.Report.Nodes).Node);
    }

    [Fact]
    public async Task Where_nothing_is_said_of_rings_the_proxy_is_asked_and_no_ring_is_needed()
    {
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 30 });
        File.Delete(running.Cluster.RingPath);
        File.Delete(running.Cluster.SwiftConfPath);

        var round = await ProxiedCluster.RoundAsync(ProxiedCluster.Options(running.Cluster, strategy: null));

        Assert.Equal((30, 0), (round.Report.Accounts, round.Report.Unknown));
    }

    /// <summary>The proxy takes any primary's 404, the direct rule takes what is known: deleted.</summary>
    [Fact]
    public async Task It_must_differ_where_a_deleted_account_is_missing_on_a_primary()
    {
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 1 });
        var cluster = running.Cluster;
        foreach (var device in cluster.Locate("AUTH_half gone").Primaries().Take(2))
        {
            cluster.Delete("AUTH_half gone", device);
        }

        string[] projects = ["half gone"];
        Assert.Equal(1, (await ProxiedCluster.RoundAsync(ProxiedCluster.Options(cluster, "direct"), projects: projects)).Report.Deleted);
        var words = new HashSet<string>();
        for (var i = 0; i < 12; i++)
        {
            var report = (await ProxiedCluster.RoundAsync(ProxiedCluster.Options(cluster, "proxy"), projects: projects)).Report;
            words.Add($"{report.Deleted} deleted, {report.Absent} absent");
        }

        Assert.Equal(["0 deleted, 1 absent", "1 deleted, 0 absent"], words.Order());
    }

    /// <summary>The proxy passes over a primary that cannot tell, and every handoff; the direct rule calls that unknown, and so does auto.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task It_must_differ_where_a_server_that_might_have_it_cannot_tell(int replica)
    {
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 1, Nodes = 6, DevicesPerNode = 1 });
        var cluster = running.Cluster;
        var placement = cluster.Locate("AUTH_never");
        var device = placement.Primaries().Concat(placement.Handoffs()).ElementAt(replica);
        cluster.Nodes.Single(node => node.Port == device.Port).Fault = NodeFault.Status(507);
        string[] projects = ["never"];

        var direct = await ProxiedCluster.RoundAsync(ProxiedCluster.Options(cluster, "direct"), projects: projects);
        var proxy = await ProxiedCluster.RoundAsync(ProxiedCluster.Options(cluster, "proxy"), projects: projects);
        var auto = await ProxiedCluster.RoundAsync(ProxiedCluster.Options(cluster, "auto"), projects: projects);

        Assert.Equal((1, 1, 1), (direct.Report.UnknownByReason["unmounted"], proxy.Report.Absent, auto.Report.UnknownByReason["unmounted"]));
        Assert.Empty(direct.Samples.Concat(auto.Samples));
        Assert.EndsWith(", proxy absent", auto.Unknown["AUTH_never"], StringComparison.Ordinal);
    }

    /// <summary>Without swift.conf and without <c>/info</c> nobody tells what case a policy's name has.</summary>
    [Fact]
    public async Task It_must_differ_in_the_case_of_policies_where_the_proxy_does_not_tell_their_names()
    {
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 1 });
        var cluster = running.Cluster;
        PutOn(cluster, "a", replicas: 3);
        cluster.Proxy.ExposesInfo = false;
        string[] projects = ["a"];

        var direct = await ProxiedCluster.RoundAsync(ProxiedCluster.Options(cluster, "direct").Whole(), projects: projects);
        var proxy = await ProxiedCluster.RoundAsync(ProxiedCluster.Options(cluster, "proxy").Whole(), projects: projects);

        Assert.Equal(["a/Gold", "a/Silver"], Policies(proxy));
        Assert.Equal(["a/gold", "a/silver"], Policies(direct));

        static IEnumerable<string> Policies(MadeRound round) =>
            round.Samples.Where(sample => sample.Contains(" storage.policies.", StringComparison.Ordinal)).Select(sample => sample.Split(' ')[0]).Distinct();
    }

    /// <summary>A round of 300 accounts that takes two minutes by a clock that every request moves on, with tokens of five seconds.</summary>
    [Fact]
    public async Task Tokens_that_end_every_few_seconds_cost_no_account()
    {
        var clock = new ManualClock();
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 300, AbsentShare = 0, DeletedShare = 0, TokenLifetime = TimeSpan.FromSeconds(5) }, clock);
        var cluster = running.Cluster;
        var options = ProxiedCluster.Options(cluster, "proxy", "workers: 2");
        cluster.Proxy.Fault = NodeFault.Scripted(_ =>
        {
            clock.Advance(TimeSpan.FromSeconds(0.4));
            return NodeFault.None;
        });

        var round = await ProxiedCluster.RoundAsync(options, clock);

        Assert.Equal((300, 300), (round.Report.Accounts, round.Report.Measured));
        Assert.InRange(cluster.KeystoneTokens, 20, 100);
    }

    [Fact]
    public async Task Tokens_that_are_revoked_in_mid_round_cost_no_account()
    {
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 300, AbsentShare = 0, DeletedShare = 0 });
        var cluster = running.Cluster;
        var options = ProxiedCluster.Options(cluster, "proxy", "workers: 4");
        cluster.Proxy.Fault = NodeFault.Scripted(request =>
        {
            if (request % 50 == 0)
            {
                cluster.RevokeKeystoneTokens();
            }

            return NodeFault.None;
        });

        Assert.Equal(300, (await ProxiedCluster.RoundAsync(options)).Report.Measured);
        Assert.InRange(cluster.KeystoneTokens, 6, 10);
    }

    [Fact]
    public async Task A_proxy_that_fails_now_and_then_costs_no_account()
    {
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 100, AbsentShare = 0, DeletedShare = 0 });
        var options = ProxiedCluster.Options(running.Cluster, "proxy", "workers: 1");
        running.Cluster.Proxy.Fault = NodeFault.Scripted(request => (request % 9) switch
        {
            2 => NodeFault.Status(503),
            5 => NodeFault.Refuses,
            8 => NodeFault.Slow(TimeSpan.FromMilliseconds(20)),
            _ => NodeFault.None,
        });

        Assert.Equal(100, (await ProxiedCluster.RoundAsync(options)).Report.Measured);
    }

    [Fact]
    public async Task A_user_whom_the_proxy_refuses_is_told_what_role_is_missing()
    {
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 30 });
        var cluster = running.Cluster;
        var options = ProxiedCluster.Options(cluster, "proxy", scope: ProxiedCluster.Scope(cluster.KeystoneUser, cluster.KeystonePassword, "system_scope: all"));

        var refused = await ProxiedCluster.RoundAsync(options);

        Assert.Equal((30, 30, false), (refused.Report.Accounts, refused.Report.UnknownByReason["forbidden"], refused.Report.IsComplete));
        Assert.All(refused.Unknown.Values, said => Assert.Equal("proxy forbidden", said));
        Assert.Contains("system_reader_roles", Consometer.Daemon.ReportText.Advice(refused.Report), StringComparison.Ordinal);

        cluster.Proxy.SystemReaderRoles = ["reader"];
        Assert.Equal(0, (await ProxiedCluster.RoundAsync(options)).Report.Unknown);
    }

    [Fact]
    public async Task Projects_that_the_proxy_knows_nothing_of_are_no_round()
    {
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 30, AbsentShare = 0 });

        var round = await ProxiedCluster.RoundAsync(ProxiedCluster.Options(running.Cluster, "proxy", "swift: { reseller_prefix: OTHER }"));

        Assert.Contains("the reseller prefix is not this cluster's, or the proxy is another region's", round.Report.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proxy")]
    [InlineData("auto")]
    public async Task What_the_operator_must_mend_comes_out_as_it_is(string strategy)
    {
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 1 });
        var options = ProxiedCluster.Options(running.Cluster, strategy, "projects: { source: file, file: none.txt }");

        var error = await Assert.ThrowsAsync<InputFileException>(() => ProxiedCluster.RoundAsync(options));

        Assert.Contains("none.txt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_round_whose_time_is_over_leaves_the_rest_for_the_next()
    {
        var clock = new ManualClock();
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 40, AbsentShare = 0, DeletedShare = 0 }, clock);
        var options = ProxiedCluster.Options(running.Cluster, "proxy", "workers: 2");
        running.Cluster.Proxy.Fault = NodeFault.Scripted(request =>
        {
            if (request == 20)
            {
                clock.Advance(options.PollingTime);
            }

            return NodeFault.None;
        });

        var report = (await ProxiedCluster.RoundAsync(options with { Swift = options.Swift with { Servers = options.Swift.Servers with { NodeTimeout = TimeSpan.FromHours(2) } } }, clock)).Report;

        Assert.Equal(40, report.Measured + report.UnknownByReason["out_of_time"]);
        Assert.InRange(report.Measured, 18, 21);
    }

    private static void PutOn(SimulatedCluster cluster, string projectId, int replicas, SimulatedUsage? usage = null)
    {
        foreach (var device in cluster.Locate("AUTH_" + projectId).Primaries().Take(replicas))
        {
            cluster.Put("AUTH_" + projectId, device, usage ?? Usage);
        }
    }
}
