using System.Text.Json;

namespace Consometer.Swift.Keystone;

/// <summary>Reading JSON that may be anything: what is not there, or of another kind, is null or nothing.</summary>
internal static class KeystoneJson
{
    public static JsonElement? Member(JsonElement? owner, string key) =>
        owner is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(key, out var value) ? value : null;

    public static IEnumerable<JsonElement> Items(JsonElement? owner, string key) =>
        Member(owner, key) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static bool IsTrue(JsonElement? owner, string key) => Member(owner, key) is { ValueKind: JsonValueKind.True };

    public static bool IsFalse(JsonElement? owner, string key) => Member(owner, key) is { ValueKind: JsonValueKind.False };

    public static string? Text(JsonElement? owner, string key) =>
        Member(owner, key) is { ValueKind: JsonValueKind.String } value ? Unicode(value) : null;

    /// <summary>Null for half a surrogate pair or bytes that are not UTF-8, which only reading the string finds out.</summary>
    private static string? Unicode(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
