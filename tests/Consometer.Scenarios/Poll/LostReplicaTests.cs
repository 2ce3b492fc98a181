using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;
using Consometer.Scenarios.Samples;

namespace Consometer.Scenarios.Poll;

/// <summary>Two or three of four nodes are gone at once: an account is measured by its last replica, and unknown without any.</summary>
public sealed class LostReplicaTests(RealSwift lab) : LabTest(lab)
{
    private const int UnknownAccounts = 4;

    private static readonly LabConfiguration Configuration = new() { Swift = ["node_timeout: 1s"] };

    /// <summary>Replicas are on three of the four nodes, so each account has one left at least.</summary>
    [Theory]
    [InlineData(Sickness.Stopped)]
    [InlineData(Sickness.Frozen)]
    public async Task With_two_of_three_replicas_gone_every_account_is_measured_exactly(Sickness sickness)
    {
        var unknown = await AbsentNeedingAsync(1, 3);

        var round = await RoundWithoutAsync([1, 3], sickness);

        AssertExact(round, [.. unknown]);
    }

    [Theory]
    [InlineData(Sickness.Stopped, "unreachable")]
    [InlineData(Sickness.Frozen, "timed_out")]
    public async Task With_all_replicas_gone_an_account_is_unknown_and_the_others_are_as_they_were(Sickness sickness, string reason)
    {
        var lost = await LostWithoutAsync([1, 2, 3]);
        Assert.Contains(lost, account => account.Kind == AccountKind.Measured);
        var unknown = await AbsentNeedingAsync(1, 2, 3);

        var round = await RoundWithoutAsync([1, 2, 3], sickness);

        AssertExact(round, [.. lost, .. unknown]);
        Assert.Equal([reason], round.Report.UnknownByReason.Keys);
        Assert.All(round.Unknown.Values, replicas => Assert.Matches($"127.0.0.[123]:6202/d[01] {reason}", replicas));
    }

    private async Task<PrintedRound> RoundWithoutAsync(int[] nodes, Sickness sickness)
    {
        var outages = new Stack<IAsyncDisposable>();
        try
        {
            foreach (var node in nodes)
            {
                outages.Push(await RealSwift.HarmNodeAsync(node, sickness));
            }

            return await RoundAsync(Configuration);
        }
        finally
        {
            while (outages.TryPop(out var outage))
            {
                await outage.DisposeAsync();
            }
        }
    }

    /// <summary>What has no replica elsewhere. A deleted account is one that some replica remembers: without any it is as unknown as the others.</summary>
    private async Task<AccountTruth[]> LostWithoutAsync(int[] nodes)
    {
        var there = Truth.Where(account => account.Kind != AccountKind.Absent).ToArray();
        var placements = await SwiftPlacement.OfAsync(there.Select(account => account.Account));
        return [.. there.Zip(placements).Where(pair => !pair.Second.PrimaryNodes.Except(nodes).Any()).Select(pair => pair.First)];
    }

    private void AssertExact(PrintedRound round, HashSet<AccountTruth> unknown)
    {
        Figure.AssertSame(Truth.Where(account => !unknown.Contains(account)).SelectMany(account => account.Figures), round.Samples.Select(sample => sample.Figure));
        Assert.Equal(unknown.Select(account => account.Account).Order(), round.Unknown.Keys.Order());
        Assert.Equal(UnknownAccounts, round.ExitCode);
    }
}
