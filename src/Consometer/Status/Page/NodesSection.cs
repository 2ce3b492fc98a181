using Consometer.Metering.Polling;

namespace Consometer.Status.Page;

/// <summary>How it went with each server in the latest round; those that failed first.</summary>
internal static class NodesSection
{
    private const int NodesMax = 60;

    private static readonly string[] Columns = ["Server", "#Requests", "Failures", "#Set aside", "#Median", "#90 %", "#99 %", ""];

    public static Html Of(StatusView view)
    {
        if (view is not { Report: { } report, Rounds.Latest: { } latest } || report.Nodes.Count == 0)
        {
            return Html.Nothing;
        }

        var nodes = report.Nodes.OrderByDescending(node => node.Failures.Values.Sum() + node.TimesSetAside).ThenByDescending(node => node.Latency?.P99).ThenBy(node => node.Node, StringComparer.Ordinal).Take(NodesMax).ToArray();
        var slowest = nodes.Max(node => node.Latency?.P99) ?? 0;
        var failing = report.Nodes.Count(node => node.Failures.Count > 0 || node.TimesSetAside > 0);
        return Parts.Section(
            "nodes",
            "Servers",
            $"{Shown.Count(report.Nodes.Count, "server")} asked in the round of {Shown.Time(latest.Time.Start)}; {(failing == 0 ? "none failed" : $"{Shown.Count(failing)} failed at times")}. How long answers took: the bar is the median to 99\u00a0%.",
            Html.Of($"""
                {Parts.Table("Servers", Columns, Html.Each(nodes, node => Row(node, slowest)))}
                {(report.Nodes.Count > nodes.Length ? Html.Of($"""<p class="more">And {Parts.Count(report.Nodes.Count - nodes.Length)} more that fared better.</p>""") : Html.Nothing)}
                """));
    }

    private static Html Row(NodeReport node, double slowest) => Parts.Row(
        Columns,
        Html.Of($"<code>{node.Node}</code>"),
        Parts.Count(node.Requests),
        node.Failures.Count == 0 ? Html.Nothing : Html.Of($"""<span class="alarm">{string.Join(", ", node.Failures.Select(failure => $"{failure.Key} {Shown.Count(failure.Value)}"))}</span>"""),
        node.TimesSetAside == 0 ? Html.Nothing : Html.Of($"""<span class="alarm">{Parts.Count(node.TimesSetAside)}</span>"""),
        Latency(node.Latency?.P50),
        Latency(node.Latency?.P90),
        Latency(node.Latency?.P99),
        node.Latency is { } latency && slowest > 0 ? Spread(latency.P50 / slowest, latency.P99 / slowest) : Html.Nothing);

    private static Html Latency(double? seconds) => seconds is null ? Html.Nothing : Parts.Text(Shown.Seconds(seconds.Value));

    private static Html Spread(double from, double to) => Html.Of(
        $"""<svg class="spread" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="6"/><rect class="fill" x="{from * 100}" width="{Math.Max(1, (to - from) * 100)}" height="6"/></svg>""");
}
