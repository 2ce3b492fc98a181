using System.Globalization;
using Consometer.Daemon;
using Consometer.Delivery.Store;
using Consometer.Metering.Rounds;
using Consometer.Metering.Samples;
using Consometer.Swift.Accounts;
using Spectre.Console;

namespace Consometer.Cli.Output;

/// <summary>A round for people: a line an account, and the report.</summary>
internal static class RoundTable
{
    /// <summary>Unknown accounts listed; the store has all.</summary>
    private const int UnknownShownMax = 20;

    /// <summary>Accounts that a person could look at; the formats for machines have all, and need no memory for them.</summary>
    private const int AccountsMax = 10_000;

    /// <param name="entry">The round.</param>
    /// <param name="meters">The meters that are on; each of accounts is a column.</param>
    /// <param name="report">The round's report.</param>
    /// <param name="largest">Only so many accounts, those with most bytes; by name if null.</param>
    public static void Write(RoundEntry entry, IReadOnlyList<Meter> meters, RoundReport report, int? largest = null)
    {
        Meter[] columns = [.. meters.OfType<Meter<AccountUsage>>()];
        var table = Terminal.NewTable([("RESOURCE", false), .. columns.Select(meter => (Title(meter), true))]);
        var rows = Rows(entry.Samples().Where(sample => sample.Meter is Meter<AccountUsage>));
        if (largest is not null)
        {
            rows = rows.OrderByDescending(row => row.Volumes.GetValueOrDefault(MeterCatalogue.Size));
        }

        var shownMax = largest ?? AccountsMax;
        foreach (var (resource, volumes) in rows.Take(shownMax))
        {
            Terminal.AddRow(table, [resource, .. columns.Select(meter => volumes.TryGetValue(meter.Name, out var volume) ? Count(volume) : "-")]);
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
            Terminal.Output.Line("Not shown: the samples of storage policies and containers, which --format ndjson and csv have.");
        }

        WriteUnknown(entry, report.Unknown);
        Terminal.Output.Line($"Round {ReportText.Pace(report)}");
        Terminal.Output.Line(ReportText.Outcomes(report));
    }

    private static IEnumerable<(string Resource, Dictionary<string, long> Volumes)> Rows(IEnumerable<Sample> samples)
    {
        (string Resource, Dictionary<string, long> Volumes)? row = null;
        foreach (var sample in samples)
        {
            if (row is { } done && done.Resource != sample.ResourceId)
            {
                yield return done;
                row = null;
            }

            row ??= (sample.ResourceId, new Dictionary<string, long>());
            row.Value.Volumes[sample.Meter.Name] = sample.Volume;
        }

        if (row is { } last)
        {
            yield return last;
        }
    }

    private static void WriteUnknown(RoundEntry entry, long unknown)
    {
        if (unknown == 0)
        {
            return;
        }

        var table = Terminal.NewTable(("NO FIGURE FOR", false), ("BECAUSE ITS REPLICAS SAID", false));
        foreach (var account in entry.Unknown().Take(UnknownShownMax))
        {
            Terminal.AddRow(table, account.Account, account.Reason);
        }

        Terminal.Output.Write(table);
        if (unknown > UnknownShownMax)
        {
            Terminal.Output.Line($"and {Count(unknown - UnknownShownMax)} more");
        }
    }

    /// <summary>Two lines, so that the row fits a terminal of 100 columns.</summary>
    private static string Title(Meter meter) => $"{meter.Name.Replace("storage.", "", StringComparison.Ordinal).ToUpperInvariant()}\n({meter.Unit})";

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
