using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Metering;

/// <summary>The listing of an account's containers in a poll: page by page, and on at another replica where one fails.</summary>
public sealed class ContainerListingTests
{
    private const string Present = "HTTP/1.1 204 No Content\r\nX-Account-Container-Count: 4\r\nX-Account-Object-Count: 8\r\nX-Account-Bytes-Used: 16\r\n\r\n";
    private const string Failing = "HTTP/1.1 500 Internal Error\r\nContent-Length: 0\r\n\r\n";

    [Fact]
    public async Task Pages_are_asked_for_to_the_empty_one_and_come_before_the_account_is_settled()
    {
        var polled = await PollAsync((_, request) => Answer(request));

        Assert.Equal(["a", "b", "c", "d"], Names(polled));
        Assert.Null(Assert.IsType<AccountOutcome.Measured>(Assert.IsType<Polled.Settled>(polled[^1]).Outcome).Unlisted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("b")]
    public async Task Where_a_replica_fails_another_goes_on_after_the_last_name(string marker)
    {
        var failed = -1;
        var polled = await PollAsync((node, request) =>
        {
            if (request.Line.StartsWith("GET", StringComparison.Ordinal) && request.Target.EndsWith($"marker={marker}", StringComparison.Ordinal))
            {
                Interlocked.CompareExchange(ref failed, node, -1);
                return failed == node ? Reply.Of(Failing) : Answer(request);
            }

            return Answer(request);
        });

        Assert.NotEqual(-1, failed);
        Assert.Equal(["a", "b", "c", "d"], Names(polled));
        Assert.Null(Assert.IsType<AccountOutcome.Measured>(Assert.IsType<Polled.Settled>(polled[^1]).Outcome).Unlisted);
    }

    [Fact]
    public async Task Where_every_replica_fails_the_figures_stand_and_the_reason_is_told()
    {
        var polled = await PollAsync((_, request) => request.Target.EndsWith("marker=b", StringComparison.Ordinal) ? Reply.Of(Failing) : Answer(request));

        Assert.Equal(["a", "b"], Names(polled));
        var measured = Assert.IsType<AccountOutcome.Measured>(Assert.IsType<Polled.Settled>(polled[^1]).Outcome);
        Assert.Equal((new AccountUsage(4, 8, 16), "server_error"), (measured.Usage, measured.Unlisted));
    }

    private static Reply Answer(Request request) => request.Line.StartsWith("HEAD", StringComparison.Ordinal)
        ? Reply.Of(Present)
        : Reply.Json(request.Target[(request.Target.LastIndexOf('=') + 1)..] switch
        {
            "" => Page("a", "b"),
            "b" => Page("c", "d"),
            _ => "[]",
        });

    private static string Page(params string[] names) =>
        $"[{string.Join(',', names.Select(name => $$"""{"name": "{{name}}", "count": 2, "bytes": 4, "last_modified": "2026-11-21T13:00:00.000000"}"""))}]";

    private static IEnumerable<string> Names(Polled[] polled) =>
        polled.OfType<Polled.Page>().SelectMany(page => page.Containers).Select(container => container.Name);

    private static async Task<Polled[]> PollAsync(Func<int, Request, Reply> script)
    {
        var clock = new ManualClock();
        var servers = Enumerable.Range(0, 3).Select(node => ScriptedServer.Start(request => script(node, request))).ToArray();
        using var client = new AccountServers(new AccountServerOptions(Network.Client, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30)), clock);
        var ring = TestRing.Spread(3, [.. servers.Select((server, id) => TestRing.DeviceAt(id, server.Port))]);
        var pollster = new DirectPollster(ring, TestRing.HashPath, client, new DirectPollsterOptions(8, 4) { ListsContainers = true }, clock);
        var polled = await pollster.PollAsync(new[] { new Account("AUTH_a", "a", "a") }.ToAsyncEnumerable(), CancellationToken.None, TestContext.Current.CancellationToken)
            .ToArrayAsync(TestContext.Current.CancellationToken);
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }

        return polled;
    }
}
