namespace Consometer.Rings;

/// <summary>
/// The failure domains of the devices, as numbers: tier 0 is the region, 1 the zone in it, 2 the host in that, 3 the
/// device itself. Only devices that hold a partition count (<c>ring.py</c>, <c>Ring._update_bookkeeping</c>).
/// </summary>
internal sealed class HandoffTiers
{
    public const int Count = 4;

    private readonly int[][] _domains;

    private HandoffTiers(int[][] domains, int[] domainCounts)
    {
        _domains = domains;
        DomainCounts = domainCounts;
    }

    /// <summary>How many distinct domains each tier has.</summary>
    public IReadOnlyList<int> DomainCounts { get; }

    public int DomainOf(int tier, int deviceId) => _domains[tier][deviceId];

    public static HandoffTiers Of(RingTable ring)
    {
        var assigned = ring.Devices.OfType<Device>().Where(device => ring.PartitionsOf(device.Id) > 0).ToArray();
        var domains = new int[Count][];
        var domainCounts = new int[Count];
        for (var tier = 0; tier < Count; tier++)
        {
            var numbers = new Dictionary<(int Region, int Zone, string Ip, int Id), int>();
            domains[tier] = new int[ring.Devices.Count];
            foreach (var device in assigned)
            {
                var domain = Domain(tier, device);
                numbers.TryAdd(domain, numbers.Count);
                domains[tier][device.Id] = numbers[domain];
            }

            domainCounts[tier] = numbers.Count;
        }

        return new HandoffTiers(domains, domainCounts);
    }

    private static (int Region, int Zone, string Ip, int Id) Domain(int tier, Device device) => tier switch
    {
        0 => (device.Region, 0, "", 0),
        1 => (device.Region, device.Zone, "", 0),
        2 => (device.Region, device.Zone, device.Ip, 0),
        _ => (device.Region, device.Zone, device.Ip, device.Id),
    };
}
