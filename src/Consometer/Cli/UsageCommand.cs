using System.CommandLine;
using System.Diagnostics;
using Consometer.Cli.Output;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Samples;

namespace Consometer.Cli;

/// <summary>How <c>usage</c> prints.</summary>
internal enum UsageFormat
{
    /// <summary>For people: units, four digits.</summary>
    Table,

    /// <summary>A JSON object a sample, or a daily figure, one a line.</summary>
    Ndjson,

    /// <summary>RFC 4180, the same fields in the same order.</summary>
    Csv,
}

/// <summary><c>consometer usage</c>: what the store knows. It asks no server, and writes nothing.</summary>
internal static class UsageCommand
{
    private static readonly Option<string[]> Accounts = new("--account") { Description = "Only this account's, or this project's; may be given again.", HelpName = "A" };

    private static readonly Option<string?> Since = new("--since")
    {
        Description = "All from then on: an instant, a date (UTC), or a duration back from now such as 7d. The last round only if nothing is said.",
        HelpName = "T",
    };

    private static readonly Option<string?> Until = new("--until") { Description = "Only from before then.", HelpName = "T" };

    private static readonly Option<string[]> Meters = new("--meter") { Description = "Only this meter; may be given again.", HelpName = "M" };

    private static readonly Option<int?> Top = new Option<int?>("--top")
    {
        Description = "The resources with most of a meter (storage.objects.size if none is named) in the last round of the range.",
        HelpName = "N",
    }.FromTo(1, FigureRow.ShownMax);

    private static readonly Option<bool> Daily = new("--daily") { Description = "Mean, min, max and last of each day (UTC), and of how many of its rounds." };

    private static readonly Option<UsageFormat> Format = new Option<UsageFormat>("--format") { Description = "How to print it: table if nothing is said." }.OneOfNames();

    public static Command Make()
    {
        var command = new Command("usage", "What the store knows: figures of the last round, or of a range.") { Accounts, Since, Until, Meters, Top, Daily, Format };
        command.SetAction((parsed, stopping) => Task.FromResult(Run(parsed, stopping)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken stopping)
    {
        var options = ConfigurationOption.Load(parsed);
        var filter = FilterOf(parsed, options);
        using var query = UsageQuery.Open(options.StorePath);
        if (!Write(parsed, query, filter, stopping))
        {
            Terminal.Error.Line($"consometer: store {options.StorePath}: no samples of region {options.Region} in this range");
        }

        return ExitCode.Done;
    }

    /// <summary>False if there was nothing to write.</summary>
    private static bool Write(ParseResult parsed, UsageQuery query, UsageFilter filter, CancellationToken stopping)
    {
        var format = parsed.GetValue(Format);
        if (parsed.GetValue(Top) is { } count)
        {
            var top = query.Top(filter, count);
            return format == UsageFormat.Table ? UsageTable.WriteTop(top) : Write(top.Samples, format, SampleWriter.WriteNdjson, SampleWriter.WriteCsv, stopping);
        }

        if (parsed.GetValue(Daily))
        {
            return format == UsageFormat.Table ? UsageTable.WriteDaily(query, filter, stopping) : Write(query.Daily(filter), format, DailyWriter.WriteNdjson, DailyWriter.WriteCsv, stopping);
        }

        return format == UsageFormat.Table ? UsageTable.Write(query, filter, stopping) : Write(query.Samples(filter), format, SampleWriter.WriteNdjson, SampleWriter.WriteCsv, stopping);
    }

    /// <summary>For machines, as it is read. Of nothing not even titles are written.</summary>
    private static bool Write<T>(
        IEnumerable<T> items, UsageFormat format, Action<IEnumerable<T>, Stream> writeNdjson, Action<IEnumerable<T>, Stream> writeCsv, CancellationToken stopping)
    {
        using var reading = items.GetEnumerator();
        if (!reading.MoveNext())
        {
            return false;
        }

        using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
        var write = format switch
        {
            UsageFormat.Ndjson => writeNdjson,
            UsageFormat.Csv => writeCsv,
            _ => throw new UnreachableException(),
        };
        write(FromHere(), output);
        return true;

        IEnumerable<T> FromHere()
        {
            do
            {
                stopping.ThrowIfCancellationRequested();
                yield return reading.Current;
            }
            while (reading.MoveNext());
        }
    }

    private static UsageFilter FilterOf(ParseResult parsed, ConsometerOptions options)
    {
        var isTop = parsed.GetValue(Top) is not null;
        if (isTop && parsed.GetValue(Daily))
        {
            throw new ConfigurationException("--top: wanted without --daily, found both");
        }

        var meters = MetersOf(parsed.GetValue(Meters) ?? [], isTop);
        var since = TimeOf(parsed, Since);
        var until = TimeOf(parsed, Until);
        if (until < since)
        {
            throw new ConfigurationException("--until: wanted a time after --since, found one before it");
        }

        var prefixes = new ResellerPrefixes(options.Swift.ResellerPrefixes);
        var resources = (parsed.GetValue(Accounts) ?? []).SelectMany(name => AccountNames.Of(prefixes, name)).Select(account => account.ResourceId).Distinct(StringComparer.Ordinal);
        return new UsageFilter(options.Region, meters) { Since = since, Until = until, Resources = [.. resources] };
    }

    private static Meter[] MetersOf(string[] names, bool isTop)
    {
        if (isTop && names.Length > 1)
        {
            throw new ConfigurationException("--meter: wanted one with --top, found several");
        }

        if (names.FirstOrDefault(name => MeterCatalogue.All.All(meter => meter.Name != name)) is { } unknown)
        {
            throw new ConfigurationException($"--meter: wanted one of {string.Join(", ", MeterCatalogue.All.Select(meter => meter.Name))}, found \"{unknown}\"");
        }

        string[] wanted = isTop && names.Length == 0 ? [MeterCatalogue.Size] : names;
        return [.. MeterCatalogue.All.Where(meter => wanted.Length == 0 || wanted.Contains(meter.Name))];
    }

    private static DateTimeOffset? TimeOf(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } text ? UsageTime.Parse(option.Name, text, TimeProvider.System) : null;
}
