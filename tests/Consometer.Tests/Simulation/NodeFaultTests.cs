using Consometer.Simulation;

namespace Consometer.Tests.Simulation;

public sealed class NodeFaultTests
{
    private static readonly SimulationPlan Small = new() { Accounts = 10 };

    [Fact]
    public async Task A_node_that_refuses_aborts_new_connections_and_open_ones()
    {
        await using var running = await RunningCluster.StartAsync(Small);
        var node = running.Cluster.Nodes[0];
        using var http = new HttpClient();
        Assert.Equal(404, (int)(await HeadAsync(http, node, TestContext.Current.CancellationToken)).StatusCode);

        node.Fault = NodeFault.Refuses;

        await Assert.ThrowsAsync<HttpRequestException>(() => HeadAsync(http, node, TestContext.Current.CancellationToken));
        Assert.Equal("", await RawHttp.TextAsync(node.Port, "HEAD /d1/1/a"));
        Assert.Equal(404, (await RawHttp.HeadAsync(running.Cluster.Nodes[1].Port, "/d1/1/a")).Status);

        node.Fault = NodeFault.None;
        Assert.Equal(404, (await RawHttp.HeadAsync(node.Port, "/d1/1/a")).Status);
    }

    /// <summary>
    /// Goal: a hanging node says nothing for as long as anyone cares to wait. Method: its request is seen to arrive, and is still
    /// open when a later request to another node is through; only the client's own cancel ends it.
    /// </summary>
    [Fact]
    public async Task A_node_that_hangs_takes_the_request_and_never_answers()
    {
        await using var running = await RunningCluster.StartAsync(Small);
        var node = running.Cluster.Nodes[0];
        node.Fault = NodeFault.Hangs;
        using var http = new HttpClient();
        using var patience = new CancellationTokenSource();

        var answer = HeadAsync(http, node, patience.Token);
        while (node.Requests == 0 && !answer.IsCompleted)
        {
            await Task.Yield();
        }

        Assert.Equal(404, (await RawHttp.HeadAsync(running.Cluster.Nodes[1].Port, "/d1/1/a")).Status);
        Assert.False(answer.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task A_cluster_goes_down_while_a_request_hangs()
    {
        var running = await RunningCluster.StartAsync(Small);
        var node = running.Cluster.Nodes[0];
        node.Fault = NodeFault.Hangs;
        var answer = RawHttp.TextAsync(node.Port, "HEAD /d1/1/a");
        while (node.Requests == 0 && !answer.IsCompleted)
        {
            await Task.Yield();
        }

        await running.DisposeAsync();

        Assert.Equal("", await answer);
    }

    [Theory]
    [InlineData(404, "swift-2.38/account-head-404-missing.http")]
    [InlineData(507, "swift-2.38/account-head-507.http")]
    [InlineData(529, "swift-2.38/account-head-529.http")]
    [InlineData(500, "swift-2.38/account-head-500-corrupt.http")]
    public async Task A_node_with_a_status_answers_everything_with_it(int status, string recordedFile)
    {
        await using var running = await RunningCluster.StartAsync(Small);
        var cluster = running.Cluster;
        var account = cluster.Accounts.First(account => account.Kind == SimulatedAccountKind.Stored).Account;
        var device = cluster.Locate(account).Primaries()[0];
        var recorded = RawAnswer.Recorded(recordedFile.Split('/'));
        cluster.Nodes.Single(node => node.Port == device.Port).Fault = NodeFault.Status(status);

        var answer = await RawHttp.HeadAsync(device.Port, $"/{device.Name}/{cluster.Locate(account).Partition}/{account}");

        Assert.Equal((status, recorded.Reason, ""), (answer.Status, answer.Reason, answer.Body));
        Assert.Equal(recorded.HeaderNames, answer.HeaderNames);
        Assert.Equal(recorded.Headers["Content-Type"], answer.Headers["Content-Type"]);
    }

    [Fact]
    public async Task A_slow_node_answers_rightly_when_its_delay_is_over_and_not_before()
    {
        var clock = new ManualClock();
        await using var running = await RunningCluster.StartAsync(Small, clock);
        var cluster = running.Cluster;
        var account = cluster.Accounts.First(account => account.Kind == SimulatedAccountKind.Stored);
        var device = cluster.Locate(account.Account).Primaries()[0];
        cluster.Nodes.Single(node => node.Port == device.Port).Fault = NodeFault.Slow(TimeSpan.FromSeconds(3));

        var answer = RawHttp.HeadAsync(device.Port, $"/{device.Name}/{cluster.Locate(account.Account).Partition}/{account.Account}");
        await clock.TimerArmedAsync();
        clock.Advance(TimeSpan.FromMilliseconds(2999));
        Assert.False(answer.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(204, (await answer).Status);
    }

    [Fact]
    public async Task Keystone_has_faults_too()
    {
        await using var running = await RunningCluster.StartAsync(Small);
        running.Cluster.KeystoneFault = NodeFault.Status(503);

        Assert.Equal(503, (await RawHttp.AskAsync(running.Cluster.KeystoneUri.Port, "GET /v3")).Status);
    }

    private static Task<HttpResponseMessage> HeadAsync(HttpClient http, SimulatedNode node, CancellationToken stopping) =>
        http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"http://{node.Ip}:{node.Port}/d1/1/a"), stopping);
}
