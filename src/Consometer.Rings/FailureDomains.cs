namespace Consometer.Rings;

/// <summary>
/// What can fail as one, as numbers: tier 0 is the region, 1 the zone in it, 2 the host in that, 3 the device itself
/// (<c>swift/common/ring/utils.py</c>, <c>tiers_for_dev</c>).
/// </summary>
internal sealed class FailureDomains
{
    public const int Tiers = 4;

    private readonly int[][] _domains;

    private FailureDomains(int[][] domains, int[] counts)
    {
        _domains = domains;
        Counts = counts;
    }

    /// <summary>How many distinct domains each tier has.</summary>
    public IReadOnlyList<int> Counts { get; }

    /// <summary>The domain that a device is in, from 0 to the tier's count − 1.</summary>
    public int DomainOf(int tier, int deviceId) => _domains[tier][deviceId];

    /// <summary>Numbers the domains of some devices.</summary>
    /// <param name="devices">All devices of a ring.</param>
    /// <param name="counts">Which of them count.</param>
    public static FailureDomains Of(IReadOnlyList<Device?> devices, Func<Device, bool> counts)
    {
        var counted = devices.OfType<Device>().Where(counts).ToArray();
        var domains = new int[Tiers][];
        var domainCounts = new int[Tiers];
        for (var tier = 0; tier < Tiers; tier++)
        {
            var numbers = new Dictionary<(int Region, int Zone, string Ip, int Id), int>();
            domains[tier] = new int[devices.Count];
            foreach (var device in counted)
            {
                var domain = Domain(tier, device);
                numbers.TryAdd(domain, numbers.Count);
                domains[tier][device.Id] = numbers[domain];
            }

            domainCounts[tier] = numbers.Count;
        }

        return new FailureDomains(domains, domainCounts);
    }

    private static (int Region, int Zone, string Ip, int Id) Domain(int tier, Device device) => tier switch
    {
        0 => (device.Region, 0, "", 0),
        1 => (device.Region, device.Zone, "", 0),
        2 => (device.Region, device.Zone, device.Ip, 0),
        _ => (device.Region, device.Zone, device.Ip, device.Id),
    };
}
