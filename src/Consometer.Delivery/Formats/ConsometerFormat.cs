using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Consometer.Metering.Samples;

namespace Consometer.Delivery.Formats;

/// <summary>
/// Messages as <c>swift-consometer</c> sent them, <c>{"args": {"data": […]}}</c>: for whoever reads those already. Fields, their order and
/// types are those of <c>fixtures/messages/seed-consometer.json</c>, the volume in quotes and <c>ressource_metadata</c> with two s among
/// them. Ceilometer's own agent drops such a message: for it there is <see cref="CeilometerFormat"/>.
/// </summary>
public sealed class ConsometerFormat : IMessageFormat
{
    /// <summary>More than most samples take; and a message of the usual size stays below what .NET puts on its heap of large objects.</summary>
    private const int SampleBytes = 400;

    // Written two hundred times in each message: looked through for what needs escaping once, and here.
    private static readonly JsonEncodedText CounterName = JsonEncodedText.Encode("counter_name");
    private static readonly JsonEncodedText ResourceId = JsonEncodedText.Encode("resource_id");
    private static readonly JsonEncodedText MessageId = JsonEncodedText.Encode("message_id");
    private static readonly JsonEncodedText Timestamp = JsonEncodedText.Encode("timestamp");
    private static readonly JsonEncodedText CounterVolume = JsonEncodedText.Encode("counter_volume");
    private static readonly JsonEncodedText UserId = JsonEncodedText.Encode("user_id");
    private static readonly JsonEncodedText Source = JsonEncodedText.Encode("source");
    private static readonly JsonEncodedText CounterUnit = JsonEncodedText.Encode("counter_unit");
    private static readonly JsonEncodedText ProjectId = JsonEncodedText.Encode("project_id");
    private static readonly JsonEncodedText CounterType = JsonEncodedText.Encode("counter_type");
    private static readonly JsonEncodedText Region = JsonEncodedText.Encode("region");
    private static readonly JsonEncodedText RessourceMetadata = JsonEncodedText.Encode("ressource_metadata");
    private static readonly JsonEncodedText Openstack = JsonEncodedText.Encode(Sample.Source);

    /// <summary>What a message is written into before it is known how long it is: kept for the next one, which is about as long.</summary>
    private ArrayBufferWriter<byte>? _spare;

    /// <inheritdoc/>
    public string Name => "consometer";

    /// <summary>As many as <c>swift-consometer</c> put into a message.</summary>
    public int DefaultBatchSize => 200;

    /// <inheritdoc/>
    public byte[] Encode(IReadOnlyList<Sample> samples)
    {
        var body = Interlocked.Exchange(ref _spare, null) ?? new ArrayBufferWriter<byte>(samples.Count * SampleBytes);
        body.ResetWrittenCount();
        var times = new TimeText(time => time.ToString());
        using (var json = new Utf8JsonWriter(body, SampleJson.Options))
        {
            json.WriteStartObject();
            json.WriteStartObject("args"u8);
            json.WriteStartArray("data"u8);
            foreach (var sample in samples)
            {
                Write(json, sample, times.Of(sample.Time));
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        _spare = body;
        return body.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Sample sample, string timestamp)
    {
        Span<byte> volume = stackalloc byte[SampleJson.VolumeBytesMax];
        sample.Volume.TryFormat(volume, out var volumeBytes, provider: CultureInfo.InvariantCulture);

        json.WriteStartObject();
        json.WriteString(CounterName, sample.Meter.Name);
        json.WriteString(ResourceId, sample.ResourceId);
        json.WriteString(MessageId, sample.MessageId);
        json.WriteString(Timestamp, timestamp);
        json.WriteString(CounterVolume, volume[..volumeBytes]);
        json.WriteNull(UserId);
        json.WriteString(Source, Openstack);
        json.WriteString(CounterUnit, sample.Meter.Unit);
        json.WriteString(ProjectId, sample.ProjectId);
        json.WriteString(CounterType, sample.Meter.Type);
        WriteMetadata(json, sample.StoragePolicy);
        json.WriteString(Region, sample.Region);
        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, string? storagePolicy)
    {
        if (storagePolicy is null)
        {
            json.WriteNull(RessourceMetadata);
        }
        else
        {
            SampleJson.WriteMetadata(json, "ressource_metadata"u8, storagePolicy);
        }
    }
}
