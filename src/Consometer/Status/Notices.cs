using Consometer.Daemon;
using Consometer.Daemon.Tasks;

namespace Consometer.Status;

/// <summary>What else is not as it should be, a sentence each; none of them where all is well.</summary>
internal static class Notices
{
    private const double NearlyFull = 0.8;

    public static IEnumerable<string> Of(StatusView view) => [.. OfRounds(view), .. OfSharing(view), .. OfAccounts(view), .. OfRequests(view), .. OfDelivery(view)];

    private static IEnumerable<string> OfRequests(StatusView view)
    {
        if (view.Board.Requests is not { Counts: var counts } requests)
        {
            yield break;
        }

        if (view.Options.HasRounds && (requests.Failure ?? requests.Trouble) is { } trouble)
        {
            yield return $"Requests are not counted: {trouble}.";
        }

        if (requests.ClosedUntil is { } closed && closed > view.Now)
        {
            yield return $"Requests count in the interval of {Shown.Time(closed)}, since those before it are complete: the clock was ahead, or intervals were longer.";
        }

        if (counts.Unreadable + counts.Anonymised is var unread and > 0)
        {
            yield return $"{Shown.Count(unread, "access line")} could not be read: what requests they were is in nobody's figures.";
        }

        if (requests.Withheld > 0)
        {
            yield return $"{Shown.Count(requests.Withheld, "sample")} of requests no consumer could read, and kept back.";
        }

        if (requests.Lost is > 0 and var lost)
        {
            yield return $"{Shown.Count(lost, "datagram")} of the access log lost: the system had no room for them (net.core.rmem_max).";
        }
    }

    private static IEnumerable<string> OfRounds(StatusView view)
    {
        if (view.Periods.Count(period => period.IsLost) is var lost and > 0)
        {
            yield return $"{Shown.Count(lost)} of the last {Shown.Count(view.Periods.Count(period => period.IsKnown), "period")} {(lost == 1 ? "has" : "have")} no complete round.";
        }

        if (view.Board.Ring?.StaleSince is { } since)
        {
            yield return $"The ring's file is broken or missing since {Shown.Time(since)}: the ring read before is in use.";
        }

        if (view.Report is { } report && ReportText.KeptList(report) is { } keptList)
        {
            yield return $"{keptList}.";
        }
    }

    private static IEnumerable<string> OfSharing(StatusView view)
    {
        var state = view.Board.Shared?.State;
        if (state is { Role: SharedRole.Apart, Trouble: { } trouble })
        {
            yield return $"Apart from the other daemons since {Shown.Time(state.Since)}: {trouble}.";
        }

        if (state?.OtherRing is { } other)
        {
            yield return $"The coordinator's ring is {SharedText.Ring(other)}, and not this daemon's: where a ring is older, accounts are asked for where they may be no more.";
        }
        else if (view.Report is { } round && SharedText.OtherRings(round) is { } otherRings)
        {
            yield return $"In the last round {otherRings}.";
        }

        if (view.Report?.Tasks is { } tasks && SharedText.Lost(tasks) is { Length: > 0 } lost)
        {
            yield return $"Of {Shown.Count(tasks.Published, "task")} in the last round not all were done: {lost}. Their accounts have no figure.";
        }
    }

    private static IEnumerable<string> OfAccounts(StatusView view)
    {
        if (view.Report is not { } report)
        {
            yield break;
        }

        if (ReportText.Advice(report) is { } advice)
        {
            yield return $"{advice}.";
        }

        if (report.Withheld > 0)
        {
            yield return $"{Shown.Count(report.Withheld, "sample")} no consumer could read, and kept back.";
        }

        if (report.Unlisted > 0)
        {
            yield return $"{Shown.Count(report.Unlisted, "account")} with containers not listed to the end.";
        }

        if (report.Disagreeing > 0)
        {
            yield return $"{Shown.Count(report.Disagreeing, "account")} with replicas that disagree.";
        }
    }

    private static IEnumerable<string> OfDelivery(StatusView view)
    {
        foreach (var format in view.Options.Delivery?.Publications.Select(publication => publication.Format.Name) ?? [])
        {
            var broker = view.Board.BrokerOf(format);
            if (broker.State is BrokerCondition.Blocked or BrokerCondition.Interrupted)
            {
                yield return $"{format}: nothing is delivered since {Shown.Time(broker.Since)}: {broker.Detail}.";
            }
        }

        if (view.UsedBytes > view.Options.StoreMaxBytes * NearlyFull)
        {
            yield return $"The store is {Shown.Percent((double)view.UsedBytes / view.Options.StoreMaxBytes)} full: at 100 % no round is made.";
        }
    }
}
