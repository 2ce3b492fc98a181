using Consometer.Delivery.Store;
using Consometer.Metering;

namespace Consometer.Status;

/// <summary>A period of the wall clock, and what became of it.</summary>
/// <param name="Time">The period.</param>
/// <param name="Round">Its round: a complete one if there is one; null without any.</param>
/// <param name="IsKnown">Whether it is of the time since the first round that is known, so that it should have one.</param>
/// <param name="IsCurrent">Whether it goes on.</param>
internal sealed record Period(RoundTime Time, PastRound? Round, bool IsKnown, bool IsCurrent)
{
    /// <summary>It is over, and has no complete round: its figures are missing.</summary>
    public bool IsLost => IsKnown && !IsCurrent && Round is not { IsComplete: true };
}

/// <summary>The last periods in a row, those without a round too.</summary>
internal static class Periods
{
    /// <summary>Two days of rounds every hour.</summary>
    public const int Max = 48;

    /// <summary>The latest, which goes on now, last.</summary>
    /// <param name="rounds">The latest first.</param>
    /// <param name="period">How long one is.</param>
    /// <param name="now">In which the last one is.</param>
    public static IReadOnlyList<Period> Of(IReadOnlyList<PastRound> rounds, TimeSpan period, DateTimeOffset now)
    {
        var current = RoundTime.At(now, period);
        var first = rounds.Count > 0 ? RoundTime.At(rounds[^1].Time.Start, period).Start : current.Start;

        // Where the period was another once, several rounds may be of one of these.
        var byStart = rounds.GroupBy(round => RoundTime.At(round.Time.Start, period).Start)
            .ToDictionary(round => round.Key, round => round.FirstOrDefault(each => each.IsComplete) ?? round.First());
        return [.. Enumerable.Range(1 - Max, Max).Select(i => RoundTime.At(current.Start + (i * period), period)).Select(time =>
            new Period(time, byStart.GetValueOrDefault(time.Start), time.Start >= first, time.Start == current.Start))];
    }
}
