namespace Consometer.Rings;

/// <summary>What a ring says of itself, apart from devices and assignments.</summary>
/// <param name="Format">Serialisation format, 1 or 2.</param>
/// <param name="DeviceIdBytes">Bytes of a device id in the table, 2 or 4.</param>
/// <param name="BuilderVersion">How often the builder file had changed; null in rings of before Swift 2.24.0.</param>
/// <param name="PartPower">The ring has 2 to this power partitions.</param>
/// <param name="NextPartPower">The power it is being raised to, while it is.</param>
public sealed record RingHeader(int Format, int DeviceIdBytes, long? BuilderVersion, int PartPower, int? NextPartPower)
{
    /// <summary>The sections of format 2, in the order of the file; format 1 has none.</summary>
    public IReadOnlyList<RingSection> Sections { get; init; } = [];
}

/// <summary>
/// A decoded ring: which devices hold which partition. Immutable; safe to share between threads.
/// </summary>
public sealed class RingTable
{
    private readonly int[] _partitionsByDevice;
    private readonly Lazy<FailureDomains> _tiers;

    internal RingTable(DecodedRing ring, int[] partitionsByDevice)
    {
        Header = ring.Header;
        Devices = ring.Devices;
        Assignments = ring.Assignments;
        _partitionsByDevice = partitionsByDevice;
        _tiers = new Lazy<FailureDomains>(() => FailureDomains.Of(Devices, device => PartitionsOf(device.Id) > 0));
    }

    public RingHeader Header { get; }

    /// <summary>The devices by id; null where one was removed.</summary>
    public IReadOnlyList<Device?> Devices { get; }

    /// <summary>Number of partitions, 2 to the part power.</summary>
    public int Partitions => Assignments.Partitions;

    /// <summary>Replicas of a partition on average: 2.5 means that every other partition has a third replica.</summary>
    public double Replicas => (double)Assignments.Entries / Assignments.Partitions;

    /// <summary>Replicas of the partition that has most: the primaries of a partition are never more.</summary>
    public int ReplicasMax => Assignments.Rows;

    internal AssignmentTable Assignments { get; }

    internal FailureDomains HandoffTiers => _tiers.Value;

    /// <summary>How many replicas of partitions a device holds.</summary>
    public int PartitionsOf(int deviceId) => _partitionsByDevice[deviceId];

    /// <summary>
    /// The devices that hold a partition, in Swift's order and each once (<c>ring.py</c>, <c>Ring._get_part_nodes</c>).
    /// Allocates nothing.
    /// </summary>
    /// <param name="partition">From 0 to <see cref="Partitions"/> − 1.</param>
    /// <param name="deviceIds">Room for <see cref="ReplicasMax"/> ids.</param>
    /// <returns>How many ids were written.</returns>
    public int GetPrimaries(uint partition, Span<int> deviceIds)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(partition, (uint)Partitions);
        var count = 0;
        for (var entry = (int)partition; entry < Assignments.Entries; entry += Assignments.Partitions)
        {
            var id = Assignments.IdAt(entry);
            if (id != Assignments.Unassigned && !deviceIds[..count].Contains((int)id))
            {
                deviceIds[count++] = (int)id;
            }
        }

        return count;
    }

    /// <summary>Where an account, container or object is: its partition and the devices of it.</summary>
    /// <param name="path">The hash of its path.</param>
    public Placement Locate(PathHash path) => new(this, path.Partition(Header.PartPower));
}
