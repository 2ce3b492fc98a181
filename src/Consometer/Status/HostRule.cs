using System.Net;
using Microsoft.AspNetCore.Http;

namespace Consometer.Status;

/// <summary>
/// Who is asked for must be this host, where the address is loopback: a page from elsewhere, open in a browser on this host, could have its
/// own name lead here (DNS rebinding) and read what it gets. It cannot do so by an address or by <c>localhost</c>. Where the address is no
/// loopback one, whoever reaches it may read it, by whatever name.
/// </summary>
internal static class HostRule
{
    /// <returns>Why the request is refused; null if it is not.</returns>
    public static string? RefusalOf(HostString host, IPAddress listen)
    {
        var isOurs = !IPAddress.IsLoopback(listen) || !host.HasValue || host.Host == "localhost" || IPAddress.TryParse(host.Host, out _);
        return isOurs ? null : "wanted an address or localhost as host, since status.listen is a loopback address, found another name (a proxy in front passes on the address it asks)";
    }
}
