using System.Diagnostics.Metrics;
using Consometer.Daemon;
using Consometer.Metering.Requests;

namespace Consometer.Export;

/// <summary>The counting of requests: what became of lines, and how far it is.</summary>
internal static class RequestInstruments
{
    private static readonly (string Outcome, Func<LineCounts, long> Count)[] Outcomes =
    [
        ("counted", counts => counts.Counted),
        ("internal", counts => counts.Internal),
        ("refused", counts => counts.Refused),
        ("unattributed", counts => counts.Unattributed),
        ("anonymised", counts => counts.Anonymised),
        ("other", counts => counts.Other),
        ("unreadable", counts => counts.Unreadable),
    ];

    public static void Add(Meter meter, RequestProgress requests)
    {
        meter.CreateObservableCounter(
            "consometer.requests.lines",
            () => Outcomes.Select(each => new Measurement<long>(each.Count(requests.Counts), new KeyValuePair<string, object?>("outcome", each.Outcome))),
            "{line}",
            "Lines of the access log, by what became of them.");
        Add(meter, requests, "consometer.requests.unattributed", "By", "Bytes in the bodies of requests that name no account of ours.", counts => counts.UnattributedBytes);
        Add(meter, requests, "consometer.requests.late", "{request}", "Requests counted in a later interval, since their own was complete.", counts => counts.Late);
        Add(meter, requests, "consometer.requests.folded", "{request}", "Requests counted with their account, since there were too many containers.", counts => counts.Folded);
        meter.CreateObservableCounter("consometer.requests.intervals", () => requests.Intervals, "{interval}", "Intervals of requests that are complete.");
        meter.CreateObservableCounter("consometer.requests.samples", () => requests.Samples, "{sample}", "Samples made of them.");
        meter.CreateObservableGauge(
            "consometer.requests.interval.timestamp",
            () => Known(requests.Last?.Interval.Start.ToUnixTimeSeconds()),
            "s",
            "Start of the last interval of requests that is complete. Seconds since 1970.");
        meter.CreateObservableGauge(
            "consometer.requests.latest.timestamp",
            () => Known(requests.Latest?.ToUnixTimeSeconds()),
            "s",
            "When the latest request in the access log ended. Seconds since 1970.");
        meter.CreateObservableGauge("consometer.requests.behind", () => Known(requests.BytesBehind), "By", "Bytes of the access log's file that are not read yet.");
        meter.CreateObservableCounter("consometer.requests.datagrams.lost", () => Known(requests.Lost), "{datagram}", "Datagrams that the system had no room for.");
        meter.CreateObservableGauge(
            "consometer.requests.kept", () => requests.Failure is null ? 1 : 0, null, "Whether the store takes what is counted of requests.");
    }

    private static void Add(Meter meter, RequestProgress requests, string name, string unit, string help, Func<LineCounts, long> count) =>
        meter.CreateObservableCounter(name, () => count(requests.Counts), unit, help);

    private static IEnumerable<Measurement<long>> Known(long? value) => value is { } known ? [new Measurement<long>(known)] : [];
}
