namespace Consometer.Rings.Inspection;

/// <summary>
/// How evenly and how far apart a ring has laid its replicas, in <c>swift-ring-builder</c>'s terms and to its last digit. The builder's
/// file is not needed; it may know a fraction of a replica more exactly than the ring, which has it in whole partitions.
/// </summary>
public sealed class RingBalance
{
    /// <summary>What the builder shows for a device without weight that holds partitions (<c>MAX_BALANCE</c>).</summary>
    private const double Worst = 999.99;

    private readonly RingTable _ring;
    private readonly double _replicasByWeight;

    private RingBalance(RingTable ring, double replicasByWeight, double dispersion)
    {
        _ring = ring;
        _replicasByWeight = replicasByWeight;
        Dispersion = dispersion;
    }

    /// <summary>Percent by which the worst device's share is off; null if no device has weight. <c>RingBuilder.get_balance</c>.</summary>
    public double? Balance => double.IsNormal(_replicasByWeight)
        ? _ring.Devices.OfType<Device>().Max(device => Math.Abs(OfDevice(device.Id) ?? 0))
        : null;

    /// <summary>
    /// Percent of the replicas that share a region, zone, host or device with more others of their partition than they need to.
    /// <c>RingBuilder.dispersion</c>; as there, partitions that the last row of a fractional ring does not reach are not looked at.
    /// </summary>
    public double Dispersion { get; }

    /// <summary>
    /// Percent that a device holds more than its weight asks for, negative for less; null if no device has weight.
    /// <c>RingBuilder._build_balance_per_dev</c>.
    /// </summary>
    public double? OfDevice(int deviceId) =>
        _ring.Devices[deviceId] is not { } device || !double.IsNormal(_replicasByWeight) ? null
        : device.Weight != 0 ? Finite((100.0 * _ring.PartitionsOf(deviceId) / (device.Weight * _replicasByWeight)) - 100.0)
        : _ring.PartitionsOf(deviceId) > 0 ? Worst : 0;

    /// <summary>Computes both, walking the table once.</summary>
    public static RingBalance Of(RingTable ring) =>
        new(ring, ring.Partitions * ring.Replicas / ring.Devices.Sum(device => device?.Weight ?? 0), DispersionOf(ring));

    /// <summary>Weights that no one gives, of 300 digits, leave nothing to say.</summary>
    private static double? Finite(double percent) => double.IsFinite(percent) ? percent : null;

    private static double DispersionOf(RingTable ring)
    {
        var table = ring.Assignments;
        var spread = ReplicaSpread.Of(ring.Devices, ring.Replicas);
        var lastRow = table.Entries - ((table.Rows - 1) * table.Partitions);
        Span<int> ids = stackalloc int[AssignmentTable.RowsMax];
        Span<int> excess = stackalloc int[FailureDomains.Tiers];
        long atRisk = 0;
        for (var partition = 0; partition < lastRow; partition++)
        {
            // Swift itself fails on a ring with a replica that has no device.
            var count = 0;
            for (var entry = partition; entry < table.Entries; entry += table.Partitions)
            {
                var id = table.IdAt(entry);
                ids[count] = (int)id;
                count += id == table.Unassigned ? 0 : 1;
            }

            spread.Excess(ids[..count], excess);
            atRisk += Math.Max(Math.Max(excess[0], excess[1]), Math.Max(excess[2], excess[3]));
        }

        return 100.0 * atRisk / (ring.Partitions * ring.Replicas);
    }
}
