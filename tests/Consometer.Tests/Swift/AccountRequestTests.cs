using Consometer.Rings;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Swift;

/// <summary>What account-servers get to see: the request line, the headers, and at which address.</summary>
public sealed class AccountRequestTests
{
    private static readonly Reply Present = Reply.Recorded("swift-2.38", "account-head-204.http");

    [Theory]
    [InlineData("AUTH_5f0c", "AUTH_5f0c")]
    [InlineData("AUTH_a b", "AUTH_a%20b")]
    [InlineData("AUTH_ü", "AUTH_%C3%BC")]
    [InlineData("AUTH_漢", "AUTH_%E6%BC%A2")]
    [InlineData("AUTH_😀", "AUTH_%F0%9F%98%80")]
    [InlineData("AUTH_100%", "AUTH_100%25")]
    [InlineData("AUTH_a%2Fb", "AUTH_a%252Fb")]
    [InlineData("AUTH_a?b", "AUTH_a%3Fb")]
    [InlineData("AUTH_a#b", "AUTH_a%23b")]
    [InlineData("AUTH_a+b;c", "AUTH_a%2Bb%3Bc")]
    [InlineData("AUTH_a/b", "AUTH_a/b")]
    [InlineData("AUTH_a\\b", "AUTH_a%5Cb")]
    [InlineData("..", "..")]
    [InlineData("AUTH_a/../b", "AUTH_a/../b")]
    [InlineData("AUTH_a.", "AUTH_a.")]
    [InlineData("AUTH_a\r\nb", "AUTH_a%0D%0Ab")]
    [InlineData("\0acct", "%00acct")]
    public async Task An_account_s_name_arrives_as_it_is(string account, string onTheWire)
    {
        await using var server = ScriptedServer.Start(_ => Present);
        var request = await AskAsync(server, TestRing.DeviceAt(0, server.Port), 203466, account, Network.Client);

        Assert.Equal($"HEAD /sda/203466/{onTheWire} HTTP/1.1", request.Line);
    }

    [Fact]
    public async Task The_client_network_is_asked_by_name_and_without_the_replication_header()
    {
        await using var server = ScriptedServer.Start(_ => Present);
        var request = await AskAsync(server, TestRing.DeviceAt(0, server.Port, replicationPort: ScriptedServer.ClosedPort()), 0, "AUTH_a", Network.Client);

        Assert.True(request.Has("User-Agent: consometer"));
        Assert.DoesNotContain("X-Backend", request.Head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("X-Auth-Token", request.Head, StringComparison.OrdinalIgnoreCase);
        Assert.True(request.Has($"Host: 127.0.0.1:{server.Port}"));
    }

    [Fact]
    public async Task The_replication_network_is_asked_at_its_own_address_and_told_so()
    {
        await using var server = ScriptedServer.Start(_ => Present);
        var request = await AskAsync(server, TestRing.DeviceAt(0, ScriptedServer.ClosedPort(), replicationPort: server.Port), 0, "AUTH_a", Network.Replication);

        Assert.True(request.Has("X-Backend-Use-Replication-Network: true"));
    }

    [Fact]
    public async Task A_device_at_an_IPv6_address_is_asked_there()
    {
        Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "no IPv6 here");
        await using var server = ScriptedServer.StartIPv6(_ => Present);

        var request = await AskAsync(server, TestRing.DeviceAt(0, server.Port, ip: "::1"), 0, "AUTH_a", Network.Client);

        Assert.True(request.Has($"Host: [::1]:{server.Port}"));
    }

    [Fact]
    public async Task A_connection_serves_one_request_after_another_until_the_server_says_that_it_closes()
    {
        const string Counts = "X-Account-Container-Count: 1\r\nX-Account-Object-Count: 2\r\nX-Account-Bytes-Used: 3\r\n";
        var answers = 0;
        await using var server = ScriptedServer.Start(_ => ++answers % 5 == 0
            ? Reply.Cut($"HTTP/1.1 204 No Content\r\nConnection: close\r\n{Counts}\r\n")
            : Reply.Of($"HTTP/1.1 204 No Content\r\n{Counts}\r\n"));
        using var client = Client(Network.Client);
        for (var i = 0; i < 20; i++)
        {
            Assert.IsType<ReplicaReading.Answered>(await client.ReadAsync(TestRing.DeviceAt(0, server.Port), 0, $"AUTH_{i}", TestContext.Current.CancellationToken));
        }

        Assert.Equal((20, 4), (server.Requests.Count, server.Connections));
    }

    private static async Task<Request> AskAsync(ScriptedServer server, Device device, uint partition, string account, Network network)
    {
        using var client = Client(network);
        Assert.IsType<ReplicaReading.Answered>(await client.ReadAsync(device, partition, account, TestContext.Current.CancellationToken));
        return Assert.Single(server.Requests);
    }

    private static AccountServers Client(Network network) =>
        new(new AccountServerOptions(network, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30)), new ManualClock());
}
