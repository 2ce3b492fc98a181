using System.Text.Json;
using Consometer.Swift.Accounts;
using Consometer.Swift.Keystone;

namespace Consometer.Swift.Proxy;

/// <summary>What the proxy tells of its cluster: <c>GET /info</c> (<c>swift/proxy/controllers/info.py</c>).</summary>
internal static class ProxyInfo
{
    private const int BytesMax = 4 << 20;

    /// <summary>
    /// The storage policies' names as in the cluster's swift.conf. Deprecated ones are left out by Swift
    /// (<c>swift/common/storage_policy.py</c>, <c>get_policy_info</c>), and all of them where <c>expose_info</c> is off: then they are called as
    /// headers have them, in every round.
    /// </summary>
    /// <exception cref="ProxyException">There is no answer. Without it the same policy would have one name in this round and another in the next.</exception>
    public static async Task<IReadOnlyList<string>> ReadPolicyNamesAsync(ProxyConnections connections, Uri root, CancellationToken stopping)
    {
        var address = root.AbsoluteUri[..root.AbsoluteUri.LastIndexOf('/')] + "/info";
        var found = await connections.AskAsync<Found>(
            HttpMethod.Get,
            address,
            async (response, patience) => new Found(response.IsSuccessStatusCode ? await ReadAsync(response.Content, patience) : [], null),
            reason => new Found([], reason),
            stopping);
        return found.Failure is null or Unavailability.Unauthorized or Unavailability.Forbidden
            ? found.Names
            : throw new ProxyException($"{address}: wanted the names of the storage policies, for storage.policies.*, found {found.Failure.Value.Word()}");
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(HttpContent content, CancellationToken stopping)
    {
        await content.LoadIntoBufferAsync(BytesMax, stopping);
        try
        {
            using var body = JsonDocument.Parse(await content.ReadAsByteArrayAsync(stopping));
            return [.. KeystoneJson.Items(KeystoneJson.Member(body.RootElement, "swift"), "policies").Select(policy => KeystoneJson.Text(policy, "name")).OfType<string>()];
        }
        catch (JsonException)
        {
            // Not Swift's: it has other things at that address.
            return [];
        }
    }

    private sealed record Found(IReadOnlyList<string> Names, Unavailability? Failure);
}
