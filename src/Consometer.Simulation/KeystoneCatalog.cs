using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Consometer.Simulation;

/// <summary>
/// The services a scoped token lists. The object store is there without endpoints: what a system token sees of a real one, and true
/// here, for there is no proxy.
/// </summary>
internal static class KeystoneCatalog
{
    private const string Region = "RegionOne";

    /// <summary>An id that is always the same for the same thing.</summary>
    public static string Id(string kind, string name) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes($"{kind}/{name}")));

    public static void Write(Utf8JsonWriter json, string baseUri)
    {
        json.WriteStartArray("catalog");
        json.WriteStartObject();
        json.WriteStartArray("endpoints");
        foreach (var face in (ReadOnlySpan<string>)["public", "internal", "admin"])
        {
            json.WriteStartObject();
            json.WriteString("id", Id("endpoint/keystone", face));
            json.WriteString("interface", face);
            json.WriteString("region_id", Region);
            json.WriteString("url", $"{baseUri}/v3");
            json.WriteString("region", Region);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteService(json, "identity", "keystone");
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteStartArray("endpoints");
        json.WriteEndArray();
        WriteService(json, "object-store", "swift");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteService(Utf8JsonWriter json, string type, string name)
    {
        json.WriteString("id", Id("service", name));
        json.WriteString("type", type);
        json.WriteString("name", name);
    }
}
