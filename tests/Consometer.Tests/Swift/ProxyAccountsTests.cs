using Consometer.Swift.Accounts;
using Consometer.Swift.Keystone;
using Consometer.Swift.Proxy;

namespace Consometer.Tests.Swift;

/// <summary>The proxy's answers, and what is done about those that are none.</summary>
public sealed class ProxyAccountsTests
{
    private const string Counts = "X-Account-Container-Count: 0\r\nX-Account-Object-Count: 0\r\nX-Account-Bytes-Used: 0\r\n";
    private const string MadeUp = "X-Timestamp: 1795297526.85734\r\nX-Put-Timestamp: 1795297526.85734\r\n";

    private static readonly Reply Present = Reply.Recorded("proxy-head-204.http");

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_recorded_answer_has_the_figures_and_the_policies_by_their_names()
    {
        await using var proxy = ScriptedServer.Start(_ => Present);

        var reading = await ReadAsync(proxy, "AUTH_a", options => options with { PolicyNames = ["gold"] });

        var usage = new AccountUsage(2, 2, 2503) { Policies = [new("gold", 1, 1, 1729), new("Silver", 1, 1, 774)] };
        Assert.Equal(usage, Assert.IsType<ProxyReading.Answered>(reading).Usage);
        Assert.True(Assert.Single(proxy.Requests).Has("X-Auth-Token: gAAAA-token-placeholder"));
    }

    /// <summary>Each part of the fingerprint is needed: without one of them it is an account-server's own answer.</summary>
    [Theory]
    [InlineData("200 OK", MadeUp, "absent")]
    [InlineData("204 No Content", MadeUp, "answered")]
    [InlineData("200 OK", "X-Timestamp: 1795297526.85734\r\n", "answered")]
    [InlineData("200 OK", "X-Timestamp: 1795297526.85734\r\nX-Put-Timestamp: 1795297526.85733\r\n", "answered")]
    [InlineData("200 OK", MadeUp + "X-Account-Storage-Policy-Gold-Object-Count: 0\r\nX-Account-Storage-Policy-Gold-Bytes-Used: 0\r\n", "answered")]
    public async Task An_account_that_was_made_up_is_told_by_its_fingerprint(string status, string headers, string word)
    {
        await using var proxy = ScriptedServer.Start(_ => Reply.Of($"HTTP/1.1 {status}\r\n{Counts}{headers}Content-Length: 0\r\n\r\n"));

        Assert.Equal(word, (await ReadAsync(proxy)).Word);
    }

    [Fact]
    public async Task The_recorded_one_is_absent()
    {
        await using var proxy = ScriptedServer.Start(_ => Reply.Recorded("proxy-head-autocreate-fake.http"));

        Assert.IsType<ProxyReading.Absent>(await ReadAsync(proxy));
    }

    [Theory]
    [InlineData(404, "absent", 1)]
    [InlineData(410, "deleted", 1)]
    [InlineData(400, "unexpected_status", 1)]
    [InlineData(412, "unexpected_status", 1)]
    [InlineData(301, "unexpected_status", 1)]
    [InlineData(204, "counts_missing", 1)]
    [InlineData(403, "forbidden", 1)]
    [InlineData(401, "unauthorized", 2)]
    [InlineData(500, "server_error", 2)]
    [InlineData(502, "server_error", 2)]
    [InlineData(503, "server_error", 2)]
    [InlineData(504, "server_error", 2)]
    public async Task A_status_is_what_it_means_and_a_5xx_is_worth_another_try(int status, string word, int requests)
    {
        await using var proxy = ScriptedServer.Start(_ => Status(status));

        Assert.Equal((word, requests), ((await ReadAsync(proxy)).Word, proxy.Requests.Count));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(503)]
    public async Task The_second_answer_counts(int first)
    {
        var asked = 0;
        await using var proxy = ScriptedServer.Start(_ => Interlocked.Increment(ref asked) == 1 ? Status(first) : Present);

        Assert.IsType<ProxyReading.Answered>(await ReadAsync(proxy));
    }

    /// <summary>They are apart: a token that ended and a proxy that stumbled may befall one account.</summary>
    [Fact]
    public async Task A_token_is_renewed_and_a_failure_repeated_for_one_account()
    {
        var asked = 0;
        await using var proxy = ScriptedServer.Start(_ => Interlocked.Increment(ref asked) switch
        {
            1 => Status(503),
            2 => Status(401),
            _ => Present,
        });

        Assert.IsType<ProxyReading.Answered>(await ReadAsync(proxy));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(498)]
    [InlineData(529)]
    public async Task A_proxy_that_is_asked_too_often_is_asked_again_after_a_second(int status)
    {
        var clock = new ManualClock();
        var asked = 0;
        await using var proxy = ScriptedServer.Start(_ => Interlocked.Increment(ref asked) <= 1 ? Status(status) : Present);
        await using var opened = await Opened.OfAsync(proxy, clock);

        var reading = opened.Accounts.ReadAsync("AUTH_a", Stopping);
        await Eventually.HoldsAsync("the pause", () => clock.IsWaitedFor(TimeSpan.FromSeconds(1)));
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.IsType<ProxyReading.Answered>(await reading);
    }

    [Fact]
    public async Task A_connection_that_is_lost_is_worth_another_and_one_that_is_refused_is_told()
    {
        var asked = 0;
        await using var proxy = ScriptedServer.Start(_ => Interlocked.Increment(ref asked) == 1 ? Reply.Reset("") : Present);
        Assert.IsType<ProxyReading.Answered>(await ReadAsync(proxy));

        await using var opened = await Opened.OfAsync(proxy, new ManualClock(), root: new Uri($"http://127.0.0.1:{ScriptedServer.ClosedPort()}"));
        Assert.Equal("unreachable", (await opened.Accounts.ReadAsync("AUTH_a", Stopping)).Word);
    }

    [Fact]
    public async Task A_proxy_that_hangs_has_its_time_twice()
    {
        var clock = new ManualClock();
        await using var proxy = ScriptedServer.Start(_ => Reply.Hang);
        await using var opened = await Opened.OfAsync(proxy, clock);

        var reading = opened.Accounts.ReadAsync("AUTH_a", Stopping);
        for (var requests = 1; requests <= 2; requests++)
        {
            await Eventually.HoldsAsync("the request", () => proxy.Requests.Count == requests);
            clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal("timed_out", (await reading).Word);
    }

    [Fact]
    public async Task Without_a_new_token_the_account_is_unknown_and_nobody_fails()
    {
        await using var proxy = ScriptedServer.Start(_ => Status(401));
        await using var opened = await Opened.OfAsync(proxy, new ManualClock(), tokens: 1);

        Assert.Equal("keystone_failed", (await opened.Accounts.ReadAsync("AUTH_a", Stopping)).Word);
    }

    [Theory]
    [InlineData("AUTH_a b", "AUTH_a%20b")]
    [InlineData("AUTH_ü", "AUTH_%C3%BC")]
    [InlineData("AUTH_100%", "AUTH_100%25")]
    [InlineData("AUTH_a?b#c", "AUTH_a%3Fb%23c")]
    [InlineData("..", "..")]
    public async Task An_account_s_name_arrives_as_it_is(string account, string onTheWire)
    {
        await using var proxy = ScriptedServer.Start(_ => Present);
        await ReadAsync(proxy, account);

        Assert.Equal($"HEAD /v1/{onTheWire} HTTP/1.1", Assert.Single(proxy.Requests).Line);
    }

    /// <summary>What comes after a slash is a container to the proxy, and its 404 would make an absent account of a name that is none.</summary>
    [Fact]
    public async Task A_name_with_a_slash_is_not_asked_for()
    {
        await using var proxy = ScriptedServer.Start(_ => Present);

        Assert.Equal("unexpected_status", (await ReadAsync(proxy, "AUTH_a/b")).Word);
        Assert.Empty(proxy.Requests);
    }

    [Theory]
    [InlineData(404, "missing")]
    [InlineData(410, "missing")]
    [InlineData(403, "forbidden")]
    [InlineData(204, "unexpected_status")]
    public async Task A_listing_that_is_none_is_told(int status, string word)
    {
        await using var proxy = ScriptedServer.Start(_ => Status(status));
        await using var opened = await Opened.OfAsync(proxy, new ManualClock());

        var page = await opened.Accounts.ListAsync("AUTH_a", "c/d é", Stopping);

        Assert.Equal(word, page is ListingPage.Failed failed ? failed.Reason.Word() : Assert.IsType<ListingPage.Missing>(page) is not null ? "missing" : "");
        Assert.Equal("GET /v1/AUTH_a?format=json&marker=c%2Fd%20%C3%A9 HTTP/1.1", proxy.Requests.First().Line);
    }

    [Theory]
    [InlineData("""{"swift": {"policies": [{"name": "gold", "default": true}, {"name": "Old-One"}]}}""", 200, "gold,Silver")]
    [InlineData("no JSON", 200, "Gold,Silver")]
    [InlineData("{}", 403, "Gold,Silver")]
    [InlineData("{}", 404, "Gold,Silver")]
    public async Task Policies_are_called_as_the_proxy_s_info_has_them(string info, int status, string names)
    {
        await using var proxy = ScriptedServer.Start(request => request.Target == "/info" ? Reply.Json(info, $"{status} X") : Present);

        var reading = await ReadAsync(proxy, "AUTH_a", options => options with { AsksPolicyNames = true });

        Assert.Equal(names, string.Join(',', Assert.IsType<ProxyReading.Answered>(reading).Usage.Policies.Select(policy => policy.Name)));
    }

    [Fact]
    public async Task A_proxy_that_does_not_tell_the_names_when_they_are_wanted_fails_the_round()
    {
        await using var proxy = ScriptedServer.Start(_ => Status(503));

        var error = await Assert.ThrowsAsync<ProxyException>(() => ReadAsync(proxy, "AUTH_a", options => options with { AsksPolicyNames = true }));

        Assert.Contains("/info: wanted the names of the storage policies", error.Message, StringComparison.Ordinal);
    }

    private static Reply Status(int status) => Reply.Of($"HTTP/1.1 {status} X\r\n{(status == 204 ? "" : "Content-Length: 0\r\n")}\r\n");

    private static async Task<ProxyReading> ReadAsync(ScriptedServer proxy, string account = "AUTH_a", Func<ProxyOptions, ProxyOptions>? with = null)
    {
        await using var opened = await Opened.OfAsync(proxy, new ManualClock(), with);
        return await opened.Accounts.ReadAsync(account, Stopping);
    }

    /// <summary>A proxy's accounts, and the Keystone that has the tokens for it.</summary>
    private sealed class Opened(ScriptedServer keystone, KeystoneSession session, SwiftProxy proxy, ProxyAccounts accounts) : IAsyncDisposable
    {
        public ProxyAccounts Accounts => accounts;

        /// <param name="tokens">Keystone gives no more than so many.</param>
        public static async Task<Opened> OfAsync(
            ScriptedServer server, TimeProvider clock, Func<ProxyOptions, ProxyOptions>? with = null, Uri? root = null, int tokens = int.MaxValue)
        {
            var given = 0;
            var keystone = ScriptedServer.Start(_ => Interlocked.Increment(ref given) <= tokens ? ProjectListingTests.Token : Reply.Json("{}", "503 Down"));
            var session = new KeystoneSession(ProjectListingTests.Options(keystone.Uri) with { ObjectStore = new ObjectStoreOptions(null, "public", root ?? server.Uri) }, clock);
            var options = new ProxyOptions(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10));
            var proxy = new SwiftProxy(session, with?.Invoke(options) ?? options, clock);
            return new Opened(keystone, session, proxy, await proxy.OpenAsync(Stopping));
        }

        public async ValueTask DisposeAsync()
        {
            proxy.Dispose();
            session.Dispose();
            await keystone.DisposeAsync();
        }
    }
}
