using System.Text.Encodings.Web;
using System.Text.Json;

namespace Consometer.Delivery.Formats;

/// <summary>What all formats write the same way.</summary>
internal static class SampleJson
{
    /// <summary>Of a volume's digits: <see cref="long.MinValue"/> has a sign and 19.</summary>
    public const int VolumeBytesMax = 20;

    /// <summary>
    /// Names in scripts other than Latin stay as they are: nothing here ends up in a page. What is written is laid down in this folder
    /// and compared whole by tests, so the writer need not look after itself.
    /// </summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A sample's metadata as an object: <c>{"storage_policy": NAME}</c>, or an empty one.</summary>
    public static void WriteMetadata(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? storagePolicy)
    {
        json.WriteStartObject(name);
        if (storagePolicy is not null)
        {
            json.WriteString("storage_policy"u8, storagePolicy);
        }

        json.WriteEndObject();
    }
}
