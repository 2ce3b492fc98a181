using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Consometer.Metering.Samples;

namespace Consometer.Delivery.Formats;

/// <summary>
/// Messages as Ceilometer's polling agent sends them to <c>ceilometer-agent-notification</c>, where
/// <c>ceilometer/telemetry/notifications.py</c> reads them: samples in a notification in an <see cref="OsloEnvelope"/>.
/// </summary>
/// <param name="telemetrySecret">Ceilometer's <c>telemetry_secret</c>, which samples are signed with; empty for no signatures.</param>
/// <param name="clock">When a notification is made. Its samples have the time of their round.</param>
public sealed class CeilometerFormat(string telemetrySecret, TimeProvider clock) : IMessageFormat
{
    /// <summary>More than most samples take.</summary>
    private const int SampleBytes = 640;

    private readonly byte[] _secret = Encoding.UTF8.GetBytes(telemetrySecret);

    /// <inheritdoc/>
    public string Name => "ceilometer";

    /// <summary>As the agent's own <c>[polling] batch_size</c>.</summary>
    public int DefaultBatchSize => 50;

    /// <inheritdoc/>
    public byte[] Encode(IReadOnlyList<Sample> samples)
    {
        var notification = new ArrayBufferWriter<byte>(samples.Count * SampleBytes);
        WriteNotification(notification, samples);
        return OsloEnvelope.Around(notification.WrittenSpan);
    }

    /// <summary>
    /// The ids come last, being made of the samples. oslo.messaging drops a message whose <c>_unique_id</c> it has lately seen, and so one
    /// that was made twice.
    /// </summary>
    private void WriteNotification(ArrayBufferWriter<byte> notification, IReadOnlyList<Sample> samples)
    {
        using var json = new Utf8JsonWriter(notification, SampleJson.Options);
        json.WriteStartObject();
        json.WriteString("publisher_id"u8, "ceilometer.polling"u8);
        json.WriteString("event_type"u8, "telemetry.polling"u8);
        json.WriteString("priority"u8, "SAMPLE"u8);
        json.WriteString("timestamp"u8, clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture));

        var id = WritePayload(json, samples);
        json.WriteString("message_id"u8, id);
        json.WriteString("_unique_id"u8, id.ToString("N"));
        json.WriteEndObject();
    }

    /// <returns>An id of the samples.</returns>
    private Guid WritePayload(Utf8JsonWriter json, IReadOnlyList<Sample> samples)
    {
        using var written = new CeilometerSamples(_secret);
        json.WriteStartObject("payload"u8);
        json.WriteStartArray("samples"u8);
        foreach (var sample in samples)
        {
            written.Write(json, sample);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return written.Id();
    }
}
