using System.Net;
using System.Net.NetworkInformation;

namespace Consometer.Daemon;

/// <summary>The machine this runs on.</summary>
internal static class ThisHost
{
    /// <summary>Its addresses and its name, as a ring may have them (<c>swift/common/utils</c>, <c>whataremyips</c>).</summary>
    public static IReadOnlyList<string> Addresses() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => new IPAddress(unicast.Address.GetAddressBytes()).ToString()),
        Dns.GetHostName(),
    ];
}
