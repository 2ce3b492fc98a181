using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Consometer.Rings;

/// <summary>The JSON parts of a ring, read strictly: a key that is there and is not what Swift writes is an error.</summary>
internal sealed class RingJson : IDisposable
{
    /// <summary>More than the devices of any ring take: a hundred thousand of them are some 25 MB. Read, it is up to eight times as much.</summary>
    private const int BytesMax = 32 << 20;

    private readonly JsonDocument _document;
    private readonly long _offset;

    private RingJson(JsonDocument document, long offset)
    {
        _document = document;
        _offset = offset;
    }

    /// <param name="json">UTF-8 text.</param>
    /// <param name="offset">Where it starts in the ring, for the errors.</param>
    public static RingJson Parse(ReadOnlyMemory<byte> json, long offset)
    {
        if (json.Length > BytesMax)
        {
            throw RingFormatException.At(offset, $"JSON of at most {BytesMax} bytes", $"{json.Length}");
        }

        // Text can be bad only where it is escaped or not ASCII, which is in few rings, and in their remarks.
        if (!Ascii.IsValid(json.Span) || json.Span.Contains((byte)'\\'))
        {
            RefuseFaults(json.Span, offset);
        }

        try
        {
            return new RingJson(JsonDocument.Parse(json), offset);
        }
        catch (JsonException)
        {
            RefuseFaults(json.Span, offset);
            throw;
        }
    }

    /// <summary>
    /// Tells where the fault is. The parser leaves bad text for whoever asks for it to fail on; here all is asked for once, so that no
    /// one can.
    /// </summary>
    private static void RefuseFaults(ReadOnlySpan<byte> json, long offset)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
            }
        }
        catch (JsonException)
        {
            throw RingFormatException.At(offset + reader.BytesConsumed, "well-formed JSON", "something else");
        }
        catch (InvalidOperationException)
        {
            throw RingFormatException.At(offset + reader.TokenStartIndex, "valid Unicode text", "something else");
        }
    }

    public void Dispose() => _document.Dispose();

    public int PartPower() => 32 - WholeNumber("part_shift", 1, 32);

    public int? NextPartPower() => Member(_document.RootElement, "next_part_power") is null ? null : WholeNumber("next_part_power", 0, 32);

    public long? BuilderVersion() =>
        Member(_document.RootElement, "version") is not { } version ? null
        : version.ValueKind == JsonValueKind.Number && version.TryGetInt64(out var number) ? number
        : throw Wrong("a whole number as version", version);

    public int WholeNumber(string key, int min, int max) => WholeNumber(_document.RootElement, key, min, max, null);

    public string? Text(string key) => Text(_document.RootElement, key);

    /// <summary>The device list, from the root itself (format 2) or its <c>devs</c> (format 1). A hole is null.</summary>
    public IReadOnlyList<Device?> Devices()
    {
        var list = _document.RootElement.ValueKind == JsonValueKind.Array ? _document.RootElement : Member(_document.RootElement, "devs");
        if (list is not { ValueKind: JsonValueKind.Array } devices)
        {
            throw RingFormatException.At(_offset, "a list of devices", "none");
        }

        return [.. devices.EnumerateArray().Select((device, id) => device.ValueKind == JsonValueKind.Null ? null : ReadDevice(device, id))];
    }

    /// <summary>The index of format 2: section → [compressed start, start, compressed end, end, checksum method, checksum].</summary>
    /// <returns>The sections in the order of the file.</returns>
    public RingSection[] Sections()
    {
        if (_document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw Wrong("an index of sections", _document.RootElement);
        }

        return [.. _document.RootElement.EnumerateObject().Select(ReadSection).OrderBy(section => section.Start)];
    }

    private RingSection ReadSection(JsonProperty entry) =>
        entry.Value.ValueKind == JsonValueKind.Array
        && entry.Value.EnumerateArray().ToArray() is [var compressedStart, var start, var compressedEnd, var end, var method, var checksum]
        && IsOffset(compressedStart, out var compressedFrom) && IsOffset(start, out var from)
        && IsOffset(compressedEnd, out var compressedTo) && IsOffset(end, out var to)
            ? new RingSection(entry.Name, from, to, compressedFrom, compressedTo, method.ToString(), checksum.ToString())
            : throw Wrong($"index entry {entry.Name} with four offsets, a method and a checksum", entry.Value);

    /// <summary>Older rings lack the replication address (it is the address itself) and the region (it is 1).</summary>
    private Device ReadDevice(JsonElement device, int id)
    {
        if (device.ValueKind != JsonValueKind.Object)
        {
            throw Wrong($"a description of device {id}", device);
        }

        if (WholeNumber(device, "id", 0, int.MaxValue, id) != id)
        {
            throw Wrong($"id {id} at index {id} of the devices", device);
        }

        var ip = Required(device, "ip", id);
        var port = WholeNumber(device, "port", 0, ushort.MaxValue, null);
        return new Device(
            id,
            WholeNumber(device, "region", 0, int.MaxValue, 1),
            WholeNumber(device, "zone", 0, int.MaxValue, null),
            ip,
            port,
            Text(device, "replication_ip") ?? ip,
            WholeNumber(device, "replication_port", 0, ushort.MaxValue, port),
            Required(device, "device", id),
            Weight(device),
            Text(device, "meta") ?? "");
    }

    private double Weight(JsonElement device) =>
        Member(device, "weight") is not { } weight ? 0
        : weight.ValueKind == JsonValueKind.Number && weight.TryGetDouble(out var number) && double.IsFinite(number) ? number
        : throw Wrong("a finite number as weight", weight);

    private string Required(JsonElement device, string key, int id) =>
        Text(device, key) is { Length: > 0 } text ? text : throw Wrong($"{key} of device {id}", device);

    private string? Text(JsonElement owner, string key)
    {
        if (Member(owner, key) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong($"text as {key}", value);
    }

    private int WholeNumber(JsonElement owner, string key, int min, int max, int? absent)
    {
        if (Member(owner, key) is not { } value)
        {
            return absent ?? throw RingFormatException.At(_offset, $"the key {key}", "none");
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max
            ? number
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"{key}, a whole number from {min} to {max}"), value);
    }

    private JsonElement? Member(JsonElement owner, string key)
    {
        if (owner.ValueKind != JsonValueKind.Object)
        {
            throw Wrong($"an object with {key}", owner);
        }

        return owner.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private static bool IsOffset(JsonElement element, out long value)
    {
        value = -1;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out value) && value >= 0;
    }

    private RingFormatException Wrong(string wanted, JsonElement found)
    {
        const int ShownMax = 60;
        var text = found.GetRawText();
        return RingFormatException.At(_offset, wanted, text.Length <= ShownMax ? text : text[..ShownMax] + "…");
    }
}
