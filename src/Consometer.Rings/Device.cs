namespace Consometer.Rings;

/// <summary>
/// One device of the ring, as the ring describes it (<c>swift/common/ring/builder.py</c>, <c>add_dev</c>).
/// </summary>
/// <param name="Id">Its index in the ring's device list.</param>
/// <param name="Region">Failure domain above the zone; 1 in rings written before regions existed.</param>
/// <param name="Zone">Failure domain above the host.</param>
/// <param name="Ip">Address of the storage node towards the proxies: IPv4, IPv6 without brackets, or a host name.</param>
/// <param name="Port">Port of the server this ring is for.</param>
/// <param name="ReplicationIp">Address on the replication network; <paramref name="Ip"/> if the ring gives none.</param>
/// <param name="ReplicationPort">Port on the replication network; <paramref name="Port"/> if the ring gives none.</param>
/// <param name="Name">The device's folder on the node, e.g. <c>sdb1</c>.</param>
/// <param name="Weight">Share of partitions it should have, relative to the other devices. Says nothing of where an account is.</param>
/// <param name="Meta">The operator's remark.</param>
public sealed record Device(
    int Id,
    int Region,
    int Zone,
    string Ip,
    int Port,
    string ReplicationIp,
    int ReplicationPort,
    string Name,
    double Weight,
    string Meta);
