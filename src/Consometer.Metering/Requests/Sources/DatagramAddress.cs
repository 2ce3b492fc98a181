using System.Net;

namespace Consometer.Metering.Requests.Sources;

/// <summary>Where datagrams come in: an address and a port, or the path of a Unix socket.</summary>
public sealed record DatagramAddress
{
    private const string UdpScheme = "udp://";
    private const string UnixScheme = "unix:";

    private DatagramAddress(IPEndPoint? udp, string? path)
    {
        Udp = udp;
        Path = path;
    }

    /// <summary>Null of a Unix socket.</summary>
    public IPEndPoint? Udp { get; }

    /// <summary>Null of an address.</summary>
    public string? Path { get; }

    /// <summary>Reads <c>udp://127.0.0.1:5140</c>, <c>udp://[::1]:5140</c>, <c>unix:/run/access.sock</c>; null if it is none of these. No names: whom a name stands for, somebody else decides.</summary>
    public static DatagramAddress? TryParse(string text)
    {
        if (text.StartsWith(UnixScheme, StringComparison.Ordinal))
        {
            // As a URL has two slashes and nothing before the path, it may have them here too.
            var path = text[UnixScheme.Length..].Replace("///", "/", StringComparison.Ordinal);
            return path.StartsWith('/') && path.Length > 1 ? new DatagramAddress(null, path) : null;
        }

        return text.StartsWith(UdpScheme, StringComparison.Ordinal)
            && text[UdpScheme.Length..].TrimEnd('/') is var place
            && IPEndPoint.TryParse(place, out var udp) && place.EndsWith($":{udp.Port}", StringComparison.Ordinal)
            ? new DatagramAddress(udp, null)
            : null;
    }

    public override string ToString() => Udp is null ? UnixScheme + Path : $"{UdpScheme}{Udp}";
}
