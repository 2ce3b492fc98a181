using System.Net;
using System.Text;

namespace Consometer.Metering.Requests;

/// <summary>
/// Whether a client is in an internal network. The address is the connection's (<c>remote_addr</c>), which no client can choose; only where that
/// is one of the operator's own proxies it is what the proxy says of its client (<c>client_ip</c>: <c>X-Cluster-Client-Ip</c>, or the first of
/// <c>X-Forwarded-For</c>). Not shared between threads.
/// </summary>
/// <param name="internalNetworks">The internal networks.</param>
/// <param name="trustedProxies">Where the operator's own proxies are.</param>
public sealed class ClientNetworks(IReadOnlyList<IPNetwork> internalNetworks, IReadOnlyList<IPNetwork> trustedProxies)
{
    /// <summary>Addresses are few, and asked for with each line; but clients behind a proxy can make up any.</summary>
    private const int KnownMax = 10_000;

    /// <summary>Bytes of an address, quoted, with a zone and a port; what is longer is none, and not kept.</summary>
    private const int AddressBytesMax = 128;

    private readonly Dictionary<byte[], Known> _known = new(Bytes.Comparer);

    /// <summary>Private networks (RFC 1918, RFC 4193) and loopback.</summary>
    public static IReadOnlyList<IPNetwork> Private { get; } =
    [
        .. ((string[])["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "::1/128", "fc00::/7"]).Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>Whether the client of a line is internal. One whose address cannot be read is not: nobody is given for nothing what he may owe.</summary>
    internal bool IsInternal(AccessLine line)
    {
        var remote = Look(line.RemoteAddr);
        return (remote.IsTrusted ? Look(line.ClientIp) : remote).IsInternal;
    }

    private Known Look(ReadOnlySpan<byte> text)
    {
        if (text.Length > AddressBytesMax)
        {
            return default;
        }

        var known = _known.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!known.TryGetValue(text, out var found))
        {
            if (_known.Count >= KnownMax)
            {
                _known.Clear();
            }

            found = Judge(text);
            known[text] = found;
        }

        return found;
    }

    private Known Judge(ReadOnlySpan<byte> text) => AddressOf(Encoding.UTF8.GetString(text)) is { } address
        ? new Known(internalNetworks.Any(network => network.Contains(address)), trustedProxies.Any(network => network.Contains(address)))
        : default;

    /// <summary>An address, with a port or without: some balancers add it. IPv4 within IPv6 is IPv4.</summary>
    private static IPAddress? AddressOf(string text)
    {
        // IPEndPoint reads a port after one colon or after a bracket only, so that no part of an IPv6 address passes for one.
        return IPEndPoint.TryParse(Uri.UnescapeDataString(text), out var place) && text.Contains('.', StringComparison.Ordinal) | text.Contains(':', StringComparison.Ordinal)
            ? place.Address.IsIPv4MappedToIPv6 ? place.Address.MapToIPv4() : place.Address
            : null;
    }

    private readonly record struct Known(bool IsInternal, bool IsTrusted);
}
