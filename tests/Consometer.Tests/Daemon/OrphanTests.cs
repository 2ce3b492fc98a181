using Consometer.Metering.Samples;
using Consometer.Simulation;

namespace Consometer.Tests.Daemon;

/// <summary>Projects that Keystone lists no more, and what rounds make of their accounts.</summary>
public sealed class OrphanTests
{
    private const int Accounts = 12;

    private static readonly SimulationPlan Plan = new() { Accounts = Accounts, AbsentShare = 0, DeletedShare = 0, DisabledShare = 0.34 };

    [Fact]
    public async Task What_is_still_stored_of_a_vanished_project_is_reported_and_not_metered()
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        var gone = await FirstRoundThenVanishAsync(rounds);
        rounds.Options = rounds.Options with { Meters = MeterCatalogue.All };

        var second = await rounds.RoundAsync();

        Assert.Equal((Accounts - 1, Accounts - 1, 1, 0), (second.Report.Accounts, second.Report.Measured, second.Report.Orphans, second.Report.OrphansUnknown));
        var orphan = Assert.Single(second.Orphans);
        Assert.Equal((gone.Account, $"{gone.Containers} containers {gone.Objects} objects {gone.Bytes} B; last listed 2026-11-21T13:00:00Z"), (orphan.Account, orphan.Replicas));
        Assert.DoesNotContain(second.Samples, sample => sample.ProjectId == gone.ProjectId);
        Assert.Equal(second.Report.Samples, second.Samples.Count);
    }

    [Fact]
    public async Task An_orphan_is_metered_where_that_is_wanted()
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        var gone = await FirstRoundThenVanishAsync(rounds);
        MeterOrphans(rounds);

        var second = await rounds.RoundAsync();

        Assert.Equal((Accounts - 1, 1), (second.Report.Measured, second.Report.Orphans));
        Assert.Equal(gone.Bytes, Assert.Single(second.Samples, sample => sample.ProjectId == gone.ProjectId && sample.Meter.Name == MeterCatalogue.Size).Volume);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_whose_account_nothing_is_left_is_forgotten_and_no_zero_is_made_of_it(bool isDeleted)
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        var gone = await FirstRoundThenVanishAsync(rounds);
        MeterOrphans(rounds);
        foreach (var device in rounds.Swift.Locate(gone.Account).Primaries())
        {
            if (isDeleted)
            {
                rounds.Swift.Delete(gone.Account, device);
            }
            else
            {
                rounds.Swift.Remove(gone.Account, device);
            }
        }

        var second = await rounds.RoundAsync();

        Assert.Equal((0, 0, 0, 0), (second.Report.Orphans, second.Report.OrphansUnknown, second.Report.Absent, second.Report.Deleted));
        Assert.DoesNotContain(gone.ProjectId, second.Resources);
        Assert.Empty(rounds.Remembered);
        Assert.Equal(Accounts - 1, await RequestsOfARoundAsync(rounds));
    }

    [Fact]
    public async Task An_account_that_is_there_and_empty_is_no_orphan_and_asked_for_all_the_same()
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        var gone = await FirstRoundThenVanishAsync(rounds);
        foreach (var device in rounds.Swift.Locate(gone.Account).Primaries())
        {
            rounds.Swift.Put(gone.Account, device, new SimulatedUsage([]));
        }

        var second = await rounds.RoundAsync();

        Assert.Equal(0, second.Report.Orphans);
        Assert.Empty(second.Orphans);
        Assert.Equal([gone.ProjectId], rounds.Remembered);
    }

    [Fact]
    public async Task Who_has_one_account_left_of_two_is_not_forgotten()
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        rounds.Options = rounds.Options with { Swift = rounds.Options.Swift with { ResellerPrefixes = ["AUTH_", "SERVICE_"] } };
        var gone = await FirstRoundThenVanishAsync(rounds);

        var second = await rounds.RoundAsync();

        Assert.Equal(gone.Account, Assert.Single(second.Orphans).Account);
        Assert.Equal([gone.ProjectId], rounds.Remembered);
    }

    [Fact]
    public async Task A_project_that_is_listed_again_is_one_like_others()
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        var gone = await FirstRoundThenVanishAsync(rounds);
        await rounds.RoundAsync();
        rounds.Swift.RestoreKeystoneProject(gone.ProjectId);

        var third = await rounds.RoundAsync();

        Assert.Equal((Accounts, 0), (third.Report.Measured, third.Report.Orphans));
        Assert.Contains(gone.ProjectId, third.Resources);
        Assert.Empty(rounds.Remembered);
    }

    [Fact]
    public async Task After_its_days_an_orphan_is_forgotten()
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        await FirstRoundThenVanishAsync(rounds);
        rounds.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromHours(2));
        Assert.Equal(1, (await rounds.RoundAsync()).Report.Orphans);

        Assert.Equal(0, (await rounds.RoundAsync()).Report.Orphans);
        Assert.Empty(rounds.Remembered);
    }

    [Fact]
    public async Task With_no_days_there_are_no_orphans()
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        rounds.Options = rounds.Options with { Projects = rounds.Options.Projects with { OrphansFor = TimeSpan.Zero } };
        await FirstRoundThenVanishAsync(rounds);

        Assert.Equal(Accounts - 1, await RequestsOfARoundAsync(rounds));
        Assert.Empty(rounds.Remembered);
    }

    [Fact]
    public async Task Who_falls_out_by_another_filter_is_no_orphan()
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        await rounds.RoundAsync();
        rounds.Options = rounds.Options with { Projects = rounds.Options.Projects with { IncludeDisabled = false } };

        var second = await rounds.RoundAsync();

        Assert.InRange(second.Report.Measured, 1, Accounts - 1);
        Assert.Equal(0, second.Report.Orphans);
    }

    /// <summary>Each account is on one of two servers. One of them fails, and Keystone lists nobody any more who is on that.</summary>
    [Fact]
    public async Task An_orphan_that_nothing_can_be_told_of_makes_no_account_unknown()
    {
        await using var rounds = await StoredRounds.StartAsync(Plan with { Nodes = 2, DevicesPerNode = 1, Replicas = 1 });
        await rounds.RoundAsync();
        var (sick, devices) = (rounds.Swift.Nodes[0], rounds.Swift.Nodes[0].Devices.Select(device => device.Id).ToHashSet());
        var gone = rounds.Swift.Accounts.Where(account => devices.Contains(rounds.Swift.Locate(account.Account).Primaries().Single().Id)).ToArray();
        Assert.InRange(gone.Length, 1, Accounts - 1);
        Array.ForEach(gone, account => rounds.Swift.RemoveKeystoneProject(account.ProjectId));
        sick.Fault = NodeFault.Status(507);

        var second = await rounds.RoundAsync();

        Assert.Equal((0, gone.Length, 0), (second.Report.Unknown, second.Report.OrphansUnknown, second.Report.Orphans));
        Assert.Equal(gone.Select(account => account.Account).Order(), second.Orphans.Select(orphan => orphan.Account));
        Assert.All(second.Orphans, orphan => Assert.Matches("^unknown: .* unmounted.*; last listed 2026-11-21T13:00:00Z$", orphan.Replicas));
        Assert.Equal(gone.Length, rounds.Remembered.Count);
    }

    [Fact]
    public async Task While_Keystone_fails_orphans_are_asked_for_too()
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        await FirstRoundThenVanishAsync(rounds);
        await rounds.RoundAsync();
        rounds.Swift.KeystoneFault = NodeFault.Status(503);

        var third = await rounds.RoundAsync();

        Assert.Equal((Accounts - 1, 1), (third.Report.Measured, third.Report.Orphans));
    }

    /// <summary>Worth another try in a minute, which costs no request: but where orphans are metered all have their figures.</summary>
    [Fact]
    public async Task A_list_that_is_suddenly_empty_makes_everybody_an_orphan()
    {
        await using var rounds = await StoredRounds.StartAsync(Plan);
        await rounds.RoundAsync();
        foreach (var account in rounds.Swift.Accounts)
        {
            rounds.Swift.RemoveKeystoneProject(account.ProjectId);
        }

        var before = rounds.Requests;
        var second = await rounds.RoundAsync();
        Assert.Contains("the list of projects is empty", second.Report.Failure, StringComparison.Ordinal);
        Assert.Equal((0, Accounts), (rounds.Requests - before, rounds.Remembered.Count));

        MeterOrphans(rounds);
        var third = await rounds.RoundAsync();
        Assert.Equal((null, 0), (third.Report.Failure, third.Report.Accounts));
        Assert.Equal(Accounts, third.Resources.Count());
    }

    /// <summary>Under another hash prefix nobody is there, and nobody is gone either.</summary>
    [Theory]
    [InlineData(12)]
    [InlineData(5)]
    public async Task With_a_wrong_hash_prefix_nobody_is_forgotten(int accounts)
    {
        await using var rounds = await StoredRounds.StartAsync(Plan with { Accounts = accounts });
        var gone = await FirstRoundThenVanishAsync(rounds);
        var conf = Path.Combine(rounds.Swift.Folder, "other.conf");
        await File.WriteAllTextAsync(conf, "[swift-hash]\nswift_hash_path_suffix = other\n", TestContext.Current.CancellationToken);
        rounds.Options = rounds.Options with { Swift = rounds.Options.Swift with { ConfPath = conf } };

        Assert.Equal(accounts - 1, (await rounds.RoundAsync()).Report.Absent);
        Assert.Equal([gone.ProjectId], rounds.Remembered);
    }

    private static void MeterOrphans(StoredRounds rounds) => rounds.Options = rounds.Options with { Projects = rounds.Options.Projects with { MetersOrphans = true } };

    /// <returns>The account of a project that was listed in the first round, and will not be in the second. It holds something.</returns>
    private static async Task<SimulatedAccount> FirstRoundThenVanishAsync(StoredRounds rounds)
    {
        var first = await rounds.RoundAsync();
        Assert.Equal(rounds.Swift.Accounts.Count, first.Report.Measured);
        var gone = rounds.Swift.Accounts.First(account => account.Bytes > 0);
        rounds.Swift.RemoveKeystoneProject(gone.ProjectId);
        return gone;
    }

    private static async Task<long> RequestsOfARoundAsync(StoredRounds rounds)
    {
        var before = rounds.Requests;
        await rounds.RoundAsync();
        return rounds.Requests - before;
    }
}
