namespace Consometer.Rings.Inspection;

/// <summary>What can be wrong with the devices of a ring and with where they are put.</summary>
internal sealed class TableVerification
{
    private const int HostTier = 2;
    private const int IdsShownMax = 8;

    private static readonly string[] TierNames = ["region", "zone", "host"];

    private readonly DecodedRing _ring;
    private readonly ReplicaSpread _spread;
    private readonly int[] _ids = new int[AssignmentTable.RowsMax];
    private readonly int[] _excess = new int[FailureDomains.Tiers];
    private readonly Dictionary<string, RingFinding> _findings = [];

    private TableVerification(DecodedRing ring)
    {
        _ring = ring;
        _spread = ReplicaSpread.AllowingForWeight(ring.Devices, (double)ring.Assignments.Entries / ring.Assignments.Partitions);
    }

    /// <summary>Looks at every device and every partition.</summary>
    /// <returns>A finding for each kind of fault, with the first place of it.</returns>
    public static IEnumerable<RingFinding> Of(DecodedRing ring)
    {
        var verification = new TableVerification(ring);
        verification.CheckDevices();
        for (var partition = 0; partition < ring.Assignments.Partitions; partition++)
        {
            verification.CheckIds(partition);
            verification.CheckTwice(partition);
            verification.CheckSpread(partition);
        }

        return verification._findings.Values;
    }

    private void CheckDevices()
    {
        foreach (var same in _ring.Devices.OfType<Device>().GroupBy(device => (device.Ip, device.Port, device.Name)).Where(same => same.Count() > 1))
        {
            var ids = string.Join(", ", same.Take(IdsShownMax).Select(device => device.Id)) + (same.Count() > IdsShownMax ? ", …" : "");
            Find("same", new RingFinding(FindingWeight.Error, $"device {same.First().Id}", "a device of its own", $"{same.Key.Ip}:{same.Key.Port} {same.Key.Name} under the ids {ids}"));
        }
    }

    private void CheckIds(int partition)
    {
        for (var entry = partition; entry < _ring.Assignments.Entries; entry += _ring.Assignments.Partitions)
        {
            var id = _ring.Assignments.IdAt(entry);
            if (id == _ring.Assignments.Unassigned)
            {
                Find("unassigned", new RingFinding(FindingWeight.Error, $"partition {partition}, row {entry / _ring.Assignments.Partitions}", "a device", $"none ({id}): Swift fails on it"));
            }
            else if (!_ring.HasDevice(id))
            {
                var fault = _ring.WrongId(entry);
                Find(id < (uint)_ring.Devices.Count ? "hole" : "range", new RingFinding(FindingWeight.Error, $"ring byte {fault.Offset}", fault.Wanted, fault.Found));
            }
        }
    }

    private void CheckTwice(int partition)
    {
        var ids = IdsOf(partition, weighted: false);
        for (var i = 1; i < ids.Length; i++)
        {
            if (ids[..i].Contains(ids[i]))
            {
                Find("twice", new RingFinding(FindingWeight.Error, $"partition {partition}", "each replica on a device of its own", $"two on device {ids[i]}"));
                return;
            }
        }
    }

    /// <summary>A device without weight is on its way out, and what is still there is no fault of the ring.</summary>
    private void CheckSpread(int partition)
    {
        _spread.Excess(IdsOf(partition, weighted: true), _excess);
        for (var tier = 0; tier <= HostTier; tier++)
        {
            if (_excess[tier] > 0)
            {
                Find(TierNames[tier], new RingFinding(
                    FindingWeight.Warning, $"partition {partition}", $"replicas spread over the {TierNames[tier]}s there are", $"more in one {TierNames[tier]} than its weight asks for"));
                return;
            }
        }
    }

    private ReadOnlySpan<int> IdsOf(int partition, bool weighted)
    {
        var count = 0;
        for (var entry = partition; entry < _ring.Assignments.Entries; entry += _ring.Assignments.Partitions)
        {
            var id = _ring.Assignments.IdAt(entry);
            if (_ring.HasDevice(id) && (!weighted || _ring.Devices[(int)id]!.Weight != 0))
            {
                _ids[count++] = (int)id;
            }
        }

        return _ids.AsSpan(..count);
    }

    private void Find(string kind, RingFinding finding) =>
        _findings[kind] = _findings.TryGetValue(kind, out var first) ? first with { Count = first.Count + 1 } : finding;
}
