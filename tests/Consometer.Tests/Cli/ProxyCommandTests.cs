using System.Text.Json;
using Consometer.Simulation;
using Consometer.Tests.Daemon;
using Consometer.Tests.Simulation;

namespace Consometer.Tests.Cli;

/// <summary>The built program with <c>strategy: proxy</c>: no ring anywhere, and a refusal that says what to do.</summary>
public sealed class ProxyCommandTests(RunningCluster running) : IClassFixture<RunningCluster>
{
    private readonly SimulatedCluster _cluster = running.Cluster;

    [Fact]
    public async Task A_poll_names_what_came_through_the_proxy()
    {
        ProxiedCluster.Options(_cluster, "proxy");

        var run = await RunAsync("poll", "--format", "json");

        var report = JsonDocument.Parse(run.Output).RootElement.GetProperty("report");
        Assert.Equal((ExitCode.Done, report.GetProperty("measured").GetInt64()), (run.ExitCode, report.GetProperty("by_proxy").GetInt64()));
        Assert.Contains("through the proxy)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_tells_what_the_proxy_says()
    {
        ProxiedCluster.Options(_cluster, "proxy");
        var stored = _cluster.Accounts.First(account => account.Kind == SimulatedAccountKind.Stored && account.Objects > 0);
        var deleted = _cluster.Accounts.First(account => account.Kind == SimulatedAccountKind.Deleted);

        var run = await RunAsync("poll", stored.ProjectId, "never", deleted.ProjectId, "--explain");

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains($"proxy      {_cluster.Proxy.Uri.AbsoluteUri}v1", run.Output, StringComparison.Ordinal);
        Assert.Matches($@"says       answered: {stored.Containers:N0} containers, {stored.Objects:N0} objects, {stored.Bytes:N0} bytes \(", run.Output);
        Assert.Contains("outcome    absent: the proxy finds no figures", run.Output, StringComparison.Ordinal);
        Assert.Contains("outcome    deleted: the proxy says 410", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_without_the_role_is_told_which_everywhere()
    {
        ProxiedCluster.Options(_cluster, "proxy", scope: ProxiedCluster.Scope(_cluster.KeystoneUser, _cluster.KeystonePassword, "system_scope: all"));

        var poll = await RunAsync("poll", "--format", "ndjson");
        var explain = await RunAsync("poll", "some", "--explain", "--format", "json");
        var check = await RunAsync("check", "--format", "json");

        Assert.Equal((ExitCode.UnknownAccounts, ""), (poll.ExitCode, poll.Output));
        Assert.Equal((ExitCode.UnknownAccounts, ExitCode.Service), (explain.ExitCode, check.ExitCode));
        Assert.All([poll.Error, explain.Output, check.Output], told => Assert.Contains("system_reader_roles", told, StringComparison.Ordinal));
        Assert.All([poll, explain, check], run => Assert.DoesNotContain(_cluster.KeystonePassword, run.Output + run.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_check_passes_over_what_the_proxy_has_no_need_of()
    {
        ProxiedCluster.Options(_cluster, "proxy");

        var run = await RunAsync("check", "--format", "json");

        var verdicts = JsonDocument.Parse(run.Output).RootElement.GetProperty("checks").EnumerateArray()
            .ToDictionary(check => check.GetProperty("check").GetString()!, check => check.GetProperty("verdict").GetString());
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(("skipped", "skipped", "skipped"), (verdicts["ring"], verdicts["swift.conf"], verdicts["servers"]));
        Assert.Equal(("ok", "ok"), (verdicts["projects"], verdicts["accounts"]));
    }

    private Task<Run> RunAsync(params string[] arguments) => ConsometerProgram.RunAsync([.. arguments, "--config", _cluster.Folder]);
}
