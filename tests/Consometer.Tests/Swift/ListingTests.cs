using System.Text;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Swift;

/// <summary>Listings of account-servers: recorded ones, and those of servers that fail in every way.</summary>
public sealed class ListingTests
{
    private const int SafetyNet = 60_000;

    private static readonly TimeSpan NodeTimeout = TimeSpan.FromSeconds(10);

    public static TheoryData<string, string> Recorded() => new()
    {
        { "account-get-200.http", "c1 1 1729 -, c2 1 774 -" },
        { "swift-2.38/account-get-200.http", "archive 41 987654321012 gold, büro ☃ 3 12345 silver, photos 1200 5368709120 gold, photos_segments 7 36700160 gold, zero 0 0 silver" },
        { "swift-2.38/account-get-200-page1.http", "archive 41 987654321012 gold, büro ☃ 3 12345 silver, photos 1200 5368709120 gold" },
        { "swift-2.38/account-get-200-page2.http", "photos_segments 7 36700160 gold, zero 0 0 silver" },
        { "swift-2.38/account-get-200-past-the-end.http", "" },
        { "swift-2.38/account-get-200-reserved-hidden.http", "plain 2 2000 gold" },
        { "swift-2.38/account-get-200-reserved-shown.http", "\0versions\0other 1 77 silver, \0versions\0plain 5 5555 gold, plain 2 2000 gold" },
        { "swift-2.38/account-get-200-text.http", "MalformedAnswer" },
        { "swift-2.38/account-get-400-no-account.http", "UnexpectedStatus" },
        { "swift-2.38/account-get-400-param.http", "UnexpectedStatus" },
        { "swift-2.38/account-get-400-reserved-middle.http", "UnexpectedStatus" },
        { "swift-2.38/account-get-404-deleted.http", "Missing" },
        { "swift-2.38/account-get-404-missing.http", "Missing" },
        { "swift-2.38/account-get-406.http", "UnexpectedStatus" },
        { "swift-2.38/account-get-412-bad-utf8.http", "UnexpectedStatus" },
        { "swift-2.38/account-get-412-limit.http", "UnexpectedStatus" },
        { "swift-2.38/account-get-500-corrupt.http", "ServerError" },
        { "swift-2.38/account-get-507.http", "Unmounted" },
        { "swift-2.38/account-get-529.http", "RateLimited" },
    };

    [Theory(Timeout = SafetyNet)]
    [MemberData(nameof(Recorded))]
    public async Task What_a_real_server_listed_is_understood(string file, string said) =>
        Assert.Equal(said, Describe(await ListAsync(Reply.Recorded(file.Split('/')))));

    [Fact]
    public void Every_recorded_listing_is_looked_at()
    {
        var files = Directory.GetFiles(Fixtures.Find("responses"), "account-get-*.http", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Fixtures.Find("responses"), file)).ToArray();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Contains(Recorded(), row => row.Data.Item1 == file));
    }

    [Theory(Timeout = SafetyNet)]
    [InlineData("", "")]
    [InlineData("photos", "photos")]
    [InlineData("büro ☃/&=#%+", "b%C3%BCro%20%E2%98%83%2F%26%3D%23%25%2B")]
    [InlineData("😀", "%F0%9F%98%80")]
    public async Task The_marker_arrives_as_it_is(string marker, string onTheWire)
    {
        await using var server = ScriptedServer.Start(_ => Reply.Json("[]"));

        Assert.Equal("", Describe(await ListAsync(server, marker)));

        Assert.Equal($"GET /sda/1/AUTH_a?format=json&marker={onTheWire} HTTP/1.1", Assert.Single(server.Requests).Line);
        Assert.DoesNotContain("Reserved", Assert.Single(server.Requests).Head, StringComparison.OrdinalIgnoreCase);
    }

    [Theory(Timeout = SafetyNet)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("[] []")]
    [InlineData("[null]")]
    [InlineData("[[]]")]
    [InlineData("[{}]")]
    [InlineData("""[{"subdir": "a/"}]""")]
    [InlineData("""[{"count": 1, "bytes": 2}]""")]
    [InlineData("""[{"name": "a", "bytes": 2}]""")]
    [InlineData("""[{"name": "a", "count": 1}]""")]
    [InlineData("""[{"name": null, "count": 1, "bytes": 2}]""")]
    [InlineData("""[{"name": 7, "count": 1, "bytes": 2}]""")]
    [InlineData("""[{"name": "", "count": 1, "bytes": 2}]""")]
    [InlineData("""[{"name": "\ud800", "count": 1, "bytes": 2}]""")]
    [InlineData("""[{"name": "a", "count": -1, "bytes": 2}]""")]
    [InlineData("""[{"name": "a", "count": 1, "bytes": -2}]""")]
    [InlineData("""[{"name": "a", "count": 1.5, "bytes": 2}]""")]
    [InlineData("""[{"name": "a", "count": "1", "bytes": 2}]""")]
    [InlineData("""[{"name": "a", "count": null, "bytes": 2}]""")]
    [InlineData("""[{"name": "a", "count": 1, "bytes": 9223372036854775808}]""")]
    [InlineData("""[{"name": "a", "count": 1, "bytes": 2, "storage_policy": 7}]""")]
    public async Task A_listing_without_sense_is_malformed(string json) => Assert.Equal("MalformedAnswer", Describe(await ListAsync(Reply.Json(json))));

    [Theory(Timeout = SafetyNet)]
    [InlineData("", "a b ü 漢 \uffff 😀 😁", true)]
    [InlineData("m", "n", true)]
    [InlineData("m", "ma", true)]
    [InlineData("漢", "😀", true)]
    [InlineData("\uffee", "😀", true)] // UTF-16 has these two the other way round.
    [InlineData("😀", "\uffee", false)]
    [InlineData("m", "m", false)]
    [InlineData("ma", "m", false)]
    [InlineData("m", "a n", false)]
    [InlineData("m", "n n", false)]
    [InlineData("m", "n p o", false)]
    [InlineData("z", "a b", false)] // The first page again, whatever the marker.
    public async Task Names_come_after_the_marker_and_in_the_order_of_their_bytes(string marker, string names, bool good)
    {
        var rows = names.Split(' ').Select(name => $$"""{"name": "{{name}}", "count": 1, "bytes": 2}""");
        await using var server = ScriptedServer.Start(_ => Reply.Json($"[{string.Join(',', rows)}]"));

        var page = await ListAsync(server, marker);

        Assert.Equal(good ? string.Join(", ", names.Split(' ').Select(name => $"{name} 1 2 -")) : "MalformedAnswer", Describe(page));
    }

    [Theory(Timeout = SafetyNet)]
    [InlineData("Content-Length: 33554433\r\n\r\n[", true)]
    [InlineData("Content-Length: 9223372036854775807\r\n\r\n[", true)]
    [InlineData("\r\n[", false)]
    public async Task A_page_without_end_is_malformed(string head, bool isOnlySaid)
    {
        var body = isOnlySaid ? "" : new string(' ', 32 << 20);
        var page = await ListAsync(new Reply(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{head}{body}"), isOnlySaid ? Ending.Hang : Ending.Close));

        Assert.Equal("MalformedAnswer", Describe(page));
    }

    [Theory(Timeout = SafetyNet)]
    [InlineData("", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n", false)]
    public async Task A_page_that_breaks_off_is_a_lost_connection_unless_it_comes_whole_the_second_time(string answer, bool thenWhole)
    {
        var asked = 0;
        await using var server = ScriptedServer.Start(_ => ++asked > 1 && thenWhole ? Reply.Json("[]") : Reply.Cut(answer));

        Assert.Equal(thenWhole ? "" : "ConnectionLost", Describe(await ListAsync(server, "")));
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_page_that_drips_has_until_the_node_timeout_and_no_longer()
    {
        var clock = new ManualClock();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = ScriptedServer.Start(_ =>
        {
            asked.TrySetResult();
            return new Reply("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n["u8.ToArray(), Ending.Hang);
        });
        using var client = Client(clock);
        var page = client.ListAsync(TestRing.DeviceAt(0, server.Port), 1, "AUTH_a", "", TestContext.Current.CancellationToken);

        await asked.Task;
        clock.Advance(NodeTimeout - TimeSpan.FromTicks(1));
        Assert.False(page.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal("TimedOut", Describe(await page));
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_server_that_is_not_there_is_unreachable_and_being_stopped_is_never_blamed_on_one()
    {
        using var client = Client(new ManualClock());
        var device = TestRing.DeviceAt(0, ScriptedServer.ClosedPort());

        Assert.Equal("Unreachable", Describe(await client.ListAsync(device, 1, "AUTH_a", "", TestContext.Current.CancellationToken)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ListAsync(device, 1, "AUTH_a", "", new CancellationToken(canceled: true)));
    }

    private static AccountServers Client(TimeProvider clock) => new(new AccountServerOptions(Network.Client, TimeSpan.FromSeconds(30), NodeTimeout), clock);

    private static async Task<ListingPage> ListAsync(Reply reply)
    {
        await using var server = ScriptedServer.Start(_ => reply);
        return await ListAsync(server, "");
    }

    private static async Task<ListingPage> ListAsync(ScriptedServer server, string marker)
    {
        using var client = Client(new ManualClock());
        return await client.ListAsync(TestRing.DeviceAt(0, server.Port), 1, "AUTH_a", marker, TestContext.Current.CancellationToken);
    }

    private static string Describe(ListingPage page) => page switch
    {
        ListingPage.Listed { Containers: var containers } => string.Join(", ", containers.Select(
            container => $"{container.Name} {container.Objects} {container.Bytes} {container.Policy ?? "-"}")),
        ListingPage.Failed { Reason: var reason } => reason.ToString(),
        _ => page.GetType().Name,
    };
}
