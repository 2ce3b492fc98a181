using Consometer.Rings;
using Consometer.Swift.Accounts;

namespace Consometer.Metering.Polling;

/// <summary>What every replica of one account says, and what follows.</summary>
/// <param name="Account">The account.</param>
/// <param name="Hash">The hash of its name.</param>
/// <param name="Placement">Where it is.</param>
/// <param name="Replicas">The primaries, then as many handoffs, in the ring's order.</param>
/// <param name="Outcome">What a round that asks all replicas makes of it.</param>
public sealed record Explanation(Account Account, PathHash Hash, Placement Placement, IReadOnlyList<ExplainedReplica> Replicas, AccountOutcome Outcome)
{
    /// <summary>Asks them all at once, whatever the others say.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public static async Task<Explanation> OfAsync(
        Account account, RingTable ring, HashPath hashPath, AccountServers servers, TimeProvider clock, CancellationToken stopping)
    {
        var hash = hashPath.Hash(account.Name);
        var placement = ring.Locate(hash);
        var primaries = placement.Primaries();
        var replicas = await Task.WhenAll(primaries.Concat(placement.Handoffs().Take(primaries.Count)).Select(AskAsync));

        // The rule hears them in the ring's order, and no more of them than it asks for.
        var heard = new List<ReplicaReading>();
        while (heard.Count < replicas.Length && ReadingRule.AsksAnother(heard, primaries.Count, allReplicas: true))
        {
            heard.Add(replicas[heard.Count].Reading);
        }

        return new Explanation(account, hash, placement, replicas, ReadingRule.Judge(account, heard, primaries));

        async Task<ExplainedReplica> AskAsync(Device device, int index)
        {
            var asked = clock.GetTimestamp();
            var reading = await servers.ReadAsync(device, placement.Partition, account.Name, stopping);
            return new ExplainedReplica(index < primaries.Count, servers.NodeOf(device), reading, clock.GetElapsedTime(asked));
        }
    }
}

/// <summary>What one replica says.</summary>
/// <param name="IsPrimary">A primary; else a handoff.</param>
/// <param name="Node">The server asked.</param>
/// <param name="Reading">What it said.</param>
/// <param name="Latency">How long it took.</param>
public sealed record ExplainedReplica(bool IsPrimary, Node Node, ReplicaReading Reading, TimeSpan Latency);
