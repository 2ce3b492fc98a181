using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Consometer.Scenarios.Running;
using Consometer.Simulation;

namespace Consometer.Scenarios.Status;

/// <summary>The address of the status page, as the program's start, SIGHUP and SIGTERM find it.</summary>
public sealed partial class StatusAddressTests : IAsyncLifetime
{
    private readonly ConfigurationFolder _folder = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private SimulatedCluster _cluster = null!;

    public async ValueTask InitializeAsync() =>
        _cluster = await SimulatedCluster.StartAsync(new SimulationPlan { Accounts = 20 }, Path.Combine(_folder.Path, "swift"), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_port_in_use_ends_the_program_with_a_line()
    {
        using var taken = Listen();
        Write($"listen: {taken.LocalEndpoint}");

        var run = await Programs.ConsometerAsync(["run", "--config", _folder.Path]);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal([$"consometer: status.listen: wanted to listen at {taken.LocalEndpoint}, found the address in use"], run.ErrorLines);
    }

    [Fact]
    public async Task On_SIGHUP_it_stays_where_it_is_moves_or_stays_since_it_cannot_move()
    {
        Write("listen: 127.0.0.1:0");
        await using var daemon = RunningProgram.StartDaemon("--config", _folder.Path);
        await SaysAsync(daemon, "accounts in");
        var first = Address().Matches(daemon.ErrorsSoFar)[0].Value;
        Assert.Contains("accounts: true", await ConfigurationAsync(first), StringComparison.Ordinal);

        Write("listen: 127.0.0.1:0, accounts: false");
        daemon.Reload();
        await Eventually.TrueAsync(() => $"the new configuration on the page; {daemon.ErrorsSoFar}", async () => (await ConfigurationAsync(first)).Contains("accounts: false", StringComparison.Ordinal));

        using var taken = Listen();
        Write($"listen: {taken.LocalEndpoint}, accounts: true");
        daemon.Reload();
        await SaysAsync(daemon, "found the address in use");
        Assert.Contains("accounts: false", await ConfigurationAsync(first), StringComparison.Ordinal);

        Write("listen: 127.0.0.2:0");
        daemon.Reload();
        await SaysAsync(daemon, "http://127.0.0.2:");
        Assert.Equal("ok\n", await _http.GetStringAsync($"{Address().Matches(daemon.ErrorsSoFar)[^1].Value}healthz", TestContext.Current.CancellationToken));
        await Eventually.TrueAsync("the old address is left", async () => !await AnswersAsync(first));
        daemon.Terminate();
        Assert.Equal(0, (await daemon.WaitAsync(Programs.Deadline)).ExitCode);
    }

    [Fact]
    public async Task On_SIGTERM_it_ends_whoever_holds_a_connection()
    {
        Write("listen: 127.0.0.1:0");
        await using var daemon = RunningProgram.StartDaemon("--config", _folder.Path);
        await SaysAsync(daemon, "accounts in");
        var page = new Uri(Address().Match(daemon.ErrorsSoFar).Value);
        await _http.GetStringAsync(page, TestContext.Current.CancellationToken);
        using var halfSent = new TcpClient(page.Host, page.Port);
        await halfSent.GetStream().WriteAsync("GET / HTTP/1.1\r\nHo"u8.ToArray(), TestContext.Current.CancellationToken);

        daemon.Terminate();

        Assert.Equal(0, (await daemon.WaitAsync(TimeSpan.FromSeconds(10))).ExitCode);
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static Task SaysAsync(RunningProgram daemon, string text) =>
        Eventually.TrueAsync(() => $"\"{text}\" in {daemon.ErrorsSoFar}", () => Task.FromResult(daemon.ErrorsSoFar.Contains(text, StringComparison.Ordinal)));

    private void Write(string status)
    {
        _folder.Write("projects.txt", string.Concat(_cluster.Accounts.Select(account => account.ProjectId + "\n")));
        _folder.Write(new LabConfiguration { RingDir = _cluster.Folder, SwiftConf = _cluster.SwiftConfPath, Projects = "source: file, file: projects.txt", Status = status });
    }

    /// <summary>What the page says of single accounts.</summary>
    private async Task<string> ConfigurationAsync(string page) =>
        Accounts().Match(await _http.GetStringAsync(page, TestContext.Current.CancellationToken)) is { Success: true } match ? $"accounts: {match.Groups[1].Value}" : "";

    private async Task<bool> AnswersAsync(string page)
    {
        try
        {
            using var answer = await _http.GetAsync(page, TestContext.Current.CancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.\d:\d+/")]
    private static partial Regex Address();

    [GeneratedRegex("<dt>status.accounts</dt><dd>([a-z]+)</dd>")]
    private static partial Regex Accounts();
}
