using Consometer.Simulation;
using Consometer.Swift.Keystone;
using Consometer.Tests.Swift;

namespace Consometer.Tests.Simulation;

/// <summary>The simulated proxy against answers recorded from a real one, and whom it lets in.</summary>
public sealed class ProxyTests(RunningCluster running) : IClassFixture<RunningCluster>
{
    private readonly SimulatedCluster _cluster = running.Cluster;

    /// <summary>Content-Length: 0 is the exception: Kestrel leaves it out of a 204, as the standard wants; Swift sends it.</summary>
    [Fact]
    public async Task A_stored_account_is_answered_as_recorded()
    {
        foreach (var device in _cluster.Locate("AUTH_recorded").Primaries())
        {
            _cluster.Put("AUTH_recorded", device, new([new("gold", 1, 1, 1729), new("silver", 1, 1, 774)]));
        }

        var recorded = RawAnswer.Recorded("proxy-head-204.http").Without("Content-Length");

        AssertAlike(recorded, await HeadAsync("AUTH_recorded"));
    }

    [Fact]
    public async Task An_account_that_was_never_made_is_made_up_as_recorded()
    {
        var answer = await HeadAsync("AUTH_nobody");

        AssertAlike(RawAnswer.Recorded("proxy-head-autocreate-fake.http"), answer);
        Assert.Equal(answer.Headers["X-Timestamp"], answer.Headers["X-Put-Timestamp"]);
    }

    [Fact]
    public async Task A_deleted_account_is_gone()
    {
        foreach (var device in _cluster.Locate("AUTH_gone").Primaries())
        {
            _cluster.Delete("AUTH_gone", device);
        }

        Assert.Equal(410, (await HeadAsync("AUTH_gone")).Status);
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(2, 503)]
    [InlineData(3, 503)]
    public async Task Servers_that_fail_are_passed_over_until_too_few_are_left(int failing, int status)
    {
        await using var sick = await RunningCluster.StartAsync(new SimulationPlan { Nodes = 6, DevicesPerNode = 1 });
        foreach (var device in sick.Cluster.Locate("AUTH_nobody").Primaries().Take(failing))
        {
            sick.Cluster.Nodes.Single(node => node.Port == device.Port).Fault = NodeFault.Status(507);
        }

        Assert.Equal(status, (await RawHttp.AskAsync(sick.Cluster.Proxy.Uri.Port, "HEAD /v1/AUTH_nobody", await TokenAsync(Admin(sick.Cluster)))).Status);
    }

    [Fact]
    public async Task Only_who_has_the_role_sees_accounts_that_are_not_its_own()
    {
        var port = _cluster.Proxy.Uri.Port;
        var reader = await TokenAsync(KeystoneSessionTests.SystemReader(_cluster));

        Assert.Equal(401, (await RawHttp.AskAsync(port, "HEAD /v1/AUTH_nobody")).Status);
        Assert.Equal(401, (await RawHttp.AskAsync(port, "HEAD /v1/AUTH_nobody", "gAAAAA-unknown")).Status);
        Assert.Equal(403, (await RawHttp.AskAsync(port, "HEAD /v1/AUTH_nobody", reader)).Status);
        _cluster.Proxy.SystemReaderRoles = ["reader"];
        Assert.Equal(200, (await RawHttp.AskAsync(port, "HEAD /v1/AUTH_nobody", reader)).Status);
        _cluster.Proxy.SystemReaderRoles = [];
    }

    private static void AssertAlike(RawAnswer recorded, RawAnswer answer)
    {
        Assert.Equal((recorded.Status, recorded.Reason, ""), (answer.Status, answer.Reason, answer.Body));
        Assert.Equal(recorded.HeaderNames, answer.HeaderNames);
        Assert.All(recorded.HeaderNames, name =>
        {
            if (name.EndsWith("Timestamp", StringComparison.Ordinal))
            {
                Assert.Matches(@"^\d{10}\.\d{5}$", answer.Headers[name]);
            }
            else
            {
                Assert.Equal(recorded.Headers[name], answer.Headers[name]);
            }
        });
    }

    private static KeystoneOptions Admin(SimulatedCluster cluster) => KeystoneSessionTests.OfProject(cluster, cluster.KeystoneAdmin, cluster.KeystoneAdminPassword);

    private static async Task<string> TokenAsync(KeystoneOptions who)
    {
        using var keystone = new KeystoneSession(who, TimeProvider.System);
        return (await keystone.TokenAsync(TestContext.Current.CancellationToken)).Value.Reveal();
    }

    private async Task<RawAnswer> HeadAsync(string account) =>
        await RawHttp.AskAsync(_cluster.Proxy.Uri.Port, $"HEAD /v1/{account}", await TokenAsync(Admin(_cluster)));
}
