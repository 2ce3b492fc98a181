using Consometer.Simulation;
using Consometer.Swift.Keystone;
using Consometer.Tests.Delivery;

namespace Consometer.Tests.Daemon;

/// <summary>Keystone fails after a round that it gave its list to: what the rounds make of the list that is kept.</summary>
public sealed class KeptListTests
{
    private const int SafetyNet = 60_000;
    private const int Accounts = 12;

    /// <summary>Of them a third is disabled.</summary>
    private static readonly SimulationPlan Plan = new() { Accounts = Accounts, AbsentShare = 0, DeletedShare = 0, DisabledShare = 0.34 };

    public static TheoryData<NodeFault, string> Faults => new()
    {
        { NodeFault.Refuses, "Keystone http" },
        { NodeFault.Status(500), "500" },
        { NodeFault.Status(403), "403" },
        { NodeFault.Scripted(request => request == 1 ? NodeFault.None : NodeFault.Status(503)), "listing projects" },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task Whatever_Keystone_fails_with_the_list_of_before_is_used_and_said_to_be(NodeFault fault, string reason)
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        var good = await rounds.RoundAsync();
        Assert.Equal((null, null), (good.Report.ProjectListAgeSeconds, good.Report.ProjectListFailure));

        rounds.Swift.KeystoneFault = fault;
        var kept = await rounds.RoundAsync();

        Assert.Equal((Accounts, Accounts), (good.Report.Measured, kept.Report.Measured));
        Assert.Equal(good.Resources, kept.Resources);
        Assert.Equal(3600, kept.Report.ProjectListAgeSeconds);
        Assert.Contains(reason, kept.Report.ProjectListFailure, StringComparison.Ordinal);
        Assert.Contains("\"project_list_age_seconds\":3600", StoredRows.Read(rounds.Options.StorePath, "SELECT report FROM round ORDER BY id")[1], StringComparison.Ordinal);

        rounds.Swift.KeystoneFault = NodeFault.None;
        Assert.Null((await rounds.RoundAsync()).Report.ProjectListAgeSeconds);
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_Keystone_that_hangs_is_waited_for_no_longer_than_a_request_takes()
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        await rounds.RoundAsync();
        rounds.Swift.KeystoneFault = NodeFault.Hangs;

        var running = rounds.RoundAsync();
        await Eventually.HoldsAsync("Keystone is waited for", () => rounds.Clock.IsWaitedFor(TimeSpan.FromSeconds(45)));
        rounds.Clock.Advance(TimeSpan.FromSeconds(45));

        Assert.Equal((Accounts, 3645), ((await running).Report.Measured, (await running).Report.ProjectListAgeSeconds));
    }

    [Fact]
    public async Task A_list_is_used_until_it_is_too_old_and_then_both_reasons_are_told()
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        await rounds.RoundAsync();
        rounds.Swift.KeystoneFault = NodeFault.Status(503);

        rounds.Clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal(TimeSpan.FromDays(1).TotalSeconds, (await rounds.RoundAsync()).Report.ProjectListAgeSeconds);

        var failure = await Assert.ThrowsAsync<KeystoneException>(rounds.RoundAsync);
        Assert.Contains("503", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("the list of projects kept from before is 1.01:00:00 old, more than 1d (projects.cache_max_age)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_list_the_round_fails_as_Keystone_did()
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        rounds.Swift.KeystoneFault = NodeFault.Status(503);

        var failure = await Assert.ThrowsAsync<KeystoneException>(rounds.RoundAsync);

        Assert.Contains("503", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("no list of these projects is kept from before", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_other_projects_than_are_wanted_is_none()
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        await rounds.RoundAsync();
        rounds.Swift.KeystoneFault = NodeFault.Status(503);
        rounds.Options = rounds.Options with { Projects = rounds.Options.Projects with { IncludeDisabled = false } };

        var failure = await Assert.ThrowsAsync<KeystoneException>(rounds.RoundAsync);

        Assert.EndsWith("no list of these projects is kept from before", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_an_age_of_0_no_list_is_used()
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        rounds.Options = rounds.Options with { Projects = rounds.Options.Projects with { CacheMaxAge = TimeSpan.Zero } };
        await rounds.RoundAsync();
        rounds.Swift.KeystoneFault = NodeFault.Status(503);

        var failure = await Assert.ThrowsAsync<KeystoneException>(rounds.RoundAsync);

        Assert.DoesNotContain("kept", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_projects_from_a_file_nothing_is_kept()
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        var file = Path.Combine(rounds.Swift.Folder, "projects");
        await File.WriteAllLinesAsync(file, rounds.Swift.Accounts.Select(account => account.ProjectId), TestContext.Current.CancellationToken);
        rounds.Options = rounds.Options with { Projects = rounds.Options.Projects with { FilePath = file } };
        await rounds.RoundAsync();
        await File.WriteAllTextAsync(file, rounds.Swift.Accounts[0].ProjectId, TestContext.Current.CancellationToken);

        var second = await rounds.RoundAsync();

        Assert.Equal((1, 0, null), (second.Report.Accounts, second.Report.Orphans, second.Report.ProjectListAgeSeconds));
        Assert.Equal(["0"], StoredRows.Read(rounds.Options.StorePath, "SELECT count(*) FROM project_list"));
    }

    /// <summary>The daemon itself: a warning for each such round, and an age that grows until Keystone is back.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task The_daemon_goes_on_without_Keystone_and_knows_the_age_of_the_list()
    {
        await using var loop = await RunningLoop.StartAsync(Plan);
        await loop.RoundIsThereAsync(0);
        loop.Swift.Cluster.KeystoneFault = NodeFault.Status(503);
        await loop.StopAsync();
        loop.Start();
        Assert.Null(loop.Projects.Age);

        await PassHourAsync(loop, 1);
        await PassHourAsync(loop, 2);
        Assert.Equal(2 * RunningLoop.Hour, loop.Projects.Age);
        Assert.Equal(
            ["01:00:00 old", "02:00:00 old"],
            loop.Log.Warnings.Where(line => line.Contains("503", StringComparison.Ordinal)).Select(line => line[^12..]));

        loop.Swift.Cluster.KeystoneFault = NodeFault.None;
        await PassHourAsync(loop, 3);
        Assert.Equal(TimeSpan.Zero, loop.Projects.Age);
    }

    private static async Task PassHourAsync(RunningLoop loop, int hour)
    {
        await Eventually.HoldsAsync("the loop waits for the next hour", () => loop.Clock.IsWaitedFor(RunningLoop.Hour));
        loop.Clock.Advance(RunningLoop.Hour);
        await loop.RoundIsThereAsync(hour);
        await Eventually.HoldsAsync("the loop waits again", () => loop.Clock.IsWaitedFor(RunningLoop.Hour));
    }
}
