using System.Text.Json;
using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Poll;

/// <summary><c>poll ACCOUNT --explain</c> with a node dead: what every replica says, and what follows.</summary>
public sealed class ExplainTests(RealSwift lab) : LabTest(lab)
{
    private const int UnknownAccounts = 4;
    private const int DeadNode = 2;
    private const int Replicas = 3;

    [Fact]
    public async Task The_table_has_a_row_for_each_replica()
    {
        var (account, placement) = await PickAsync(AccountKind.Measured);
        await using var outage = await RealSwift.StopNodeAsync(DeadNode);

        var run = await PollAsync(new LabConfiguration(), [account.Account, "--explain"]);

        var rows = run.Succeeded().OutputLines.Where(line => line.Contains(":6202", StringComparison.Ordinal)).Select(line => line.Trim()).ToArray();
        Assert.Equal(2 * Replicas, rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            var says = placement.Nodes[i] == DeadNode ? "unreachable +- +- +-" : i < Replicas ? $"answered +{account.Containers:N0} +{account.Objects:N0} +{account.Bytes:N0}" : "missing +- +- +-";
            Assert.Matches($@"^{(i < Replicas ? "primary" : "handoff")} +127\.0\.0\.{placement.Nodes[i]}:6202 +d[01] +{says} +[0-9.]+", rows[i]);
        }

        Assert.Contains("outcome    measured", run.OutputLines);
    }

    [Theory]
    [InlineData(AccountKind.Measured, "measured", "answered")]
    [InlineData(AccountKind.Deleted, "deleted", "deleted")]
    [InlineData(AccountKind.Absent, "unknown", "missing")]
    public async Task Json_has_each_replica_and_the_outcome(AccountKind kind, string outcome, string primariesSay)
    {
        var (account, placement) = await PickAsync(kind);
        await using var outage = await RealSwift.StopNodeAsync(DeadNode);

        var run = await PollAsync(new LabConfiguration(), [account.ProjectId, "--explain", "--format", "json"]);

        var explanation = JsonElement.Parse(run.Output);
        Assert.Equal((outcome, account.Account), (explanation.GetProperty("outcome").GetString(), explanation.GetProperty("account").GetString()));
        Assert.Equal(outcome == "unknown" ? UnknownAccounts : 0, run.ExitCode);
        var replicas = explanation.GetProperty("replicas").EnumerateArray().ToArray();
        Assert.Equal(placement.Nodes.Take(2 * Replicas).Select(node => $"127.0.0.{node}:6202"), replicas.Select(replica => replica.GetProperty("node").GetString()));
        Assert.All(replicas.Zip(placement.Nodes).Select((replica, i) => (replica.First, Node: replica.Second, IsPrimary: i < Replicas)), replica =>
        {
            var says = replica.Node == DeadNode ? "unreachable" : replica.IsPrimary ? primariesSay : "missing";
            Assert.Equal(says, replica.First.GetProperty("says").GetString());
            var usage = replica.First.GetProperty("usage");
            Assert.Equal(says == "answered" ? account.Bytes : (long?)null, usage.ValueKind == JsonValueKind.Null ? (long?)null : usage.GetProperty("bytes").GetInt64());
        });
    }

    /// <summary>An account of which the dead node has a replica.</summary>
    private async Task<(AccountTruth Account, SwiftPlacement Placement)> PickAsync(AccountKind kind)
    {
        var some = Truth.Where(account => account.Kind == kind).Take(20).ToArray();
        return some.Zip(await SwiftPlacement.OfAsync(some.Select(account => account.Account))).First(pair => pair.Second.PrimaryNodes.Contains(DeadNode));
    }
}
