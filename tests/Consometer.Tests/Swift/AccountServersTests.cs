using System.Net;
using System.Net.Sockets;
using Consometer.Rings;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Swift;

/// <summary>The client of the account-servers against answers recorded from real ones, and against servers that fail in every way.</summary>
public sealed class AccountServersTests
{
    private const int SafetyNet = 60_000;

    private static readonly TimeSpan NodeTimeout = TimeSpan.FromSeconds(10);

    public static TheoryData<string, string> Recorded() => new()
    {
        { "account-head-204.http", "2 2 2503" },
        { "account-head-404.http", "Missing" },
        { "account-head-507.http", "Unmounted" },
        { "swift-2.38/account-head-204.http", "5 1251 993059742637" },
        { "swift-2.38/account-head-204-reserved.http", "3 8 7632" },
        { "swift-2.38/account-head-400-no-account.http", "UnexpectedStatus" },
        { "swift-2.38/account-head-404-after-quarantine.http", "Missing" },
        { "swift-2.38/account-head-404-deleted.http", "Deleted" },
        { "swift-2.38/account-head-404-missing.http", "Missing" },
        { "swift-2.38/account-head-412-bad-utf8.http", "UnexpectedStatus" },
        { "swift-2.38/account-head-500-corrupt.http", "ServerError" },
        { "swift-2.38/account-head-507.http", "Unmounted" },
        { "swift-2.38/account-head-529.http", "RateLimited" },
        { "swift-2.38/account-405.http", "UnexpectedStatus" },
    };

    [Theory(Timeout = SafetyNet)]
    [MemberData(nameof(Recorded))]
    public async Task What_a_real_server_said_is_understood(string file, string said) =>
        Assert.Equal(said, Describe(await ReadAsync(Reply.Recorded(file.Split('/')))));

    [Fact]
    public void Every_recorded_HEAD_answer_is_looked_at()
    {
        var files = Directory.GetFiles(Fixtures.Find("responses"), "account-head-*.http", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Fixtures.Find("responses"), file)).ToArray();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Contains(Recorded(), row => row.Data.Item1 == file));
    }

    [Theory(Timeout = SafetyNet)]
    [InlineData("X-Account-Container-Count: 1\r\nX-Account-Object-Count: 2\r\nX-Account-Bytes-Used: 3\r\n", "1 2 3")]
    [InlineData("x-account-container-count:1\r\nx-account-object-count:2\r\nx-account-bytes-used:9223372036854775807\r\n", "1 2 9223372036854775807")]
    [InlineData("X-Account-Container-Count: 1\r\nX-Account-Object-Count: 2\r\nX-Account-Bytes-Used: 9223372036854775808\r\n", "MalformedAnswer")]
    [InlineData("X-Account-Container-Count: 1\r\nX-Account-Object-Count: 2\r\n", "CountsMissing")]
    [InlineData("X-Account-Container-Count: 1\r\nX-Account-Bytes-Used: 3\r\n", "CountsMissing")]
    [InlineData("X-Account-Object-Count: 2\r\nX-Account-Bytes-Used: 3\r\n", "CountsMissing")]
    [InlineData("", "CountsMissing")]
    [InlineData("X-Account-Container-Count: 1\r\nX-Account-Object-Count: 2\r\nX-Account-Bytes-Used: -3\r\n", "MalformedAnswer")]
    [InlineData("X-Account-Container-Count: one\r\nX-Account-Object-Count: 2\r\nX-Account-Bytes-Used: 3\r\n", "MalformedAnswer")]
    [InlineData("X-Account-Container-Count: 1\r\nX-Account-Object-Count: 2.0\r\nX-Account-Bytes-Used: 3\r\n", "MalformedAnswer")]
    [InlineData("X-Account-Container-Count: 1\r\nX-Account-Object-Count: +2\r\nX-Account-Bytes-Used: 3\r\n", "MalformedAnswer")]
    [InlineData("X-Account-Container-Count: 1\r\nX-Account-Object-Count:\r\nX-Account-Bytes-Used: 3\r\n", "MalformedAnswer")]
    [InlineData("X-Account-Container-Count: 1\r\nX-Account-Object-Count: 2\r\nX-Account-Bytes-Used: 3\r\nX-Account-Bytes-Used: 4\r\n", "MalformedAnswer")]
    [InlineData("X-Account-Container-Count: 1\r\nX-Account-Object-Count: 2\r\nX-Account-Bytes-Used: 3, 3\r\n", "MalformedAnswer")]
    public async Task A_good_status_has_a_figure_only_with_three_counts(string headers, string said) =>
        Assert.Equal(said, Describe(await ReadAsync(Reply.Of($"HTTP/1.1 204 No Content\r\n{headers}\r\n"))));

    [Theory(Timeout = SafetyNet)]
    [InlineData("HTTP/1.1 404 Not Found\r\nX-Account-Status: deleted\r\nContent-Length: 0\r\n\r\n", "Deleted")]
    [InlineData("HTTP/1.1 404 Not Found\r\nX-Account-Status: Missing\r\nContent-Length: 0\r\n\r\n", "Missing")]
    [InlineData("HTTP/1.1 410 Gone\r\nX-Account-Status: Deleted\r\nContent-Length: 0\r\n\r\n", "UnexpectedStatus")]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "UnexpectedStatus")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "ServerError")]
    public async Task Statuses_that_no_fixture_has_are_understood(string answer, string said) => Assert.Equal(said, Describe(await ReadAsync(Reply.Of(answer))));

    public static TheoryData<string, bool> Torn() => new()
    {
        { "", false },
        { "", true },
        { "HTTP/1.1 204 No Con", false },
        { "HTTP/1.1 204 No Con", true },
        { "HTTP/1.1 204 No Content\r\nX-Account-Container-Count: 1\r\nX-Account-Object-Count: 2\r\nX-Account-Bytes-Used: 3\r\n", false },
        { "HTTP/1.1 204 No Content\r\nX-Account-Container-Count: 1\r\nX-Account-Object-Count: 2\r\nX-Account-Bytes-Used: 3\r\n", true },
        { "220 mail.example ESMTP\r\n\r\n", false },
        { "\0\0\0\0\r\n\r\n", false },
        { "HTTP/1.1 two hundred\r\n\r\n", false },
    };

    [Theory(Timeout = SafetyNet)]
    [MemberData(nameof(Torn))]
    public async Task An_answer_that_breaks_off_or_is_no_HTTP_is_a_lost_connection(string answer, bool reset) =>
        Assert.Equal("ConnectionLost", Describe(await ReadAsync(reset ? Reply.Reset(answer) : Reply.Cut(answer))));

    [Fact(Timeout = SafetyNet)]
    public async Task A_port_where_nobody_listens_is_unreachable() =>
        Assert.Equal("Unreachable", Describe(await ReadAsync(TestRing.DeviceAt(0, ScriptedServer.ClosedPort()))));

    [Fact(Timeout = SafetyNet)]
    public async Task A_host_that_has_no_address_is_unreachable() =>
        Assert.Equal("Unreachable", Describe(await ReadAsync(TestRing.DeviceAt(0, 6202, ip: "no such host"))));

    [Fact(Timeout = SafetyNet)]
    public async Task A_server_that_says_nothing_has_until_the_node_timeout_and_no_longer()
    {
        var clock = new ManualClock();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = ScriptedServer.Start(_ =>
        {
            asked.TrySetResult();
            return Reply.Hang;
        });
        using var client = Client(clock);
        var reading = client.ReadAsync(TestRing.DeviceAt(0, server.Port), 1, "AUTH_a", TestContext.Current.CancellationToken);

        await asked.Task;
        clock.Advance(NodeTimeout - TimeSpan.FromTicks(1));
        Assert.False(reading.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal("TimedOut", Describe(await reading));
    }

    /// <summary>A listener whose queue is full drops what knocks, like a host that is down: the connection is neither made nor refused.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task A_connection_that_is_never_made_has_until_the_connect_timeout()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var fill = Enumerable.Range(0, 8).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToArray();
        _ = fill.Select(socket => socket.ConnectAsync(listener.LocalEndPoint!, TestContext.Current.CancellationToken).AsTask()).ToArray();
        using var client = new AccountServers(new AccountServerOptions(Network.Client, TimeSpan.FromMilliseconds(50), NodeTimeout), new ManualClock());

        var reading = await client.ReadAsync(TestRing.DeviceAt(0, ((IPEndPoint)listener.LocalEndPoint!).Port), 1, "AUTH_a", TestContext.Current.CancellationToken);

        Assert.Equal("ConnectTimedOut", Describe(reading));
        Array.ForEach(fill, socket => socket.Dispose());
    }

    [Fact(Timeout = SafetyNet)]
    public async Task Being_stopped_is_never_blamed_on_the_server()
    {
        using var stopping = new CancellationTokenSource();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = ScriptedServer.Start(_ =>
        {
            asked.TrySetResult();
            return Reply.Hang;
        });
        using var client = Client(new ManualClock());
        var reading = client.ReadAsync(TestRing.DeviceAt(0, server.Port), 1, "AUTH_a", stopping.Token);

        await asked.Task;
        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ReadAsync(TestRing.DeviceAt(0, server.Port), 1, "AUTH_a", stopping.Token));
    }

    /// <summary>A server restarts, or sheds idle connections: the account is there all the same.</summary>
    [Theory(Timeout = SafetyNet)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_kept_connection_that_the_server_closes_costs_nothing(bool reset)
    {
        var present = Reply.Recorded("swift-2.38", "account-head-204.http");
        var asked = 0;
        await using var server = ScriptedServer.Start(_ => ++asked == 2 ? (reset ? Reply.Reset("") : Reply.Cut("")) : present);
        using var client = Client(new ManualClock());

        for (var i = 0; i < 3; i++)
        {
            var reading = await client.ReadAsync(TestRing.DeviceAt(0, server.Port), 1, $"AUTH_{i}", TestContext.Current.CancellationToken);
            Assert.Equal("5 1251 993059742637", Describe(reading));
        }

        Assert.Equal(["AUTH_0", "AUTH_1", "AUTH_1", "AUTH_2"], server.Requests.Select(request => request.Target.Split('/')[3]));
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_connection_that_is_lost_again_is_lost()
    {
        await using var server = ScriptedServer.Start(_ => Reply.Reset("HTTP/1.1 204 No"));
        using var client = Client(new ManualClock());

        Assert.Equal("ConnectionLost", Describe(await client.ReadAsync(TestRing.DeviceAt(0, server.Port), 1, "AUTH_a", TestContext.Current.CancellationToken)));
        Assert.Equal((2, 2), (server.Requests.Count, server.Connections));
    }

    /// <summary>One patience for both: a server that is slow and then loses the connection has not twice the time.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task The_second_time_has_what_is_left_of_the_node_timeout()
    {
        var clock = new ManualClock();
        var late = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0;
        await using var server = ScriptedServer.Start(async _ =>
        {
            if (++asked == 1)
            {
                await late.Task;
                return Reply.Reset("");
            }

            again.TrySetResult();
            return Reply.Hang;
        });
        using var client = Client(clock);
        var reading = client.ReadAsync(TestRing.DeviceAt(0, server.Port), 1, "AUTH_a", TestContext.Current.CancellationToken);

        clock.Advance(NodeTimeout - TimeSpan.FromTicks(1));
        late.SetResult();
        await again.Task;
        Assert.False(reading.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal("TimedOut", Describe(await reading));
    }

    private static AccountServers Client(TimeProvider clock) => new(new AccountServerOptions(Network.Client, TimeSpan.FromSeconds(30), NodeTimeout), clock);

    private static async Task<ReplicaReading> ReadAsync(Reply reply)
    {
        await using var server = ScriptedServer.Start(_ => reply);
        return await ReadAsync(TestRing.DeviceAt(0, server.Port));
    }

    private static async Task<ReplicaReading> ReadAsync(Device device)
    {
        using var client = Client(new ManualClock());
        return await client.ReadAsync(device, 1, "AUTH_a", TestContext.Current.CancellationToken);
    }

    private static string Describe(ReplicaReading reading) => reading switch
    {
        ReplicaReading.Answered { Usage: var usage } => $"{usage.Containers} {usage.Objects} {usage.Bytes}",
        ReplicaReading.Unavailable unavailable => unavailable.Reason.ToString(),
        _ => reading.GetType().Name,
    };
}
