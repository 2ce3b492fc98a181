using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Consometer.Metering.Samples;

namespace Consometer.Cli.Output;

/// <summary>Samples for machines: exact figures, Ceilometer's field names.</summary>
internal static class SampleWriter
{
    private static readonly string[] Fields =
    [
        "counter_name", "counter_type", "counter_unit", "counter_volume", "resource_id", "project_id", "user_id",
        "timestamp", "message_id", "source", "region", "resource_metadata",
    ];

    /// <summary>Names in scripts other than Latin stay readable; nothing here ends up in a page.</summary>
    public static JsonWriterOptions Json { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void WriteNdjson(IEnumerable<Sample> samples, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Json);
        foreach (var sample in samples)
        {
            Write(json, sample);
            json.Flush();
            json.Reset();
            output.WriteByte((byte)'\n');
        }
    }

    /// <summary>One sample as an object.</summary>
    public static void Write(Utf8JsonWriter json, Sample sample)
    {
        json.WriteStartObject();
        json.WriteString(Fields[0], sample.Meter.Name);
        json.WriteString(Fields[1], sample.Meter.Type);
        json.WriteString(Fields[2], sample.Meter.Unit);
        json.WriteNumber(Fields[3], sample.Volume);
        json.WriteString(Fields[4], sample.ResourceId);
        json.WriteString(Fields[5], sample.ProjectId);
        json.WriteNull(Fields[6]);
        json.WriteString(Fields[7], sample.Time.ToString());
        json.WriteString(Fields[8], sample.MessageId);
        json.WriteString(Fields[9], Sample.Source);
        json.WriteString(Fields[10], sample.Region);
        json.WritePropertyName(Fields[11]);
        WriteMetadata(sample, json);
        json.WriteEndObject();
    }

    public static void WriteCsv(IEnumerable<Sample> samples, Stream output)
    {
        using var text = CsvText.Writer(output);
        text.WriteLine(CsvText.Line(Fields));
        foreach (var sample in samples)
        {
            string[] values =
            [
                sample.Meter.Name, sample.Meter.Type, sample.Meter.Unit, sample.Volume.ToString(CultureInfo.InvariantCulture), sample.ResourceId, sample.ProjectId, "",
                sample.Time.ToString(), sample.MessageId.ToString(), Sample.Source, sample.Region, Metadata(sample),
            ];
            text.WriteLine(CsvText.Line(values));
        }
    }

    /// <summary>What else is known of the resource, as an object.</summary>
    public static void WriteMetadata(Sample sample, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (sample.StoragePolicy is { } policy)
        {
            json.WriteString("storage_policy", policy);
        }

        json.WriteEndObject();
    }

    /// <summary>The object that ndjson has, as text.</summary>
    public static string Metadata(Sample sample)
    {
        if (sample.StoragePolicy is null)
        {
            return "{}";
        }

        var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Json))
        {
            WriteMetadata(sample, json);
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
