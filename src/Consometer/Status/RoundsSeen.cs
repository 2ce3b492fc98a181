using Consometer.Delivery.Store;
using Consometer.Metering.Rounds;

namespace Consometer.Status;

/// <summary>What the store tells of rounds, as far as the page shows it.</summary>
internal sealed record RoundsSeen
{
    /// <summary>Two weeks of rounds every hour. Failures are looked for among as many, so they outlive successes.</summary>
    public const int RoundsMax = 336;

    /// <summary>Accounts of a kind that are shown.</summary>
    public const int RemarksMax = 25;

    /// <summary>Which state of the store it is.</summary>
    public required string Stamp { get; init; }

    /// <summary>The latest period first.</summary>
    public required IReadOnlyList<PastRound> Rounds { get; init; }

    /// <summary>The last period that has a complete round.</summary>
    public required DateTimeOffset? LastComplete { get; init; }

    /// <summary>The report of <see cref="Latest"/>; null while there is none.</summary>
    public RoundReport? Report { get; init; }

    public IReadOnlyList<AccountRemark> Unknown { get; init; } = [];

    public IReadOnlyList<AccountRemark> Unlisted { get; init; } = [];

    public IReadOnlyList<AccountRemark> Withheld { get; init; } = [];

    public IReadOnlyList<AccountRemark> Orphans { get; init; } = [];

    public IReadOnlyList<AccountRemark> Disagreeing { get; init; } = [];

    /// <summary>The round of the latest period that has one: a complete one, if it has; null while there is none.</summary>
    public PastRound? Latest => Rounds is [var last, ..] ? Rounds.TakeWhile(round => round.Time.Start == last.Time.Start).FirstOrDefault(round => round.IsComplete) ?? last : null;

    /// <param name="history">The store.</param>
    /// <param name="before">What was read of it before: it is good as long as no round has ended since.</param>
    /// <param name="showsAccounts">Whether single accounts are read.</param>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public static RoundsSeen Read(RoundHistory history, RoundsSeen? before, bool showsAccounts)
    {
        var stamp = history.Stamp();
        if (before?.Stamp == stamp)
        {
            return before;
        }

        var seen = new RoundsSeen { Stamp = stamp, Rounds = history.Last(RoundsMax), LastComplete = history.LastComplete() };
        if (seen.Latest is not { } latest)
        {
            return seen;
        }

        // What the report counts none of is not looked for.
        var report = history.Report(latest);
        IReadOnlyList<AccountRemark> Remarks(string outcome, long count) => count > 0 && showsAccounts ? history.Remarks(latest, outcome, RemarksMax) : [];
        return seen with
        {
            Report = report,
            Unknown = Remarks("unknown", report.Unknown),
            Unlisted = Remarks("unlisted", report.Unlisted),
            Withheld = Remarks("withheld", report.Withheld),
            Orphans = Remarks("orphan", report.Orphans + report.OrphansUnknown),
            Disagreeing = report.Disagreeing > 0 && showsAccounts ? history.Disagreeing(latest, RemarksMax) : [],
        };
    }
}
