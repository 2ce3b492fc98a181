using System.Net;
using Consometer.Rings;

namespace Consometer.Metering;

/// <summary>
/// The accounts of one host: those whose first primary is on it. Every account has one first primary, so the hosts of a ring together
/// have every account once.
/// </summary>
/// <param name="hashPath">The cluster's hash prefix and suffix.</param>
/// <param name="addresses">This host's addresses, and its name if the ring has names.</param>
public sealed class LocalScope(HashPath hashPath, IEnumerable<string> addresses)
{
    private readonly HashSet<string> _addresses = [.. addresses.Select(Normal)];

    /// <summary>Whether a device is on this host: its ip is one of the host's (<c>swift/common/ring/utils.py</c>, <c>is_local_device</c>).</summary>
    public bool IsLocal(Device device) => _addresses.Contains(Normal(device.Ip));

    /// <summary>Whether an account is this host's. One whose partition has no device is nobody's, and is told by every host as unknown.</summary>
    public bool Has(Account account, RingTable ring) =>
        ring.Locate(hashPath.Hash(account.Name)).Primaries() is not [var first, ..] || IsLocal(first);

    private static string Normal(string address) => IPAddress.TryParse(address, out var ip) ? ip.ToString() : address.ToLowerInvariant();
}
