using System.Globalization;
using Consometer.Daemon;
using Consometer.Daemon.Tasks;
using Consometer.Delivery.Store;
using Consometer.Metering;

namespace Consometer.Status;

internal enum VerdictLevel
{
    Good,

    /// <summary>There is nothing to judge yet.</summary>
    Open,
    Warning,
    Bad,
}

/// <summary>Whether billing data is complete, in words: what an engineer who was woken reads first.</summary>
/// <param name="Level">How bad it is.</param>
/// <param name="Headline">In a few words.</param>
/// <param name="Sentence">What that rests on.</param>
internal sealed record Verdict(VerdictLevel Level, string Headline, string Sentence)
{
    /// <summary>An interval that is over waits for its last lines, and then for a moment.</summary>
    private const int IntervalsWaiting = 3;

    public static Verdict Of(StatusView view)
    {
        if (Hanging(view) is var (loop, overdue))
        {
            return new Verdict(VerdictLevel.Bad, "The daemon hangs", $"Its loop of {loop} has not moved for {Shown.Span(overdue)} longer than any step of it takes. Start it again.");
        }

        if (view.Rounds is not { } rounds)
        {
            return new Verdict(VerdictLevel.Bad, "The store cannot be read", $"{view.StoreFailure}.");
        }

        if (!view.Options.HasRounds)
        {
            return OfRequests(view, view.Board.Requests!);
        }

        // The others may have done what is not known here.
        var verdict = OfRounds(view, rounds);
        return view.Board.Shared?.State is { Role: SharedRole.Apart, Trouble: not null } state
            ? verdict with { Sentence = $"{verdict.Sentence.TrimEnd()} Of rounds that the other daemons have ended since {Shown.Time(state.Since)} this one knows nothing." }
            : verdict;
    }

    private static (string Loop, TimeSpan Overdue)? Hanging(StatusView view) =>
        view.Options.HasRounds && view.Board.Heartbeat.Overdue is { } rounds ? ("rounds", rounds)
        : view.Board.Requests?.Heartbeat.Overdue is { } requests ? ("requests", requests)
        : null;

    /// <summary>Where only requests are counted; else they have notices.</summary>
    private static Verdict OfRequests(StatusView view, RequestProgress requests)
    {
        if ((requests.Failure ?? requests.Trouble) is { } trouble)
        {
            return new Verdict(
                VerdictLevel.Bad, requests.Failure is null ? "The access log cannot be read" : "What is counted cannot be kept", $"{trouble}. It is tried again all the time.");
        }

        if (requests.Latest is not { } latest)
        {
            return new Verdict(VerdictLevel.Open, "No request yet", "Nothing has come from the access log since the daemon started.");
        }

        var oldest = view.Waiting.Select(backlog => DateTimeOffset.Parse(backlog.OldestRound, CultureInfo.InvariantCulture)).DefaultIfEmpty(view.Now).Min();
        if (view.Now - oldest > IntervalsWaiting * view.Options.Requests!.Interval)
        {
            return new Verdict(
                VerdictLevel.Warning, "Requests are counted, and wait for the broker",
                $"{Shown.Count(view.Waiting.Sum(backlog => backlog.Samples), "sample")} wait here, the oldest of {Shown.Time(oldest)}. Nothing is lost.");
        }

        return new Verdict(
            VerdictLevel.Good, "Requests are counted", $"The latest one ended {Shown.Ago(view.Now - latest)}; {Shown.Count(requests.Counts.Counted)} since the daemon started.");
    }

    private static Verdict OfRounds(StatusView view, RoundsSeen rounds)
    {
        var failure = view.Board.Work.Failed?.Reason ?? (rounds.Latest is { IsComplete: false } failed ? FailureOf(failed) : null);
        if (rounds.LastComplete is not { } last)
        {
            return failure is null
                ? new Verdict(VerdictLevel.Open, "No round yet", Progress(view) ?? NotBegun(view))
                : new Verdict(VerdictLevel.Bad, "No round is complete yet", $"The last one failed: {failure}.");
        }

        var lost = (int)((RoundTime.At(view.Now, view.Options.Period).Start - last) / view.Options.Period) - 1;
        if (lost > 0)
        {
            var reason = failure is null ? Progress(view) ?? "" : $"The last try failed: {failure}.";
            return new Verdict(
                VerdictLevel.Bad,
                $"No complete round since {Shown.Time(last)}",
                $"{Shown.Count(lost, "period")} since then {(lost == 1 ? "is" : "are")} over without figures. {reason}");
        }

        return failure is null
            ? OfComplete(view, last)
            : new Verdict(VerdictLevel.Warning, "The round failed, and is tried again", $"{failure}. The last complete one is of {Shown.Time(last)}.");
    }

    private static string FailureOf(PastRound round) => round.Failure ?? $"nothing could be told of any of {Shown.Count(round.Unknown, "account")}";

    private static Verdict OfComplete(StatusView view, DateTimeOffset last)
    {
        var report = view.Report!;
        var ended = Shown.Ago(view.Now - report.Started - TimeSpan.FromSeconds(report.Seconds));
        if (report.Unknown > 0)
        {
            var reasons = string.Join(", ", report.UnknownByReason.Select(reason => $"{reason.Key} {Shown.Count(reason.Value)}"));
            return new Verdict(
                VerdictLevel.Warning,
                $"{Shown.Count(report.Unknown, "account")} without a figure",
                $"The round of {Shown.Time(last)} is complete but for {Shown.Count(report.Unknown)} of {Shown.Count(report.Accounts, "account")} ({reasons}). It ended {ended}.");
        }

        var oldest = view.Waiting.Select(backlog => DateTimeOffset.Parse(backlog.OldestRound, CultureInfo.InvariantCulture)).DefaultIfEmpty(last).Min();
        if (oldest < last)
        {
            return new Verdict(
                VerdictLevel.Warning,
                "Billing data is complete, and waits for the broker",
                $"{Shown.Count(view.Waiting.Sum(backlog => backlog.Samples), "sample")} wait here, the oldest of the round of {Shown.Time(oldest)}. Nothing is lost.");
        }

        return new Verdict(
            VerdictLevel.Good,
            "Billing data is complete",
            $"No account is unknown in the round of {Shown.Time(last)}, which ended {ended}. {Unbroken(view)}");
    }

    /// <summary>For how long nothing has been missing.</summary>
    private static string Unbroken(StatusView view)
    {
        var whole = view.Periods.Reverse().SkipWhile(period => period.IsCurrent && period.Round is null).TakeWhile(period => period.Round is { IsComplete: true }).Count();
        return whole > 1 ? $"The last {Shown.Count(whole)} periods have their rounds without a gap." : "";
    }

    private static string NotBegun(StatusView view) => view.Board.Shared?.State.Role switch
    {
        null or SharedRole.Coordinator => "The first one has not begun.",
        SharedRole.Worker => "None has ended since this daemon is with the others.",
        _ => "This daemon is not with the others yet.",
    };

    private static string? Progress(StatusView view) => view.Board.Work is { UnderWay: { } round, Began: { } began }
        ? $"The round of {Shown.Time(round.Time.Start)} is under way, begun {Shown.Ago(view.Now - began)}."
        : null;
}
