using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Consometer.Configuration;
using Consometer.Metering.Rounds;
using Consometer.Swift.Accounts;

namespace Consometer.Export.Graphite;

/// <summary>Lines of carbon's plaintext protocol, <c>PREFIX.REGION.NAME VALUE TIME</c>, all of one moment.</summary>
/// <param name="root">What every name begins with.</param>
/// <param name="time">Their time, which carbon cuts to whole seconds.</param>
internal sealed partial class GraphiteLines(string root, DateTimeOffset time)
{
    /// <summary>The share of accounts that must be known for their sum to say something.</summary>
    private const decimal KnownMin = 0.99m;

    private readonly StringBuilder _text = new();

    /// <summary><c>PREFIX.REGION</c>. A dot in the region would be a level more, a blank the end of the name.</summary>
    public static string Root(GraphiteOptions options, string region) => $"{Blank().Replace(options.Prefix, "_")}.{NotInNames().Replace(region, "_")}";

    /// <summary>What the names begin with, after <see cref="Root"/>, that are one daemon's alone where several tell of the same round.</summary>
    public static string OwnLevel(string host) => $"daemon.{NotInNames().Replace(host, "_")}.";

    public void Add(string name, decimal value) => _text.Append(CultureInfo.InvariantCulture, $"{root}.{name} {value:0.###} {time.ToUnixTimeSeconds()}\n");

    public void Add(string name, TimeSpan span) => Add(name, (decimal)span.TotalSeconds);

    /// <summary>
    /// A round. The older program's names mean what they did: <c>polled</c> accounts were asked for, <c>polledsuccessfully</c> of them gave an answer, which
    /// "not there" is too.
    /// </summary>
    public void Add(RoundReport report)
    {
        var known = report.Failure is null ? report.Accounts - report.Unknown : 0;
        Add("polledsuccessfully", known);
        Add("polled", report.Accounts - report.UnknownByReason.GetValueOrDefault(Unavailability.OutOfTime.Word()));
        Add("projects", report.Projects ?? report.Accounts);
        Add("runduration", TimeSpan.FromSeconds(report.Seconds));
        if (report.Totals is { } totals && known > 0 && known >= KnownMin * report.Accounts)
        {
            Add("totalconso", totals.Bytes);
        }

        Add("measured", report.Measured);
        Add("absent", report.Absent);
        Add("deleted", report.Deleted);
        Add("unknown", report.Unknown);
        foreach (var reason in ReadingWords.OfReasons)
        {
            Add($"unknown.{reason}", report.UnknownByReason.GetValueOrDefault(reason));
        }

        Add("orphans", report.Orphans);
        if (report.Tasks is { } tasks)
        {
            Add("published", report.Samples - report.Withheld);
            Add("tasks.published", tasks.Published);
            Add("tasks.done", tasks.Done);
            Add("tasks.redelivered", tasks.Redelivered);
            Add("tasks.late", tasks.Late);
            Add("tasks.poison", tasks.Poison);
            Add("tasks.not_reported", tasks.NotReported);
            Add("tasks.daemons", report.Workers.Count);
        }
    }

    public override string ToString() => _text.ToString();

    [GeneratedRegex(@"\s")]
    private static partial Regex Blank();

    [GeneratedRegex(@"[^\p{L}\p{Nd}_-]")]
    private static partial Regex NotInNames();
}
