namespace Consometer.Rings.Inspection;

/// <summary>A device that both rings have, and describe in different ways.</summary>
public sealed record DeviceChange(Device Old, Device New);

/// <summary>What a device gained and lost.</summary>
/// <param name="Device">The device, as the newer ring that has it describes it.</param>
/// <param name="Gained">Replicas of partitions that it did not hold before: what it has to fetch.</param>
/// <param name="Lost">Replicas of partitions that it need not hold any more.</param>
public sealed record DeviceMoves(Device Device, long Gained, long Lost);

/// <summary>
/// What is different between two rings of one cluster. A device is the same if its id is, as in the builder's own count of moves
/// (<c>swift/common/ring/builder.py</c>, <c>_build_dispersion_graph</c>); that a replica changed its row is no move.
/// </summary>
public sealed class RingDiff
{
    private readonly RingTable _old;
    private readonly RingTable _new;
    private readonly long[] _gained;
    private readonly long[] _lost;

    private RingDiff(RingTable old, RingTable @new)
    {
        _old = old;
        _new = @new;
        var devices = Math.Max(old.Devices.Count, @new.Devices.Count);
        _gained = new long[devices];
        _lost = new long[devices];
    }

    /// <summary>Devices that only the new ring has.</summary>
    public IReadOnlyList<Device> Added => Only(_new, _old);

    /// <summary>Devices that only the old ring has.</summary>
    public IReadOnlyList<Device> Removed => Only(_old, _new);

    /// <summary>Devices whose weight is another.</summary>
    public IReadOnlyList<DeviceChange> Reweighted => [.. Changes().Where(change => change.Old.Weight != change.New.Weight)];

    /// <summary>Devices of which something else is another: the address, the zone, the name.</summary>
    public IReadOnlyList<DeviceChange> Redescribed => [.. Changes().Where(change => change.Old with { Weight = change.New.Weight } != change.New)];

    /// <summary>Replicas of partitions on a device that did not hold that partition before.</summary>
    public long Moved => _gained.Sum();

    /// <summary>Replicas of partitions in the new ring; counted in the smaller partitions where the part power changed.</summary>
    public long Replicas => (long)_new.Assignments.Entries << (PartPower - _new.Header.PartPower);

    /// <summary><see cref="Moved"/> as a share of all, from 0 to 1.</summary>
    public double Share => (double)Moved / Replicas;

    /// <summary>Every device that gained or lost anything, those that moved most first.</summary>
    public IReadOnlyList<DeviceMoves> Moves =>
    [
        .. Enumerable.Range(0, _gained.Length)
            .Where(id => _gained[id] + _lost[id] > 0)
            .Select(id => new DeviceMoves((DeviceOf(_new, id) ?? DeviceOf(_old, id))!, _gained[id], _lost[id]))
            .OrderByDescending(moves => moves.Gained + moves.Lost).ThenBy(moves => moves.Device.Id),
    ];

    /// <summary>Of two rings with different part powers the larger one: each partition of the other is several of it.</summary>
    private int PartPower => Math.Max(_old.Header.PartPower, _new.Header.PartPower);

    /// <summary>Compares two rings, partition by partition.</summary>
    public static RingDiff Of(RingTable old, RingTable @new)
    {
        var diff = new RingDiff(old, @new);
        diff.Count();
        return diff;
    }

    /// <summary>Whether the devices of an account, container or object are others now; their order does not count.</summary>
    /// <param name="path">The hash of its path.</param>
    public bool HasMoved(PathHash path)
    {
        Span<int> before = stackalloc int[AssignmentTable.RowsMax];
        Span<int> after = stackalloc int[AssignmentTable.RowsMax];
        before = before[.._old.GetPrimaries(path.Partition(_old.Header.PartPower), before)];
        after = after[.._new.GetPrimaries(path.Partition(_new.Header.PartPower), after)];
        return before.Length != after.Length || before.ContainsAnyExcept(after);
    }

    private void Count()
    {
        Span<int> before = stackalloc int[AssignmentTable.RowsMax];
        Span<int> after = stackalloc int[AssignmentTable.RowsMax];
        for (uint partition = 0; partition < 1u << PartPower; partition++)
        {
            var oldCount = _old.GetPrimaries(partition >> (PartPower - _old.Header.PartPower), before);
            var newCount = _new.GetPrimaries(partition >> (PartPower - _new.Header.PartPower), after);
            CountMissing(after[..newCount], before[..oldCount], _gained);
            CountMissing(before[..oldCount], after[..newCount], _lost);
        }
    }

    private static void CountMissing(ReadOnlySpan<int> ids, ReadOnlySpan<int> others, long[] counts)
    {
        foreach (var id in ids)
        {
            counts[id] += others.Contains(id) ? 0 : 1;
        }
    }

    private IEnumerable<DeviceChange> Changes() =>
        _old.Devices.OfType<Device>().Where(device => DeviceOf(_new, device.Id) is not null).Select(device => new DeviceChange(device, DeviceOf(_new, device.Id)!));

    private static Device[] Only(RingTable ring, RingTable other) =>
        [.. ring.Devices.OfType<Device>().Where(device => DeviceOf(other, device.Id) is null)];

    private static Device? DeviceOf(RingTable ring, int id) => id < ring.Devices.Count ? ring.Devices[id] : null;
}
