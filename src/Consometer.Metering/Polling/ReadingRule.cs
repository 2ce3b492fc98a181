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
    /// <remarks>
    /// The first replica with figures settles it. One 404 does not: a new or rebuilt disk gives it too. Deleted does once no
    /// primary is left that could be alive. Handoffs are asked as far as the proxy goes, to twice the primaries.
    /// </remarks>
    public static bool AsksAnother(IReadOnlyList<ReplicaReading> readings, int primaries)
    {
        if (readings is [.., ReplicaReading.Answered])
        {
            return false;
        }

        return readings.Count < primaries || (readings.Count < 2 * primaries && !readings.Any(reading => reading is ReplicaReading.Deleted));
    }

    /// <summary>The outcome, when no more replicas are asked.</summary>
    public static AccountOutcome Judge(Account account, IReadOnlyList<ReplicaReading> readings)
    {
        if (readings.OfType<ReplicaReading.Answered>().FirstOrDefault() is { } answered)
        {
            return new AccountOutcome.Measured(account, answered.Usage);
        }

        if (readings.Any(reading => reading is ReplicaReading.Deleted))
        {
            return new AccountOutcome.Deleted(account);
        }

        // With no reading at all, where the ring has no device for the partition, nobody said that there is no account.
        return readings.Count == 0 || readings.Any(reading => reading is ReplicaReading.Unavailable)
            ? new AccountOutcome.Unknown(account, readings)
            : new AccountOutcome.Absent(account);
    }
}
