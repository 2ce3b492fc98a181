using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Consometer.Metering.Samples;

namespace Consometer.Delivery.Formats;

/// <summary>
/// Writes samples as objects of <see cref="ConsometerFormat"/>. All but names, ids and volumes is the same in each sample of a meter, and written at
/// once: field by field a million samples take a tenth of a round's time.
/// </summary>
/// <param name="body">Where they are written.</param>
internal sealed class ConsometerSamples(ArrayBufferWriter<byte> body)
{
    private const int GuidBytes = 36;

    private static readonly JavaScriptEncoder Encoder = SampleJson.Options.Encoder!;

    private readonly PerMeter<Fixed> _fixed = new(Fixed.Of);

    /// <summary>Writes a sample as an object.</summary>
    public void Write(Sample sample)
    {
        var parts = _fixed.Of(sample);
        body.Write(parts.ToResource);
        WriteText(sample.ResourceId);
        body.Write(parts.ToId);
        parts.Ids.Of(sample.ResourceId).TryFormat(body.GetSpan(GuidBytes), out var written);
        body.Advance(written);
        body.Write(parts.ToVolume);
        sample.Volume.TryFormat(body.GetSpan(SampleJson.VolumeBytesMax), out written, provider: CultureInfo.InvariantCulture);
        body.Advance(written);
        body.Write(parts.ToProject);
        WriteText(sample.ProjectId);
        body.Write(parts.ToMetadata);
        WriteMetadata(sample.StoragePolicy);
        body.Write(parts.ToEnd);
    }

    private void WriteMetadata(string? storagePolicy)
    {
        if (storagePolicy is null)
        {
            body.Write("null"u8);
            return;
        }

        body.Write("""{"storage_policy":" """u8[..^1]);
        WriteText(storagePolicy);
        body.Write("\"}"u8);
    }

    /// <summary>A text between its quotes, escaped as the base library's writer does it.</summary>
    private void WriteText(string text)
    {
        var utf8 = body.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, utf8);
        if (Encoder.FindFirstCharacterToEncodeUtf8(utf8[..length]) < 0)
        {
            body.Advance(length);
            return;
        }

        body.Write(Encoding.UTF8.GetBytes(Encoder.Encode(text)));
    }

    /// <summary>What stands between the fields that differ, and what makes the ids.</summary>
    private sealed record Fixed(SampleIds Ids, byte[] ToResource, byte[] ToId, byte[] ToVolume, byte[] ToProject, byte[] ToMetadata, byte[] ToEnd)
    {
        public static Fixed Of(Sample sample) => new(
            SampleIds.Like(sample),
            Bytes($"{{\"counter_name\":\"{Encoder.Encode(sample.Meter.Name)}\",\"resource_id\":\""),
            Bytes("\",\"message_id\":\""),
            Bytes($"\",\"timestamp\":\"{sample.Time}\",\"counter_volume\":\""),
            Bytes($"\",\"user_id\":null,\"source\":\"{Sample.Source}\",\"counter_unit\":\"{Encoder.Encode(sample.Meter.Unit)}\",\"project_id\":\""),
            Bytes($"\",\"counter_type\":\"{Encoder.Encode(sample.Meter.Type)}\",\"ressource_metadata\":"),
            Bytes($",\"region\":\"{Encoder.Encode(sample.Region)}\"}}"));

        private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
    }
}
