using System.Globalization;
using Consometer.Rings;

namespace Consometer.Swift.Accounts;

/// <summary>Which of a device's two addresses is used.</summary>
public enum Network
{
    /// <summary>The address the proxies use.</summary>
    Client,

    /// <summary>The replication address: since Swift 2.26.0 the servers there answer HEAD too, and customers are not in the way.</summary>
    Replication,
}

/// <summary>A server of a storage node: what has a lane of its own.</summary>
/// <param name="Ip">IPv4, IPv6 without brackets, or a host name.</param>
/// <param name="Port">TCP port.</param>
public readonly record struct Node(string Ip, int Port)
{
    /// <summary>The server that a device is behind.</summary>
    public static Node Of(Device device, Network network) => network switch
    {
        Network.Client => new Node(device.Ip, device.Port),
        _ => new Node(device.ReplicationIp, device.ReplicationPort),
    };

    /// <summary>As in a URL: <c>192.0.2.1:6202</c>, <c>[2001:db8::1]:6202</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Ip.Contains(':', StringComparison.Ordinal) ? $"[{Ip}]" : Ip)}:{Port}");
}
