using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Consometer.Metering.Samples;

namespace Consometer.Delivery.Formats;

/// <summary>Writes the samples of one message as Ceilometer's pollsters do, signed, and gathers what the message's id is made of.</summary>
/// <param name="secret">As for <see cref="SampleSigner"/>.</param>
internal sealed class CeilometerSamples(byte[] secret) : IDisposable
{
    private const int UuidTextBytes = 36;
    private const int UuidBytes = 16;

    /// <summary>Ids, and the time in UTC without saying so, as the agents' own <c>datetime.isoformat()</c>: <c>2026-11-21T21:30:00.000000</c>.</summary>
    private readonly PerMeter<(SampleIds Ids, string Timestamp)> _fixed = new(
        sample => (SampleIds.Like(sample), sample.Time.Start.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture)));

    private readonly SampleSigner _signer = new(secret);
    private readonly SignedText _text = new();
    private readonly IncrementalHash _all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Dispose()
    {
        _signer.Dispose();
        _all.Dispose();
    }

    /// <summary>Writes a sample as an object.</summary>
    public void Write(Utf8JsonWriter json, Sample sample)
    {
        var (ids, timestamp) = _fixed.Of(sample);
        Span<byte> id = stackalloc byte[UuidTextBytes];
        ids.Of(sample.ResourceId).TryFormat(id, out _);
        SetText(sample, id, timestamp);
        _all.AppendData(_text.Bytes);

        json.WriteStartObject();
        json.WriteString("source"u8, Sample.Source);
        json.WriteString("counter_name"u8, sample.Meter.Name);
        json.WriteString("counter_type"u8, sample.Meter.Type);
        json.WriteString("counter_unit"u8, sample.Meter.Unit);
        json.WriteNumber("counter_volume"u8, sample.Volume);
        json.WriteNull("user_id"u8);
        json.WriteString("project_id"u8, sample.ProjectId);
        json.WriteString("resource_id"u8, sample.ResourceId);
        json.WriteString("timestamp"u8, timestamp);
        SampleJson.WriteMetadata(json, "resource_metadata"u8, sample.StoragePolicy);
        json.WriteString("message_id"u8, id);
        json.WriteNull("monotonic_time"u8);
        json.WriteString("message_signature"u8, _signer.Sign(_text.Bytes));
        json.WriteEndObject();
    }

    /// <summary>
    /// An id of all samples written so far: a UUID version 8 (RFC 9562 §5.8) of what is signed of them, whatever the secret. So a message
    /// that is made again has its id again, and one in which anything differs has another.
    /// </summary>
    public Guid Id()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _all.GetCurrentHash(hash);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..UuidBytes], bigEndian: true);
    }

    /// <summary>The text to sign: all fields by name, in whatever order they are sent.</summary>
    private void SetText(Sample sample, ReadOnlySpan<byte> id, string timestamp)
    {
        _text.Clear();
        _text.Add("counter_name"u8, sample.Meter.Name);
        _text.Add("counter_type"u8, sample.Meter.Type);
        _text.Add("counter_unit"u8, sample.Meter.Unit);
        _text.Add("counter_volume"u8, sample.Volume);
        _text.Add("message_id"u8, id);
        _text.AddNull("monotonic_time"u8);
        _text.Add("project_id"u8, sample.ProjectId);
        _text.Add("resource_id"u8, sample.ResourceId);
        if (sample.StoragePolicy is { } policy)
        {
            _text.Add("resource_metadata:storage_policy"u8, policy);
        }

        _text.Add("source"u8, Sample.Source);
        _text.Add("timestamp"u8, timestamp);
        _text.AddNull("user_id"u8);
    }
}
