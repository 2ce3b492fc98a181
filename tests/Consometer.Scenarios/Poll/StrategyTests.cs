using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;
using Consometer.Scenarios.Samples;

namespace Consometer.Scenarios.Poll;

/// <summary>The real proxy with keystoneauth beside the real account-servers: the same samples of every account, but for what must differ.</summary>
public sealed class StrategyTests(RealSwift lab) : LabTest(lab), IAsyncLifetime
{
    private const int Accounts = 2000;
    private const int UnknownAccounts = 4;
    private const string AllMeters =
        "storage.policies.objects: true, storage.policies.objects.size: true, storage.policies.containers: true, storage.containers.objects: true, storage.containers.objects.size: true";

    /// <summary>Whom the proxy lets see every account.</summary>
    private static readonly LabConfiguration Direct = new() { User = "consometer", Scope = "swift_conso_tenant: service" };
    private static readonly LabConfiguration Proxy = Direct with { Strategy = "proxy" };
    private static readonly LabConfiguration Auto = Direct with { Strategy = "auto" };

    public async ValueTask InitializeAsync() => await RealSwift.StartProxyAsync();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Proxy_direct_and_auto_make_the_same_samples_of_2000_accounts()
    {
        await using var larger = await LargerLab.PopulateAsync(Accounts);
        var direct = await SamplesAsync(Direct with { Meters = AllMeters });
        var proxy = await SamplesAsync(Proxy with { Meters = AllMeters });
        var auto = await SamplesAsync(Auto with { Meters = AllMeters });

        Figure[] owed = [.. larger.Truth.SelectMany(account => account.Figures)];
        var meters = owed.Select(figure => figure.Meter).ToHashSet();
        Figure.AssertSame(owed, proxy.Select(sample => sample.Figure).Where(figure => meters.Contains(figure.Meter)));
        Assert.Equal<PrintedSample>(direct, proxy);
        Assert.Equal<PrintedSample>(direct, auto);
    }

    [Fact]
    public async Task The_proxy_tells_the_same_kinds_of_accounts()
    {
        var round = await RoundAsync(Proxy);

        long Count(AccountKind kind) => Truth.Count(account => account.Kind == kind);
        Assert.Equal(
            (Count(AccountKind.Measured), Count(AccountKind.Absent), Count(AccountKind.Deleted), 0, Count(AccountKind.Measured)),
            (round.Report.Measured, round.Report.Absent, round.Report.Deleted, round.Report.Unknown, round.Report.ByProxy));
        Assert.Equal("127.0.0.1:8080", Assert.Single(round.Report.Nodes).Node);
    }

    [Fact]
    public async Task Projects_of_the_system_s_reader_and_the_proxy_s_refusal_are_told_apart()
    {
        var run = await PollAsync(new LabConfiguration { Strategy = "proxy" }, ["--format", "json"]);

        var round = PrintedRound.FromJson(run);
        Assert.Equal((UnknownAccounts, Truth.Count), (run.ExitCode, round.Report.UnknownByReason["forbidden"]));
        Assert.Contains("system_reader_roles", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>The first difference: the proxy's word is that of the primary that happened to be asked second.</summary>
    [Fact]
    public async Task It_must_differ_where_a_deleted_account_is_missing_on_a_primary()
    {
        const string Project = "strategy half gone";
        await using var made = await MadeAccounts.PutAsync([new(Project, 0, null), new(Project, 1, null)]);

        var direct = (await RoundAsync(Direct, Project)).Report;
        var proxy = (await RoundAsync(Proxy, Project)).Report;

        Assert.Equal((1, 1), (direct.Deleted, proxy.Deleted + proxy.Absent));
    }

    /// <summary>The second: the proxy passes over a primary, or a handoff, that cannot tell, and makes the account up.</summary>
    [Fact]
    public async Task It_must_differ_where_a_server_that_might_have_an_account_is_down()
    {
        const int DeadNode = 2;
        var needed = await AbsentNeedingAsync(DeadNode);
        Assert.NotEmpty(needed);
        await using var outage = await RealSwift.StopNodeAsync(DeadNode);

        var direct = await RoundAsync(Direct);
        var proxy = await RoundAsync(Proxy);
        var auto = await RoundAsync(Auto);

        Assert.Equal((needed.Count, 0, needed.Count), (direct.Report.Unknown, proxy.Report.Unknown, auto.Report.Unknown));
        Assert.Equal(direct.Samples, auto.Samples);
        Assert.Equal(
            direct.Samples, proxy.Samples.Where(sample => !needed.Any(account => account.ProjectId == sample.ProjectId)));
        Assert.All(auto.Unknown.Values, said => Assert.EndsWith(", proxy absent", said, StringComparison.Ordinal));
    }
}
