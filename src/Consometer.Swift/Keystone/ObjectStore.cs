using System.Text.Json;

namespace Consometer.Swift.Keystone;

/// <summary>Where the object store is: what stands before <c>/AUTH_project</c> in an account's URL.</summary>
public static class ObjectStore
{
    internal const string ServiceType = "object-store";

    /// <summary>
    /// The storage root, such as <c>http://proxy:8080/v1</c>: what the configuration says, or the endpoint of the wanted region and
    /// interface in the token's catalog, or in the list of endpoints, since a token of the system has none with a project in it in its catalog.
    /// </summary>
    /// <exception cref="KeystoneException">Keystone refused or did not answer, or there is no such endpoint.</exception>
    public static Task<Uri> FindAsync(KeystoneSession session, CancellationToken stopping) => throw new NotImplementedException();

    internal static ObjectStoreEndpoint Read(JsonElement endpoint) => new(
        KeystoneJson.Text(endpoint, "interface") ?? "",
        KeystoneJson.Text(endpoint, "region_id") ?? KeystoneJson.Text(endpoint, "region") ?? "",
        KeystoneJson.Text(endpoint, "url") ?? "");
}
