using Consometer.Rings;
using Consometer.Swift.Accounts;

namespace Consometer.Metering.Polling;

/// <summary>
/// What replica answers mean, taken together. Pure. The rule is the proxy's where the proxy gives figures
/// (<c>swift/proxy/controllers/base.py</c>, <c>GetOrHeadHandler</c>), and stricter where it guesses.
/// </summary>
public static class ReadingRule
{
    /// <summary>Whether another replica must be asked.</summary>
    /// <param name="readings">What was said so far, in the order asked: all primaries come before the first handoff.</param>
    /// <param name="primaries">How many primaries the partition has.</param>
    /// <param name="allReplicas">Whether all primaries are asked though one has given figures.</param>
    /// <remarks>
    /// The first replica with figures settles it. One 404 does not: a new or rebuilt disk gives it too. Deleted does once no
    /// primary is left that could be alive. Handoffs are asked as far as the proxy goes, to twice the primaries.
    /// </remarks>
    public static bool AsksAnother(IReadOnlyList<ReplicaReading> readings, int primaries, bool allReplicas = false)
    {
        if (Has<ReplicaReading.Answered>(readings))
        {
            return allReplicas && readings.Count < primaries;
        }

        return readings.Count < primaries || (readings.Count < 2 * primaries && !Has<ReplicaReading.Deleted>(readings));
    }

    /// <summary>The outcome, when no more replicas are asked.</summary>
    /// <param name="account">The account.</param>
    /// <param name="readings">What was said, in the order asked.</param>
    /// <param name="primaries">The primaries in the ring's order.</param>
    /// <remarks>
    /// Where figures differ none is better than another: the replicas have no common clock, and the larger or the later figure may be
    /// the stale one. What most say is taken, and of as many the earlier primary's, so that the choice is at least the same each time.
    /// </remarks>
    public static AccountOutcome Judge(Account account, IReadOnlyList<ReplicaReading> readings, IReadOnlyList<Device> primaries)
    {
        if (readings is [ReplicaReading.Answered alone])
        {
            return new AccountOutcome.Measured(account, alone.Usage);
        }

        var answered = readings.OfType<ReplicaReading.Answered>().ToArray();
        var isDeletedSomewhere = Has<ReplicaReading.Deleted>(readings);
        if (answered.Length > 0)
        {
            var chosen = answered.Length == 1 ? answered[0] : MostSaid(answered, primaries);
            var agree = !isDeletedSomewhere && answered.All(reading => Counts(reading) == Counts(chosen));
            return new AccountOutcome.Measured(account, chosen.Usage) { Disagreement = agree ? [] : readings };
        }

        if (isDeletedSomewhere)
        {
            return new AccountOutcome.Deleted(account);
        }

        // With no reading at all, where the ring has no device for the partition, nobody said that there is no account.
        return readings.Count == 0 || Has<ReplicaReading.Unavailable>(readings)
            ? new AccountOutcome.Unknown(account, readings)
            : new AccountOutcome.Absent(account);
    }

    /// <summary>Asked several times for each account, of one reading mostly: without an enumerator or a delegate.</summary>
    private static bool Has<TReading>(IReadOnlyList<ReplicaReading> readings)
        where TReading : ReplicaReading
    {
        for (var i = 0; i < readings.Count; i++)
        {
            if (readings[i] is TReading)
            {
                return true;
            }
        }

        return false;
    }

    private static ReplicaReading.Answered MostSaid(ReplicaReading.Answered[] answered, IReadOnlyList<Device> primaries) => answered
        .GroupBy(Counts)
        .OrderByDescending(same => same.Count())
        .ThenBy(same => same.Min(reading => IndexOf(primaries, reading.Device)))
        .First().First();

    /// <summary>What replicas are compared by. Policies are left out: a node whose swift.conf lacks one, or an old database, does not tell of all.</summary>
    private static (long Containers, long Objects, long Bytes) Counts(ReplicaReading.Answered reading) =>
        (reading.Usage.Containers, reading.Usage.Objects, reading.Usage.Bytes);

    /// <summary>A handoff comes after every primary.</summary>
    private static int IndexOf(IReadOnlyList<Device> primaries, Device device)
    {
        for (var i = 0; i < primaries.Count; i++)
        {
            if (primaries[i].Id == device.Id)
            {
                return i;
            }
        }

        return primaries.Count;
    }
}
