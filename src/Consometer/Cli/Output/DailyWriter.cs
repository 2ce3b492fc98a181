using System.Globalization;
using System.Text.Json;
using Consometer.Delivery.Store;
using Consometer.Metering.Requests;

namespace Consometer.Cli.Output;

/// <summary>Daily figures for machines: exact but for the mean, which is a decimal; names as samples have them.</summary>
internal static class DailyWriter
{
    private static readonly string[] Fields =
    [
        "day", "counter_name", "counter_unit", "mean", "min", "max", "last", "rounds_with_figure", "rounds_complete", "periods",
        "resource_id", "project_id", "region", "resource_metadata", "sum",
    ];

    public static void WriteNdjson(IEnumerable<DailyFigure> figures, Stream output)
    {
        using var json = new Utf8JsonWriter(output, SampleWriter.Json);
        foreach (var figure in figures)
        {
            Write(json, figure);
            json.Flush();
            json.Reset();
            output.WriteByte((byte)'\n');
        }
    }

    public static void WriteCsv(IEnumerable<DailyFigure> figures, Stream output)
    {
        using var text = CsvText.Writer(output);
        text.WriteLine(CsvText.Line(Fields));
        foreach (var figure in figures)
        {
            var last = figure.Last;
            text.WriteLine(CsvText.Line(
            [
                Day(figure), last.Meter.Name, last.Meter.Unit, Number(figure.Mean), Number(figure.Min), Number(figure.Max), Number(last.Volume),
                Number(figure.RoundsWithFigure), Number(figure.RoundsComplete), Number(figure.Periods),
                last.ResourceId, last.ProjectId, last.Region, SampleWriter.Metadata(last), SumOf(figure) is { } sum ? Number(sum) : "",
            ]));
        }
    }

    private static void Write(Utf8JsonWriter json, DailyFigure figure)
    {
        json.WriteStartObject();
        json.WriteString(Fields[0], Day(figure));
        json.WriteString(Fields[1], figure.Last.Meter.Name);
        json.WriteString(Fields[2], figure.Last.Meter.Unit);
        json.WriteNumber(Fields[3], figure.Mean);
        json.WriteNumber(Fields[4], figure.Min);
        json.WriteNumber(Fields[5], figure.Max);
        json.WriteNumber(Fields[6], figure.Last.Volume);
        json.WriteNumber(Fields[7], figure.RoundsWithFigure);
        json.WriteNumber(Fields[8], figure.RoundsComplete);
        json.WriteNumber(Fields[9], figure.Periods);
        json.WriteString(Fields[10], figure.Last.ResourceId);
        json.WriteString(Fields[11], figure.Last.ProjectId);
        json.WriteString(Fields[12], figure.Last.Region);
        json.WritePropertyName(Fields[13]);
        SampleWriter.WriteMetadata(figure.Last, json);
        if (SumOf(figure) is { } sum)
        {
            json.WriteNumber(Fields[14], sum);
        }

        json.WriteEndObject();
    }

    /// <summary>What there was of a delta that day; gauges are not added up.</summary>
    private static decimal? SumOf(DailyFigure figure) => figure.Last.Meter is RequestMeter ? figure.Sum : null;

    private static string Day(DailyFigure figure) => figure.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
