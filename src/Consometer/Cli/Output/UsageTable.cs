using System.Globalization;
using Consometer.Delivery.Store;
using Consometer.Metering.Requests;
using Consometer.Metering.Samples;
using Consometer.Swift.Accounts;

namespace Consometer.Cli.Output;

/// <summary>
/// What the store knows, for people: a table for each kind of resource or for each meter, so that a line fits a terminal of 100
/// columns. Each says whether there was anything.
/// </summary>
internal static class UsageTable
{
    /// <summary>A line a resource and round.</summary>
    public static bool Write(UsageQuery query, UsageFilter filter, CancellationToken stopping)
    {
        (string Title, Meter[] Columns)[] kinds =
        [
            ("ACCOUNT", [.. filter.Meters.OfType<Meter<AccountUsage>>()]),
            ("POLICY", [.. filter.Meters.OfType<Meter<PolicyUsage>>()]),
            ("CONTAINER", [.. filter.Meters.OfType<Meter<ContainerUsage>>()]),
        ];
        var any = false;
        foreach (var (title, columns) in kinds.Where(kind => kind.Columns.Length > 0))
        {
            var lines = FigureRow.Of(query.Samples(filter with { Meters = columns }))
                .Select(row => (IEnumerable<string>)[FigureText.Of(row.Time.Start), row.Resource, .. row.Cells(columns, (meter, volume) => FigureText.Of(meter, volume))]);
            any |= WriteLines([("ROUND (UTC)", false), (title, false), .. columns.Select(meter => (FigureText.Title(meter), true))], lines, heading: null, isFirst: !any, stopping);
        }

        return any | WriteRequests(query, filter, isFirst: !any, stopping);
    }

    /// <summary>What there was in each interval: a line a figure, since most containers have few of the many there are.</summary>
    private static bool WriteRequests(UsageQuery query, UsageFilter filter, bool isFirst, CancellationToken stopping)
    {
        var lines = query.Samples(filter with { Meters = [.. filter.Meters.OfType<RequestMeter>()] }).Select(sample => (IEnumerable<string>)
            [FigureText.Of(sample.Time.Start), sample.ResourceId, sample.Meter.Name, FigureText.Of(sample.Meter, sample.Volume)]);
        return WriteLines([("INTERVAL (UTC)", false), ("ACCOUNT OR CONTAINER", false), ("METER", false), ("VOLUME", true)], lines, heading: null, isFirst, stopping);
    }

    /// <summary>A line a day and resource, a table for each meter.</summary>
    public static bool WriteDaily(UsageQuery query, UsageFilter filter, CancellationToken stopping)
    {
        var any = false;
        var gaps = new SortedDictionary<DateOnly, (int Complete, int Periods)>();
        foreach (var meter in filter.Meters.Where(meter => meter is not RequestMeter))
        {
            var lines = query.Daily(filter with { Meters = [meter] }).Select(figure =>
            {
                if (figure.RoundsComplete < figure.Periods)
                {
                    gaps[figure.Day] = (figure.RoundsComplete, figure.Periods);
                }

                return (IEnumerable<string>)
                [
                    Day(figure.Day), figure.Last.ResourceId, FigureText.Of(meter, figure.Mean), FigureText.Of(meter, figure.Min),
                    FigureText.Of(meter, figure.Max), FigureText.Of(meter, figure.Last.Volume), $"{figure.RoundsWithFigure}/{figure.RoundsComplete}",
                ];
            });
            any |= WriteLines(
                [("DAY (UTC)", false), ("RESOURCE", false), ("MEAN", true), ("MIN", true), ("MAX", true), ("LAST", true), ("ROUNDS", true)], lines, meter.Name, isFirst: !any, stopping);
        }

        foreach (var meter in filter.Meters.OfType<RequestMeter>())
        {
            var lines = query.Daily(filter with { Meters = [meter] }).Select(figure => (IEnumerable<string>)
                [Day(figure.Day), figure.Last.ResourceId, FigureText.Of(meter, figure.Sum), Count(figure.RoundsWithFigure)]);
            any |= WriteLines([("DAY (UTC)", false), ("RESOURCE", false), ("SUM", true), ("INTERVALS", true)], lines, meter.Name, isFirst: !any, stopping);
        }

        foreach (var (day, (complete, periods)) in gaps)
        {
            Terminal.Output.Line($"{Day(day)}: complete rounds in {Count(complete)} of the day's {Count(periods)} periods");
        }

        return any;
    }

    /// <summary>The largest, and what part of all they have.</summary>
    public static bool WriteTop(UsageTop top)
    {
        if (top.Samples is not [{ Meter: var meter, Time: var time }, ..])
        {
            return false;
        }

        var table = Terminal.NewTable(("RESOURCE", false), (FigureText.Title(meter), true), ("SHARE", true));
        foreach (var sample in top.Samples)
        {
            Terminal.AddRow(table, sample.ResourceId, FigureText.Of(meter, sample.Volume), Share(sample.Volume, top.Total));
        }

        Terminal.Output.Write(table);
        var all = FigureText.Of(meter, (decimal)top.Total);
        Terminal.Output.Line(
            $"{meter.Name} at {FigureText.Of(time.Start)} UTC: {Count(top.Samples.Count)} of {Count(top.Resources)} resources have {Share(top.Samples.Sum(sample => (double)sample.Volume), top.Total)} of {all}");
        return true;
    }

    /// <summary>Nothing at all, not even titles, where there are no lines.</summary>
    private static bool WriteLines((string Title, bool IsNumber)[] columns, IEnumerable<IEnumerable<string>> lines, string? heading, bool isFirst, CancellationToken stopping)
    {
        var table = Terminal.NewTable(columns);
        var isMore = false;
        foreach (var line in lines)
        {
            stopping.ThrowIfCancellationRequested();
            isMore = table.Rows.Count == FigureRow.ShownMax;
            if (isMore)
            {
                break;
            }

            Terminal.AddRow(table, line);
        }

        if (table.Rows.Count == 0)
        {
            return false;
        }

        if (!isFirst)
        {
            Terminal.Output.Line();
        }

        if (heading is not null)
        {
            Terminal.Output.Line(heading);
        }

        Terminal.Output.Write(table);
        if (isMore)
        {
            Terminal.Output.Line($"The first {Count(FigureRow.ShownMax)} lines; --format ndjson and csv have all.");
        }

        return true;
    }

    /// <summary>None of nothing is no figure.</summary>
    private static string Share(double part, double total) => total > 0 ? (part / total).ToString("0.0 %", CultureInfo.InvariantCulture) : "-";

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
