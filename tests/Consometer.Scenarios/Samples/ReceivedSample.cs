using System.Globalization;
using System.Text.Json;
using Consometer.Scenarios.Lab;

namespace Consometer.Scenarios.Samples;

/// <summary>A sample that was published: as a message has it, or as Ceilometer's agent wrote it down.</summary>
internal sealed record ReceivedSample(Guid MessageId, string Meter, string Type, string ProjectId, string ResourceId, long Volume, string Timestamp)
{
    public Figure Figure => new(ProjectId, Meter, Volume);

    public static ReceivedSample FromMessage(JsonElement sample) => Read(sample, "message_id", "counter_name", "counter_type", "counter_volume");

    public static ReceivedSample FromAgent(string line) => Read(JsonElement.Parse(line), "id", "name", "type", "volume");

    private static ReceivedSample Read(JsonElement sample, string id, string name, string type, string volume)
    {
        string Text(string field) => sample.GetProperty(field).GetString()!;
        return new ReceivedSample(
            sample.GetProperty(id).GetGuid(), Text(name), Text(type), Text("project_id"), Text("resource_id"),
            Number(sample.GetProperty(volume)), Text("timestamp"));
    }

    /// <summary>A number; in the older format it is one in quotes.</summary>
    private static long Number(JsonElement volume) =>
        volume.ValueKind == JsonValueKind.String ? long.Parse(volume.GetString()!, CultureInfo.InvariantCulture) : volume.GetInt64();
}
