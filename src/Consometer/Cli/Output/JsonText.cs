using System.Text.Encodings.Web;
using System.Text.Json;

namespace Consometer.Cli.Output;

/// <summary>JSON as the commands print it: names in snake case, text as it is.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions OnOneLine = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private static readonly JsonSerializerOptions Indented = new(OnOneLine) { WriteIndented = true };

    /// <summary>A whole document.</summary>
    public static string Document<T>(T value) => JsonSerializer.Serialize(value, Indented);

    /// <summary>One of many.</summary>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, OnOneLine);
}
