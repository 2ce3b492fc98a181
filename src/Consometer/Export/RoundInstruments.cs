using System.Diagnostics.Metrics;
using Consometer.Daemon;
using Consometer.Metering.Rounds;
using Consometer.Swift.Accounts;

namespace Consometer.Export;

/// <summary>Rounds and what they found. Gauges of accounts are those of the last round that ended, good or not; there are none before.</summary>
internal sealed class RoundInstruments
{
    private readonly Meter _meter;
    private readonly Counter<long> _rounds;
    private readonly Counter<long> _missed;
    private readonly Counter<long> _samples;
    private readonly Counter<long> _withheld;

    /// <summary>One reference, because whoever measures does so while the loop tells.</summary>
    private volatile Seen _seen = new(null, null, null);

    public RoundInstruments(Meter meter, TimeSpan period)
    {
        _meter = meter;
        _rounds = meter.CreateCounter<long>("consometer.rounds", "{round}", "Rounds that ended, by result. A failed one is tried again within its period.");
        _missed = meter.CreateCounter<long>("consometer.periods.missed", "{period}", "Periods that passed without a round of their own.");
        _samples = meter.CreateCounter<long>("consometer.samples.made", "{sample}", "Samples of complete rounds.");
        _withheld = meter.CreateCounter<long>("consometer.samples.withheld", "{sample}", "Samples kept back because no consumer could read them.");
        meter.CreateObservableGauge("consometer.period", () => period.TotalSeconds, "s", "The period of rounds.");
        AddTimes();
        AddAccounts();
        AddTotals();
        AddTasks();
    }

    public void Begin(DateTimeOffset? lastComplete)
    {
        _seen = _seen with { Complete = lastComplete };
        _rounds.Add(0, Result(isComplete: true));
        _rounds.Add(0, Result(isComplete: false));
        _missed.Add(0);
        _samples.Add(0);
        _withheld.Add(0);
    }

    public void Tell(RoundNews news)
    {
        switch (news)
        {
            case RoundNews.Missed missed:
                _missed.Add(missed.Periods);
                break;
            case RoundNews.Ended { Report: var report } ended:
                _seen = new Seen(news.Time.Start, report.IsComplete ? news.Time.Start : _seen.Complete, report);
                _rounds.Add(1, Result(report.IsComplete));
                _samples.Add(report.IsComplete ? report.Samples : 0);
                _withheld.Add(ended.Withheld);
                break;
            case RoundNews.Failed:
                _seen = _seen with { Ended = news.Time.Start };
                _rounds.Add(1, Result(isComplete: false));
                break;
        }
    }

    private static KeyValuePair<string, object?> Result(bool isComplete) => new("result", isComplete ? "complete" : "failed");

    private void AddTimes()
    {
        Add("consometer.round.duration", "s", "How long the last round took.", report => report.Seconds);
        Add("consometer.round.listing.duration", "s", "How much of the last round passed before its first account was known.", report => report.ListingSeconds);
        AddTime("consometer.round.timestamp", "Start of the period of the last round that ended, good or not.", seen => seen.Ended);
        AddTime("consometer.round.complete.timestamp", "Start of the period of the last complete round.", seen => seen.Complete);
    }

    private void AddAccounts()
    {
        const string Account = "{account}";
        Add(
            "consometer.accounts",
            Account,
            "Accounts looked at in the last round, by what became of them.",
            "outcome",
            report => [("measured", report.Measured), ("absent", report.Absent), ("deleted", report.Deleted), ("unknown", report.Unknown)]);
        Add(
            "consometer.accounts.unknown",
            Account,
            "Accounts of which the last round could tell nothing, by reason.",
            "reason",
            report => ReadingWords.OfReasons.Select(reason => (reason, report.UnknownByReason.GetValueOrDefault(reason))));
        Add("consometer.accounts.by_proxy", Account, "Accounts whose figures came through the proxy.", report => report.ByProxy);
        Add("consometer.accounts.disagreeing", Account, "Accounts whose replicas did not say the same.", report => report.Disagreeing);
        Add("consometer.accounts.unlisted", Account, "Accounts whose containers were not listed to the end.", report => report.Unlisted);
        Add("consometer.projects", "{project}", "Projects that were listed.", report => report.Projects);
        Add("consometer.orphans", Account, "Accounts that hold something and whose project Keystone lists no more.", report => report.Orphans);
        Add("consometer.orphans.unknown", Account, "Accounts of which nothing could be told and whose project Keystone lists no more.", report => report.OrphansUnknown);
    }

    private void AddTotals()
    {
        Add("consometer.measured", "By", "Logical bytes in the measured accounts.", report => (double?)report.Totals?.Bytes);
        Add("consometer.measured.objects", "{object}", "Objects in the measured accounts.", report => (double?)report.Totals?.Objects);
        Add("consometer.measured.containers", "{container}", "Containers in the measured accounts.", report => (double?)report.Totals?.Containers);
    }

    /// <summary>Only reports of rounds that are shared have them.</summary>
    private void AddTasks()
    {
        Add(
            "consometer.cluster.round.tasks",
            "{task}",
            "Tasks of the last shared round, by what became of them.",
            "outcome",
            report => report.Tasks is { } tasks ? [("done", tasks.Done), ("late", tasks.Late), ("poison", tasks.Poison), ("not_reported", tasks.NotReported)] : []);
        Add("consometer.cluster.round.tasks.redelivered", "{task}", "Those done that another daemon had before.", report => report.Tasks?.Redelivered);
        Add("consometer.cluster.round.daemons", "{daemon}", "Daemons that did tasks of the last shared round.", report => report.Tasks is null ? null : report.Workers.Count);
    }

    private void Add(string name, string unit, string help, Func<RoundReport, double?> measure) =>
        _meter.CreateObservableGauge(name, () => _seen.Report is { } report && measure(report) is { } value ? [new Measurement<double>(value)] : Nothing, unit, help);

    private void Add(string name, string unit, string help, string tag, Func<RoundReport, IEnumerable<(string Value, long Count)>> measure) =>
        _meter.CreateObservableGauge(
            name,
            () => _seen.Report is { } report
                ? measure(report).Select(each => new Measurement<double>(each.Count, new KeyValuePair<string, object?>(tag, each.Value)))
                : Nothing,
            unit,
            help);

    private void AddTime(string name, string help, Func<Seen, DateTimeOffset?> measure) => _meter.CreateObservableGauge(
        name, () => measure(_seen) is { } time ? [new Measurement<double>(time.ToUnixTimeSeconds())] : Nothing, "s", $"{help} Seconds since 1970.");

    private static IEnumerable<Measurement<double>> Nothing => [];

    /// <param name="Ended">The period of the last round that ended.</param>
    /// <param name="Complete">The period of the last complete one.</param>
    /// <param name="Report">Of the last one that has one.</param>
    private sealed record Seen(DateTimeOffset? Ended, DateTimeOffset? Complete, RoundReport? Report);
}
