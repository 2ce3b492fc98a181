using Consometer.Metering;
using Consometer.Metering.Rounds;
using Consometer.Metering.Tasks;

namespace Consometer.Tests.Metering.Tasks;

/// <summary>A shared round of an hour, and what it is made of.</summary>
internal static class SomeRound
{
    public static readonly RoundAttempt Attempt = RoundAttempt.New(RoundTime.At(ManualClock.Start, TimeSpan.FromHours(1)), "region");

    public static readonly RoundListing Listing = new(1.5, 12, null, null);

    public static DateTimeOffset Deadline => ManualClock.Start.AddMinutes(48);

    public static JournalEntry.Begun Begun(RoundAttempt? round = null) => new(round ?? Attempt, ManualClock.Start, Deadline);

    public static JournalEntry.Planned Planned(int tasks, long accounts, RoundAttempt? round = null) => new(round ?? Attempt, tasks, accounts, Listing);

    /// <summary>A round in hand, with these tasks.</summary>
    public static SharedRound Of(params RoundTask[] tasks)
    {
        var round = new SharedRound(Begun());
        Array.ForEach(tasks, task => round.Take(JournalEntry.Of(task)));
        return round;
    }

    /// <summary>The same, and planned.</summary>
    public static SharedRound PlannedOf(params RoundTask[] tasks)
    {
        var round = Of(tasks);
        round.Plan = Planned(round.Tasks, round.Accounts);
        return round;
    }

    public static RoundTask Task(int number, params string[] accounts) => new()
    {
        Round = Attempt,
        Number = number,
        Of = number,
        Deadline = Deadline,
        ResellerPrefixes = ["AUTH_", "SERVICE_"],
        Meters = ["storage.objects"],
        AbsentIsZero = false,
        Accounts = accounts,
    };

    public static RoundReport Report(int measured = 0, int absent = 0, int deleted = 0, params (string Reason, long Accounts)[] unknown) => new()
    {
        RoundTime = Attempt.Time.ToString(),
        Started = ManualClock.Start,
        Seconds = 3,
        ListingSeconds = 0,
        Accounts = measured + absent + deleted + unknown.Sum(some => some.Accounts),
        Measured = measured,
        Absent = absent,
        Deleted = deleted,
        Unknown = unknown.Sum(some => some.Accounts),
        UnknownByReason = unknown.ToDictionary(some => some.Reason, some => some.Accounts),
        Disagreeing = 0,
        Unlisted = 0,
        Samples = measured,
        Nodes = [],
    };

    public static TaskReport Done(int number, RoundReport report, params RoundRemark[] remarks) => new()
    {
        Round = Attempt,
        Number = number,
        Worker = "host/1",
        Report = report,
        Remarks = remarks,
    };
}
