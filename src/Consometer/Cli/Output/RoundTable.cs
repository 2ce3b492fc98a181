using System.Globalization;
using Consometer.Daemon;
using Consometer.Delivery.Store;
using Consometer.Metering.Polling;
using Consometer.Metering.Rounds;
using Consometer.Metering.Samples;
using Consometer.Swift.Accounts;
using Spectre.Console;

namespace Consometer.Cli.Output;

/// <summary>A round for people: a line an account, and the report.</summary>
internal static class RoundTable
{
    /// <summary>Accounts and nodes listed; the store has all.</summary>
    private const int RemarksShownMax = 20;

    /// <param name="entry">The round.</param>
    /// <param name="meters">The meters that are on; each of accounts is a column.</param>
    /// <param name="report">The round's report.</param>
    /// <param name="largest">Only so many accounts, those with most bytes; by name if null.</param>
    public static void Write(RoundEntry entry, IReadOnlyList<Meter> meters, RoundReport report, int? largest = null)
    {
        Meter[] columns = [.. meters.OfType<Meter<AccountUsage>>()];
        var table = Terminal.NewTable([("RESOURCE", false), .. columns.Select(meter => (Title(meter), true))]);
        var rows = FigureRow.Of(entry.Samples().Where(sample => sample.Meter is Meter<AccountUsage>));
        if (largest is not null)
        {
            rows = rows.OrderByDescending(row => row.Volumes.GetValueOrDefault(MeterCatalogue.Size));
        }

        var shownMax = largest ?? FigureRow.ShownMax;
        foreach (var row in rows.Take(shownMax))
        {
            Terminal.AddRow(table, [row.Resource, .. row.Cells(columns, (_, volume) => Count(volume))]);
        }

        if (table.Rows.Count > 0)
        {
            Terminal.Output.Write(table);
        }

        if (shownMax < report.Measured)
        {
            Terminal.Output.Line($"The {(largest is null ? "first" : "largest")} {Count(shownMax)} of {Count(report.Measured)} measured.");
        }

        if (columns.Length < meters.Count)
        {
            Terminal.Output.Line("Not shown: the samples of storage policies and containers, which --format ndjson, csv and json have.");
        }

        WriteRemarks(("NO FIGURE FOR", "BECAUSE ITS SERVERS SAID"), entry.Unknown(), report.Unknown);
        WriteRemarks(("CONTAINERS NOT ALL LISTED OF", "BECAUSE"), entry.Unlisted(), report.Unlisted);
        WriteRemarks(("THE REPLICAS DISAGREE OF", "AND SAY"), entry.Disagreeing(), report.Disagreeing);
        WriteRemarks(("KEYSTONE LISTS NO PROJECT ANY MORE FOR", "WHICH HOLDS"), entry.Orphans(), report.Orphans + report.OrphansUnknown);
        WriteNodes(report.Nodes);
        if (ReportText.KeptList(report) is { } keptList)
        {
            Terminal.Output.Line(keptList);
        }

        Terminal.Output.Line($"Round {ReportText.Pace(report)}");
        Terminal.Output.Line(ReportText.Outcomes(report));
        if (ReportText.Advice(report) is { } advice)
        {
            Terminal.Output.Line(advice);
        }
    }

    private static void WriteRemarks((string Account, string Replicas) titles, IEnumerable<AccountRemark> remarks, long count)
    {
        if (count == 0)
        {
            return;
        }

        var table = Terminal.NewTable((titles.Account, false), (titles.Replicas, false));
        foreach (var remark in remarks.Take(RemarksShownMax))
        {
            Terminal.AddRow(table, remark.Account, remark.Replicas);
        }

        Terminal.Output.Write(table);
        if (count > RemarksShownMax)
        {
            Terminal.Output.Line($"and {Count(count - RemarksShownMax)} more");
        }
    }

    /// <summary>The servers that something was wrong with; JSON has all.</summary>
    private static void WriteNodes(IReadOnlyList<NodeReport> nodes)
    {
        var table = Terminal.NewTable(("NODE", false), ("REQUESTS", true), ("FAILURES", false), ("SET ASIDE", true), ("MEDIAN MS", true), ("99 % MS", true));
        foreach (var node in nodes.Where(node => node.Failures.Count > 0 || node.TimesSetAside > 0).Take(RemarksShownMax))
        {
            var failures = string.Join(", ", node.Failures.Select(failure => $"{failure.Key} {Count(failure.Value)}"));
            Terminal.AddRow(table, node.Node, Count(node.Requests), failures, Count(node.TimesSetAside), Milliseconds(node.Latency?.P50), Milliseconds(node.Latency?.P99));
        }

        if (table.Rows.Count > 0)
        {
            Terminal.Output.Write(table);
        }
    }

    private static string Milliseconds(double? seconds) => seconds is { } known ? (known * 1000).ToString("0.0", CultureInfo.InvariantCulture) : "-";

    /// <summary>Two lines, so that the row fits a terminal of 100 columns.</summary>
    private static string Title(Meter meter) => $"{meter.Name.Replace("storage.", "", StringComparison.Ordinal).ToUpperInvariant()}\n({meter.Unit})";

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
