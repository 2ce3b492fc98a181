namespace Consometer.Rings.Inspection;

/// <summary>
/// How far apart the replicas of a partition could be, and are: a domain need hold no more than its even share of what the domain
/// above it holds (<c>swift/common/ring/builder.py</c>, <c>RingBuilder._build_max_replicas_by_tier</c>). Not safe to share
/// between threads.
/// </summary>
internal sealed class ReplicaSpread
{
    private readonly FailureDomains _domains;
    private readonly int[][] _shares;
    private readonly int[][] _counts;

    private ReplicaSpread(FailureDomains domains, int[][] shares)
    {
        _domains = domains;
        _shares = shares;
        _counts = [.. domains.Counts.Select(count => new int[count])];
    }

    /// <summary>The domains of some devices, and the share of each.</summary>
    /// <param name="devices">The ring's devices. One without weight should hold nothing, and its domains have a share of 0 by themselves.</param>
    /// <param name="replicas">Replicas of a partition on average.</param>
    public static ReplicaSpread Of(IReadOnlyList<Device?> devices, double replicas)
    {
        var domains = FailureDomains.Of(devices, _ => true);
        var weighted = devices.OfType<Device>().Where(device => device.Weight != 0).ToArray();
        var shares = new int[FailureDomains.Tiers][];
        for (var tier = 0; tier < FailureDomains.Tiers; tier++)
        {
            var siblings = weighted
                .Select(device => (Parent: ParentOf(tier, device), Domain: domains.DomainOf(tier, device.Id)))
                .Distinct().CountBy(domain => domain.Parent).ToDictionary();
            shares[tier] = new int[domains.Counts[tier]];
            foreach (var device in weighted)
            {
                var parent = ParentOf(tier, device);
                var share = Math.Ceiling((tier == 0 ? replicas : shares[tier - 1][parent]) / siblings[parent]);
                shares[tier][domains.DomainOf(tier, device.Id)] = tier == FailureDomains.Tiers - 1 ? 1 : (int)share;
            }
        }

        return new ReplicaSpread(domains, shares);

        int ParentOf(int tier, Device device) => tier == 0 ? 0 : domains.DomainOf(tier - 1, device.Id);
    }

    /// <summary>
    /// The same, but a domain whose devices have much of the weight may hold as much as that asks for: the builder puts balance before
    /// distance, as long as no overload is set (<c>_build_weighted_replicas_by_tier</c>, <c>_build_replica_plan</c>).
    /// </summary>
    public static ReplicaSpread AllowingForWeight(IReadOnlyList<Device?> devices, double replicas)
    {
        const double Rounding = 1e-9;
        var spread = Of(devices, replicas);
        var byWeight = ReplicasByWeight([.. devices.OfType<Device>().Where(device => device.Weight > 0)], replicas);
        for (var tier = 0; tier < FailureDomains.Tiers - 1; tier++)
        {
            var wanted = new double[spread._shares[tier].Length];
            foreach (var (device, deviceReplicas) in byWeight)
            {
                wanted[spread._domains.DomainOf(tier, device.Id)] += deviceReplicas;
            }

            for (var domain = 0; domain < wanted.Length; domain++)
            {
                spread._shares[tier][domain] = Math.Max(spread._shares[tier][domain], (int)Math.Ceiling(wanted[domain] - Rounding));
            }
        }

        return spread;
    }

    /// <summary>Counts the replicas of one partition that are in a domain beyond its share.</summary>
    /// <param name="deviceIds">The devices of the partition's replicas.</param>
    /// <param name="excess">Room for a count for each tier.</param>
    public void Excess(ReadOnlySpan<int> deviceIds, Span<int> excess)
    {
        for (var tier = 0; tier < FailureDomains.Tiers; tier++)
        {
            var counts = _counts[tier];
            foreach (var id in deviceIds)
            {
                counts[_domains.DomainOf(tier, id)]++;
            }

            excess[tier] = 0;
            foreach (var id in deviceIds)
            {
                var domain = _domains.DomainOf(tier, id);
                excess[tier] += Math.Max(0, counts[domain] - _shares[tier][domain]);
                counts[domain] = 0;
            }
        }
    }

    /// <summary>Replicas of a partition that each device gets by its weight, none more than one; what that leaves over goes to the others.</summary>
    private static Dictionary<Device, double> ReplicasByWeight(HashSet<Device> devices, double replicas)
    {
        var full = new HashSet<Device>();
        while (true)
        {
            var perWeight = (replicas - full.Count) / devices.Sum(device => device.Weight);
            var over = devices.Where(device => device.Weight * perWeight > 1).ToArray();
            if (over.Length == 0)
            {
                return full.Select(device => (device, 1.0)).Concat(devices.Select(device => (device, device.Weight * perWeight))).ToDictionary();
            }

            full.UnionWith(over);
            devices.ExceptWith(over);
        }
    }
}
