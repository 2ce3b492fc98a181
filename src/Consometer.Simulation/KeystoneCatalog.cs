using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Consometer.Simulation;

/// <summary>
/// The services and their endpoints: in the catalog of a scoped token, and as lists. The object store is in a catalog without endpoints
/// where their URL has a project and the token has none, as a token of the system sees it, or where no URL is set.
/// </summary>
internal sealed class KeystoneCatalog
{
    private const string Region = "RegionOne";

    private static readonly string[] Interfaces = ["public", "internal", "admin"];

    private static readonly string[] ProjectIds = ["%(project_id)s", "$(project_id)s", "%(tenant_id)s", "$(tenant_id)s"];

    private volatile string? _objectStoreUrl;

    /// <summary>A template such as <c>http://proxy:8080/v1/AUTH_%(project_id)s</c>; null for no endpoints.</summary>
    public string? ObjectStoreUrl
    {
        get => _objectStoreUrl;
        set => _objectStoreUrl = value;
    }

    /// <summary>An id that is always the same for the same thing.</summary>
    public static string Id(string kind, string name) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes($"{kind}/{name}")));

    public void Write(Utf8JsonWriter json, string baseUri, TokenScope scope)
    {
        json.WriteStartArray("catalog");
        WriteService(json, "identity", "keystone", $"{baseUri}/v3");
        WriteService(json, "object-store", "swift", ObjectStoreUrl is { } template ? InScope(template, scope) : null);
        json.WriteEndArray();
    }

    /// <summary><c>GET /v3/services</c>, with its filter by type.</summary>
    public static void WriteServices(Utf8JsonWriter json, HttpContext context) => WriteList(json, context, "services", () =>
    {
        foreach (var (type, name) in Services().Where(service => context.Request.Query["type"].FirstOrDefault() is null or "" || context.Request.Query["type"] == service.Type))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("id", Id("service", name));
            json.WriteString("type", type);
            json.WriteBoolean("enabled", true);
            WriteSelf(json, context, "services/" + Id("service", name));
            json.WriteEndObject();
        }
    });

    /// <summary><c>GET /v3/endpoints</c>, with its filters by service, interface and region; URLs are templates.</summary>
    public void WriteEndpoints(Utf8JsonWriter json, HttpContext context) => WriteList(json, context, "endpoints", () =>
    {
        var query = context.Request.Query;
        foreach (var (service, url) in new[] { ("keystone", KeystoneAnswers.BaseUri(context) + "/v3"), ("swift", ObjectStoreUrl) })
        {
            var asked = Is("service_id", Id("service", service)) && Is("region_id", Region) && url is not null;
            foreach (var face in Interfaces.Where(face => asked && Is("interface", face)))
            {
                json.WriteStartObject();
                json.WriteString("id", Id("endpoint/" + service, face));
                json.WriteString("interface", face);
                json.WriteString("region_id", Region);
                json.WriteString("service_id", Id("service", service));
                json.WriteString("url", url);
                json.WriteBoolean("enabled", true);
                json.WriteString("region", Region);
                WriteSelf(json, context, "endpoints/" + Id("endpoint/" + service, face));
                json.WriteEndObject();
            }
        }

        bool Is(string key, string value) => query[key].FirstOrDefault() is null || query[key] == value;
    });

    private static (string Type, string Name)[] Services() => [("identity", "keystone"), ("object-store", "swift")];

    /// <returns>Null where the template has a project and the scope none.</returns>
    private static string? InScope(string template, TokenScope scope) =>
        scope is TokenScope.Project project ? ProjectIds.Aggregate(template, (url, id) => url.Replace(id, project.Of.ProjectId, StringComparison.Ordinal))
        : ProjectIds.Any(id => template.Contains(id, StringComparison.Ordinal)) ? null : template;

    private static void WriteList(Utf8JsonWriter json, HttpContext context, string name, Action writeItems)
    {
        json.WriteStartObject();
        json.WriteStartArray(name);
        writeItems();
        json.WriteEndArray();
        json.WriteStartObject("links");
        json.WriteNull("next");
        json.WriteString("self", $"{KeystoneAnswers.BaseUri(context)}/v3/{name}{context.Request.QueryString}");
        json.WriteNull("previous");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSelf(Utf8JsonWriter json, HttpContext context, string path)
    {
        json.WriteStartObject("links");
        json.WriteString("self", $"{KeystoneAnswers.BaseUri(context)}/v3/{path}");
        json.WriteEndObject();
    }

    private static void WriteService(Utf8JsonWriter json, string type, string name, string? url)
    {
        json.WriteStartObject();
        json.WriteStartArray("endpoints");
        foreach (var face in Interfaces.Where(_ => url is not null))
        {
            json.WriteStartObject();
            json.WriteString("id", Id("endpoint/" + name, face));
            json.WriteString("interface", face);
            json.WriteString("region_id", Region);
            json.WriteString("url", url);
            json.WriteString("region", Region);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("id", Id("service", name));
        json.WriteString("type", type);
        json.WriteString("name", name);
        json.WriteEndObject();
    }
}
