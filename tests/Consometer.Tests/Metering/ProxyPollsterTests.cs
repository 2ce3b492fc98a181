using System.Runtime.CompilerServices;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Rings;
using Consometer.Swift.Keystone;
using Consometer.Swift.Proxy;
using Consometer.Tests.Swift;

namespace Consometer.Tests.Metering;

/// <summary>The pollster against a proxy on loopback: listings page by page, how many requests at once, and how it ends.</summary>
public sealed class ProxyPollsterTests
{
    private const int SafetyNet = 60_000;
    private const string Present = "HTTP/1.1 204 No Content\r\nX-Account-Container-Count: 4\r\nX-Account-Object-Count: 8\r\nX-Account-Bytes-Used: 16\r\n\r\n";
    private const string Failing = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    /// <summary>Two on a page: an operator may set <c>account_listing_limit</c> as low as that.</summary>
    [Theory]
    [InlineData(null, "a,b,c,d", null)]
    [InlineData("b", "a,b", "server_error")]
    [InlineData("", "", "server_error")]
    public async Task Containers_are_listed_to_the_empty_page_or_it_is_told_why_not(string? failing, string listed, string? unlisted)
    {
        await using var server = ScriptedServer.Start(request => request.Line.StartsWith("HEAD", StringComparison.Ordinal) ? Reply.Of(Present)
            : request.Target[(request.Target.LastIndexOf('=') + 1)..] is var marker && marker == failing ? Reply.Of(Failing)
            : Reply.Json(marker switch { "" => Page("a", "b"), "b" => Page("c", "d"), _ => "[]" }));

        var polled = await PollAsync(server, Accounts(1)).ToArrayAsync(Stopping);

        Assert.Equal(listed, string.Join(',', polled.OfType<Polled.Page>().SelectMany(page => page.Containers).Select(container => container.Name)));
        var measured = Assert.IsType<AccountOutcome.Measured>(Assert.IsType<Polled.Settled>(polled[^1]).Outcome);
        Assert.Equal((16, unlisted, true), (measured.Usage.Bytes, measured.Unlisted, measured.ByProxy));
    }

    [Fact(Timeout = SafetyNet)]
    public async Task No_more_requests_than_workers_are_in_flight_and_no_fewer_where_there_is_work()
    {
        var gauge = new Gauge(5);
        await using var server = ScriptedServer.Start(async _ =>
        {
            await gauge.PassAsync();
            return Reply.Of("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n");
        });

        Assert.Equal((200, 5), (await PollAsync(server, Accounts(200), workers: 5).CountAsync(Stopping), gauge.InsideMax));
    }

    [Fact(Timeout = SafetyNet)]
    public async Task Accounts_that_cannot_be_listed_any_more_end_the_poll_with_that_error()
    {
        await using var server = ScriptedServer.Start(_ => Reply.Of("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));

        var error = await Assert.ThrowsAsync<InputFileException>(() => PollAsync(server, Broken()).CountAsync(Stopping).AsTask());
        Assert.Equal("accounts: gone", error.Message);

        static async IAsyncEnumerable<Account> Broken()
        {
            await foreach (var account in Accounts(20))
            {
                yield return account;
            }

            throw new InputFileException("accounts: gone");
        }
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_proxy_that_hangs_keeps_nobody_who_stops_or_reads_no_further()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = ScriptedServer.Start(request =>
        {
            asked.TrySetResult();
            return request.Target.EndsWith('0') ? Reply.Of("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n") : Reply.Hang;
        });
        using var stopping = new CancellationTokenSource();
        await foreach (var _ in PollUntilAsync(server, Accounts(100), workers: 4, stopping.Token))
        {
            break;
        }

        var polling = PollUntilAsync(server, Accounts(100), workers: 4, stopping.Token).CountAsync(Stopping).AsTask();
        await asked.Task;
        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => polling);
    }

    private static string Page(params string[] names) =>
        $"[{string.Join(',', names.Select(name => $$"""{"name": "{{name}}", "count": 2, "bytes": 4, "last_modified": "2026-11-21T13:00:00.000000"}"""))}]";

    private static IAsyncEnumerable<Account> Accounts(int count) =>
        Enumerable.Range(0, count).Select(i => new Account($"AUTH_{i}", $"{i}", $"{i}")).ToAsyncEnumerable();

    private static IAsyncEnumerable<Polled> PollAsync(ScriptedServer server, IAsyncEnumerable<Account> accounts, int workers = 4) => PollUntilAsync(server, accounts, workers, Stopping);

    private static async IAsyncEnumerable<Polled> PollUntilAsync(
        ScriptedServer server, IAsyncEnumerable<Account> accounts, int workers, [EnumeratorCancellation] CancellationToken stopping)
    {
        var clock = new ManualClock();
        await using var keystone = ScriptedServer.Start(_ => ProjectListingTests.Token);
        using var session = new KeystoneSession(ProjectListingTests.Options(keystone.Uri) with { ObjectStore = new ObjectStoreOptions(null, "public", server.Uri) }, clock);
        using var proxy = new SwiftProxy(session, new ProxyOptions(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30)), clock);
        var pollster = new ProxyPollster(proxy, new ProxyPollsterOptions(workers) { ListsContainers = true }, clock);
        await foreach (var polled in pollster.PollAsync(accounts, CancellationToken.None, stopping))
        {
            yield return polled;
        }
    }
}
