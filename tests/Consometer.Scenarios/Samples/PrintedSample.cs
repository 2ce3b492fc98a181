using System.Globalization;
using System.Text.Json;
using Consometer.Scenarios.Lab;

namespace Consometer.Scenarios.Samples;

/// <summary>A sample as <c>poll</c> printed it.</summary>
internal sealed record PrintedSample(
    string Meter,
    string Type,
    string Unit,
    long Volume,
    string ResourceId,
    string ProjectId,
    string? UserId,
    string Timestamp,
    Guid MessageId,
    string Source,
    string Region,
    string Metadata)
{
    /// <summary>The fields of a sample, all of them, in both formats.</summary>
    private static readonly string[] Fields =
    [
        "counter_name", "counter_type", "counter_unit", "counter_volume", "resource_id", "project_id", "user_id",
        "timestamp", "message_id", "source", "region", "resource_metadata",
    ];

    public Figure Figure => new(ProjectId, Meter, Volume);

    public static PrintedSample[] FromNdjson(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => FromJson(JsonElement.Parse(line)))];

    public static PrintedSample[] FromCsv(string output)
    {
        var records = Csv.Parse(output);
        Assert.Equal(Fields, records[0]);
        return [.. records.Skip(1).Select(FromRecord)];
    }

    public static PrintedSample FromJson(JsonElement sample)
    {
        Assert.Equal(Fields, sample.EnumerateObject().Select(field => field.Name));
        Assert.Equal(JsonValueKind.Number, sample.GetProperty("counter_volume").ValueKind);
        string Text(string field) => sample.GetProperty(field).GetString()!;
        return new PrintedSample(
            Text("counter_name"), Text("counter_type"), Text("counter_unit"), sample.GetProperty("counter_volume").GetInt64(),
            Text("resource_id"), Text("project_id"), Text("user_id"), Text("timestamp"), sample.GetProperty("message_id").GetGuid(),
            Text("source"), Text("region"), sample.GetProperty("resource_metadata").GetRawText());
    }

    private static PrintedSample FromRecord(string[] record) => new(
        record[0], record[1], record[2], long.Parse(record[3], CultureInfo.InvariantCulture), record[4], record[5],
        record[6].Length == 0 ? null : record[6], record[7], Guid.Parse(record[8]), record[9], record[10], record[11]);
}
