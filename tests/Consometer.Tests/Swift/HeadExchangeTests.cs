using Consometer.Swift.Accounts;

namespace Consometer.Tests.Swift;

/// <summary>What a figure rests on between the socket and the counts: each answer belongs to its own request, and none is larger than it may be.</summary>
public sealed class HeadExchangeTests
{
    [Fact]
    public async Task What_follows_an_answer_is_not_taken_for_the_next_one()
    {
        var asked = 0;
        await using var server = ScriptedServer.Start(_ => Reply.Of(++asked == 1 ? Answer(1) + Answer(666) : Answer(asked)));
        using var client = Client();

        Assert.Equal(1, await ContainersAsync(client, server, "AUTH_a"));
        Assert.Equal(2, await ContainersAsync(client, server, "AUTH_b"));
        Assert.Equal(3, await ContainersAsync(client, server, "AUTH_c"));
        Assert.Equal((3, 2), (server.Requests.Count, server.Connections));
    }

    [Fact]
    public async Task What_comes_before_the_answer_and_is_none_is_passed_over()
    {
        await using var server = ScriptedServer.Start(_ => Reply.Of("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX-Account-Container-Count: 7\r\n\r\n" + Answer(4)));
        using var client = Client();

        Assert.Equal(4, await ContainersAsync(client, server, "AUTH_a"));
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\nX-Account-Container-Count 1\r\n\r\n")]
    [InlineData("HTTP/1.1 204 No Content\r\n folded: 1\r\n: 2\r\n\r\n")]
    [InlineData("HTTP/2 204\r\n\r\n")]
    [InlineData("HTTP/1.1  204 No Content\r\n\r\n")]
    [InlineData("HTTP/1.1 2045 No Content\r\n\r\n")]
    public async Task A_head_that_HTTP_does_not_have_is_a_lost_connection(string head) =>
        Assert.Equal(Unavailability.ConnectionLost, await FailureAsync(Reply.Of(head)));

    [Fact]
    public async Task An_answer_without_an_end_is_malformed_and_not_read_to_it() =>
        Assert.Equal(Unavailability.MalformedAnswer, await FailureAsync(Reply.Of($"HTTP/1.1 204 No Content\r\nX-Long: {new string('x', 200_000)}")));

    [Fact]
    public async Task Answers_and_names_of_kilobytes_are_read_and_sent_whole()
    {
        await using var server = ScriptedServer.Start(_ => Reply.Of(Answer(5, $"X-Long: {new string('x', 60_000)}\r\n")));
        using var client = Client();
        var account = "AUTH_" + new string('%', 3000);

        Assert.Equal(5, await ContainersAsync(client, server, account));
        Assert.Equal($"HEAD /sda/1/AUTH_{string.Concat(Enumerable.Repeat("%25", 3000))} HTTP/1.1", Assert.Single(server.Requests).Line);
    }

    [Fact]
    public async Task Connections_that_are_closed_between_polls_are_made_again()
    {
        await using var server = ScriptedServer.Start(_ => Reply.Of(Answer(1)));
        using var client = Client();

        await ContainersAsync(client, server, "AUTH_a");
        await ContainersAsync(client, server, "AUTH_b");
        client.CloseIdle();
        await ContainersAsync(client, server, "AUTH_c");

        Assert.Equal((3, 2), (server.Requests.Count, server.Connections));
    }

    private static AccountServers Client() =>
        new(new AccountServerOptions(Network.Client, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30)), new ManualClock());

    private static string Answer(long containers, string more = "") =>
        $"HTTP/1.1 204 No Content\r\nX-Account-Container-Count: {containers}\r\n{more}X-Account-Object-Count: 0\r\nX-Account-Bytes-Used: 0\r\n\r\n";

    private static async Task<long> ContainersAsync(AccountServers client, ScriptedServer server, string account) =>
        Assert.IsType<ReplicaReading.Answered>(await client.ReadAsync(TestRing.DeviceAt(0, server.Port), 1, account, TestContext.Current.CancellationToken)).Usage.Containers;

    private static async Task<Unavailability> FailureAsync(Reply reply)
    {
        await using var server = ScriptedServer.Start(_ => reply);
        using var client = Client();
        var reading = await client.ReadAsync(TestRing.DeviceAt(0, server.Port), 1, "AUTH_a", TestContext.Current.CancellationToken);
        return Assert.IsType<ReplicaReading.Unavailable>(reading).Reason;
    }
}
