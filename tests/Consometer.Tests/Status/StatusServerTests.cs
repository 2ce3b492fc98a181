using System.Net;
using System.Net.Sockets;
using System.Text;
using Consometer.Configuration;
using Consometer.Status;
using Consometer.Tests.Daemon;
using Serilog.Core;

namespace Consometer.Tests.Status;

public sealed class StatusServerTests
{
    private const string Anywhere = "127.0.0.1:0";

    [Theory]
    [InlineData("/")]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/version")]
    [InlineData("/no-such")]
    public async Task No_answer_may_be_kept_framed_guessed_at_or_run(string path)
    {
        await using var shown = await ShownStatus.StartAsync();
        using var answer = await shown.SendAsync(HttpMethod.Get, path);

        Assert.Equal(
            ("no-store", "nosniff", "DENY", "no-referrer"), (Header("Cache-Control"), Header("X-Content-Type-Options"), Header("X-Frame-Options"), Header("Referrer-Policy")));
        Assert.StartsWith("default-src 'none'; ", Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("Server", answer.Headers.Select(header => header.Key));

        string Header(string name) => answer.Headers.GetValues(name).Single();
    }

    [Fact]
    public async Task There_is_reading_and_nothing_else()
    {
        await using var shown = await ShownStatus.StartAsync();
        using var posted = await shown.SendAsync(HttpMethod.Post, "/");
        using var head = await shown.SendAsync(HttpMethod.Head, "/healthz");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        Assert.Equal(["GET", "HEAD"], posted.Content.Headers.Allow);
        Assert.Equal((HttpStatusCode.OK, 3), (head.StatusCode, head.Content.Headers.ContentLength));
        Assert.Equal(HttpStatusCode.NotFound, (await shown.GetAsync("/etc/passwd")).Status);
        Assert.Equal((HttpStatusCode.OK, "{\"program\":\"consometer\",\"version\":\"0.1.0\"}\n"), await shown.GetAsync("/version"));
    }

    [Theory]
    [InlineData("rebound.example.com", false)]
    [InlineData("localhost.example.com:8080", false)]
    [InlineData("localhost:8080", true)]
    [InlineData("127.0.0.1:1", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("192.0.2.1", true)]
    public async Task On_loopback_nobody_reads_it_by_a_name_that_only_leads_here(string host, bool isAnswered)
    {
        await using var shown = await ShownStatus.StartAsync();
        using var answer = await shown.SendAsync(HttpMethod.Get, "/", host);

        Assert.Equal(isAnswered ? HttpStatusCode.OK : HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        Assert.Null(HostRule.RefusalOf(new(host), IPAddress.Any));
    }

    [Fact]
    public async Task A_port_in_use_and_an_address_of_another_host_are_faults_of_the_configuration()
    {
        await using var first = new StatusDesk();
        await using var second = new StatusDesk();
        await first.MoveAsync(IPEndPoint.Parse(Anywhere), Logger.None);

        var inUse = await Assert.ThrowsAsync<ConfigurationException>(() => second.MoveAsync(first.Address, Logger.None));
        var foreign = await Assert.ThrowsAsync<ConfigurationException>(() => second.MoveAsync(IPEndPoint.Parse("192.0.2.1:8080"), Logger.None));

        Assert.Equal($"status.listen: wanted to listen at {first.Address}, found the address in use", inUse.Message);
        Assert.Equal("status.listen: wanted to listen at 192.0.2.1:8080, found that this host does not have the address", foreign.Message);
    }

    /// <summary>The default is also a Swift proxy's port.</summary>
    [Fact]
    public async Task A_default_port_that_is_in_use_costs_the_page_and_a_warning()
    {
        await using var first = new StatusDesk();
        await using var second = new StatusDesk();
        await first.MoveAsync(IPEndPoint.Parse(Anywhere), Logger.None);
        var log = new RememberedLog();
        using var logger = log.Open();

        await second.MoveAsync(new StatusOptions(first.Address, ShowsAccounts: true, AccountMetrics: false) { IsListenGiven = false }, logger);

        Assert.Null(second.Address);
        Assert.Contains("the daemon works on without status page", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_move_that_is_refused_leaves_it_where_it_was_and_one_that_works_leaves_nothing_there()
    {
        await using var other = new StatusDesk();
        await using var desk = new StatusDesk();
        await other.MoveAsync(IPEndPoint.Parse(Anywhere), Logger.None);
        await desk.MoveAsync(IPEndPoint.Parse(Anywhere), Logger.None);
        var first = desk.Address!;

        await Assert.ThrowsAsync<ConfigurationException>(() => desk.MoveAsync(other.Address, Logger.None));
        Assert.Equal((first, true), (desk.Address, await AnswersAsync(first)));

        await desk.MoveAsync(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0), Logger.None);
        Assert.Equal((true, false), (await AnswersAsync(desk.Address!), await AnswersAsync(first)));

        var second = desk.Address!;
        await desk.MoveAsync((IPEndPoint?)null, Logger.None);
        Assert.Equal((null, false), (desk.Address, await AnswersAsync(second)));
    }

    /// <summary>From loopback to every address is the reload to expect; both cannot be had at once. One that the port refuses goes back.</summary>
    [Fact]
    public async Task It_moves_to_every_address_with_the_same_port_and_back_if_that_is_refused()
    {
        await using var desk = new StatusDesk();
        await desk.MoveAsync(IPEndPoint.Parse(Anywhere), Logger.None);
        var first = desk.Address!;

        await Assert.ThrowsAsync<ConfigurationException>(() => desk.MoveAsync(new IPEndPoint(IPAddress.Parse("192.0.2.1"), first.Port), Logger.None));
        Assert.NotNull(desk.Address);
        Assert.True(await AnswersAsync(desk.Address));

        await desk.MoveAsync(new IPEndPoint(IPAddress.Any, desk.Address.Port), Logger.None);
        Assert.True(await AnswersAsync(new IPEndPoint(IPAddress.Loopback, desk.Address!.Port)));
    }

    [Fact]
    public async Task It_ends_whoever_still_holds_a_connection()
    {
        var desk = new StatusDesk();
        await desk.MoveAsync(IPEndPoint.Parse(Anywhere), Logger.None);
        using var idle = await ConnectAsync(desk.Address!, "GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n");
        using var halfSent = await ConnectAsync(desk.Address!, "GET / HTTP/1.1\r\nHost: local");
        Assert.NotEqual(0, await idle.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));

        await desk.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.False(await AnswersAsync(desk.Address!));
    }

    [Fact]
    public async Task A_request_beyond_all_measure_is_refused()
    {
        await using var shown = await ShownStatus.StartAsync();
        using var answer = await shown.SendAsync(HttpMethod.Get, $"/?{new string('x', 5000)}");

        Assert.Equal(HttpStatusCode.RequestUriTooLong, answer.StatusCode);
    }

    private static async Task<TcpClient> ConnectAsync(IPEndPoint address, string request)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        return client;
    }

    private static async Task<bool> AnswersAsync(IPEndPoint address)
    {
        try
        {
            using var client = await ConnectAsync(address, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            return await client.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
