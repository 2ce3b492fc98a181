using System.Text.Json;

namespace Consometer.Swift.Keystone;

/// <summary>Where the object store is: what stands before <c>/AUTH_project</c> in an account's URL.</summary>
public static class ObjectStore
{
    internal const string ServiceType = "object-store";

    private const string Version = "/v1";

    /// <summary>
    /// The storage root, such as <c>http://proxy:8080/v1</c>: what the configuration says, or the endpoint of the wanted region and
    /// interface in the token's catalog, or in the list of endpoints, since a token of the system has none with a project in it in its catalog.
    /// </summary>
    /// <exception cref="KeystoneException">Keystone refused or did not answer, or there is no such endpoint.</exception>
    public static async Task<Uri> FindAsync(KeystoneSession session, CancellationToken stopping)
    {
        var wanted = session.Options.ObjectStore;
        if (wanted.Override is { } given)
        {
            return Root(session, given.AbsoluteUri);
        }

        var token = await session.TokenAsync(stopping);
        return Choose(session, token.ObjectStores) is { } url
            ? Root(session, url)
            : await FindInListAsync(session, token.ObjectStores, stopping);
    }

    internal static ObjectStoreEndpoint Read(JsonElement endpoint) => new(
        KeystoneJson.Text(endpoint, "interface") ?? "",
        KeystoneJson.Text(endpoint, "region_id") ?? KeystoneJson.Text(endpoint, "region") ?? "",
        KeystoneJson.Text(endpoint, "url") ?? "");

    /// <summary>The services of the type, and their endpoints: for the reader of the system, and for admins.</summary>
    private static async Task<Uri> FindInListAsync(KeystoneSession session, IReadOnlyList<ObjectStoreEndpoint> inCatalog, CancellationToken stopping)
    {
        var endpoints = new List<ObjectStoreEndpoint>();
        foreach (var service in await ReadAsync(session, "services", $"type={ServiceType}", inCatalog, stopping))
        {
            if (KeystoneJson.Text(service, "id") is { } id && KeystoneJson.Text(service, "type") == ServiceType && !KeystoneJson.IsFalse(service, "enabled"))
            {
                var listed = await ReadAsync(session, "endpoints", $"service_id={Uri.EscapeDataString(id)}", inCatalog, stopping);
                endpoints.AddRange(listed
                    .Where(endpoint => KeystoneJson.Text(endpoint, "service_id") == id && !KeystoneJson.IsFalse(endpoint, "enabled"))
                    .Select(Read));
            }
        }

        return Choose(session, endpoints) is { } url ? Root(session, url) : throw Missing(session, Show(endpoints));
    }

    /// <summary>What <c>/v3/services</c> or <c>/v3/endpoints</c> lists. Neither has pages.</summary>
    private static async Task<JsonElement[]> ReadAsync(
        KeystoneSession session, string name, string filter, IReadOnlyList<ObjectStoreEndpoint> inCatalog, CancellationToken stopping)
    {
        var answer = await session.GetAsync($"/{name}?{filter}", $"listing {name}", stopping);
        if (!answer.IsSuccess)
        {
            throw Missing(session, $"{Show(inCatalog)} in the token's catalog, and {answer.Error} for the list of {name}");
        }

        try
        {
            using var body = JsonDocument.Parse(answer.Body);
            return [.. KeystoneJson.Items(body.RootElement, name).Select(item => item.Clone())];
        }
        catch (JsonException e)
        {
            throw session.Failure($"a list of {name}", "something else: " + e.Message);
        }
    }

    /// <returns>Null if none is of an interface that is wanted, and of the region; a failure if several regions have one and none is said.</returns>
    private static string? Choose(KeystoneSession session, IReadOnlyList<ObjectStoreEndpoint> endpoints) =>
        Choose(session, endpoints, session.Options.ObjectStore.Interface)
        ?? (session.Options.ObjectStore.OtherInterface is { } other ? Choose(session, endpoints, other) : null);

    private static string? Choose(KeystoneSession session, IReadOnlyList<ObjectStoreEndpoint> endpoints, string face)
    {
        var wanted = session.Options.ObjectStore;
        ObjectStoreEndpoint[] usable =
        [
            .. endpoints.Where(endpoint => endpoint.Url.Length > 0 && endpoint.Interface == face && (wanted.Region is null || endpoint.Region == wanted.Region)),
        ];
        return usable.Select(endpoint => endpoint.Region).Distinct().Count() > 1 ? throw Missing(session, Show(usable)) : usable.FirstOrDefault()?.Url;
    }

    /// <summary>The URL up to its <c>/v1</c>; what follows is a project's, or a template of one. The admin endpoint often has neither.</summary>
    private static Uri Root(KeystoneSession session, string url)
    {
        // A host may be called v1 too.
        var path = url.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? url.IndexOf('/', scheme + 3) : -1;
        var end = path < 0 ? -1 : (url + "/").IndexOf(Version + "/", path, StringComparison.Ordinal);
        var text = (end < 0 ? url.TrimEnd('/') : url[..end]) + Version;
        return Uri.TryCreate(text, UriKind.Absolute, out var root) && root.Scheme is "http" or "https" && !text.Contains('(', StringComparison.Ordinal)
            ? root
            : throw session.Failure("the object store's endpoint, an http or https URL", $"\"{url}\"");
    }

    private static KeystoneException Missing(KeystoneSession session, string found)
    {
        var wanted = session.Options.ObjectStore;
        return session.Failure(
            $"one endpoint of the object store (interface {wanted.Interface}, {(wanted.Region is null ? "any region" : "region " + wanted.Region)}), or object_store_endpoint_override", found);
    }

    private static string Show(IReadOnlyList<ObjectStoreEndpoint> endpoints) =>
        endpoints.Count == 0 ? "none" : string.Join(", ", endpoints.Select(endpoint => $"{endpoint.Interface} in {endpoint.Region}").Distinct());
}
