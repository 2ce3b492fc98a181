namespace Consometer.Rings;

/// <summary>Where a partition is.</summary>
/// <param name="Ring">The ring that says so.</param>
/// <param name="Partition">The partition.</param>
public sealed record Placement(RingTable Ring, uint Partition)
{
    /// <summary>The devices that should hold it, in Swift's order. With 2.5 replicas half of the partitions have two.</summary>
    public IReadOnlyList<Device> Primaries()
    {
        Span<int> ids = stackalloc int[Ring.ReplicasMax];
        var primaries = new Device[Ring.GetPrimaries(Partition, ids)];
        for (var i = 0; i < primaries.Length; i++)
        {
            primaries[i] = Ring.Devices[ids[i]]!;
        }

        return primaries;
    }

    /// <summary>The devices asked next, in Swift's order, until every device that Swift's walk reaches was named.</summary>
    public IEnumerable<Device> Handoffs() =>
        HandoffWalk.From(Ring, Partition, Primaries().Select(device => device.Id)).Select(id => Ring.Devices[id]!);
}
