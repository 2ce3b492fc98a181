using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Poll;

/// <summary>Accounts that are not, or not only, where the ring says.</summary>
public sealed class HandoffTests(RealSwift lab) : LabTest(lab)
{
    private const int UnknownAccounts = 4;
    private const int Replicas = 3;

    private static readonly MadeUsage Usage = new(2, 12, 345_678);

    /// <summary>On the first handoff, the second, the third: as far as the proxy looks.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public async Task An_account_that_only_a_handoff_holds_is_measured(int? stoppedNode)
    {
        MadeReplica[] replicas = [.. Enumerable.Range(0, 12).Select(i => new MadeReplica($"scenario-handoff-{i}", Replicas + (i % Replicas), Usage))];
        await using var made = await MadeAccounts.PutAsync(replicas);
        await using var outage = stoppedNode is { } node ? await RealSwift.StopNodeAsync(node) : null;
        var placements = await SwiftPlacement.OfAsync(replicas.Select(replica => replica.Account));
        var there = replicas.Zip(placements).Where(pair => pair.Second.Nodes[pair.First.Place] != stoppedNode).Select(pair => pair.First).ToArray();
        Assert.NotEmpty(there);

        var round = await RoundAsync(new LabConfiguration(), [.. replicas.Select(replica => replica.Account)]);

        Figure.AssertSame(there.SelectMany(replica => Usage.Of(replica.ProjectId).Figures), round.Samples.Select(sample => sample.Figure));
        Assert.Equal(replicas.Except(there).Select(replica => replica.Account).Order(), round.Unknown.Keys.Order());
        Assert.Equal(there.Length < replicas.Length ? UnknownAccounts : 0, round.ExitCode);
    }

    /// <summary>All mixes of deleted and missing replicas but the one without a deleted one. What only the stopped node remembers nobody can tell.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public async Task An_account_that_a_replica_remembers_as_deleted_is_deleted_whatever_the_others_miss(int? stoppedNode)
    {
        MadeReplica[] replicas =
        [
            .. from account in Enumerable.Range(0, 3)
               from mix in Enumerable.Range(1, (1 << Replicas) - 1)
               from place in Enumerable.Range(0, Replicas)
               where (mix >> place & 1) == 1
               select new MadeReplica($"scenario-deleted-{account}-{mix}", place, Usage: null),
        ];
        var accounts = replicas.Select(replica => replica.Account).Distinct().ToArray();
        await using var made = await MadeAccounts.PutAsync(replicas);
        var nodes = accounts.Zip(await SwiftPlacement.OfAsync(accounts)).ToDictionary(pair => pair.First, pair => pair.Second.Nodes);
        var deleted = replicas.Where(replica => nodes[replica.Account][replica.Place] != stoppedNode).Select(replica => replica.Account).Distinct().ToArray();
        await using var outage = stoppedNode is { } node ? await RealSwift.StopNodeAsync(node) : null;

        var round = await RoundAsync(new LabConfiguration(), accounts);

        Assert.Empty(round.Samples);
        Assert.Equal(deleted.Length, round.Report.Deleted);
        Assert.Equal(accounts.Except(deleted).Order(), round.Unknown.Keys.Order());
        Assert.Equal((0, 0), (round.Report.Measured, round.Report.Absent));
    }

    /// <summary>A replica that missed the deletion has the figures, as the proxy has it; that another one says deleted is told.</summary>
    [Fact]
    public async Task An_account_that_is_deleted_on_some_replicas_only_is_measured_and_the_disagreement_told()
    {
        MadeReplica[] replicas = [.. Enumerable.Range(0, Replicas).Select(place => new MadeReplica("scenario-half-deleted", place, place == 2 ? Usage : null))];
        await using var made = await MadeAccounts.PutAsync(replicas);

        var round = await RoundAsync(new LabConfiguration { Swift = ["replicas: all"] }, replicas[0].Account);

        Figure.AssertSame(Usage.Of(replicas[0].ProjectId).Figures, round.Samples.Select(sample => sample.Figure));
        Assert.Equal(
            ["2 containers 12 objects 345678 B", "deleted", "deleted"],
            round.Disagreeing[replicas[0].Account].Split(", ").Select(said => said[(said.IndexOf(' ', StringComparison.Ordinal) + 1)..]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("zero")]
    [InlineData("skip")]
    public async Task Absent_accounts_count_as_zero_or_not_at_all(string absent)
    {
        var round = await RoundAsync(new LabConfiguration { Swift = [$"absent_accounts: {absent}"] });

        Figure.AssertSame(
            Truth.Where(account => account.Kind == AccountKind.Measured || absent == "zero").SelectMany(account => account.Figures),
            round.Samples.Select(sample => sample.Figure));
        Assert.Equal((0, Truth.Count(account => account.Kind == AccountKind.Absent)), (round.ExitCode, round.Report.Absent));
    }
}
