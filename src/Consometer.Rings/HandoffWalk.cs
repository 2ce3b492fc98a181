using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Consometer.Rings;

/// <summary>
/// The handoffs of a partition in exactly Swift's order (<c>ring.py</c>, <c>Ring.get_more_nodes</c>): first devices in
/// regions that hold no replica yet, then in such zones, then on such hosts, then any; each time walking the table from a
/// place that depends on the partition.
/// </summary>
internal sealed class HandoffWalk
{
    /// <summary>Larger rings are walked in steps, so that at most so many positions are visited a time.</summary>
    private const int PositionsMax = 65536;

    private readonly AssignmentTable _table;
    private readonly FailureDomains _tiers;
    private readonly bool[][] _seen;
    private readonly int[] _seenCounts = new int[FailureDomains.Tiers];
    private readonly int _start;
    private readonly int _step;

    private HandoffWalk(RingTable ring, uint partition)
    {
        _table = ring.Assignments;
        _tiers = ring.HandoffTiers;
        _seen = [.. _tiers.Counts.Select(count => new bool[count])];
        _start = (int)StartingPoint(partition, ring.Header.PartPower);
        _step = Math.Max(1, _table.Partitions / PositionsMax);
    }

    /// <summary>
    /// The ids of the handoffs, lazily: a caller that needs two walks no further than for two, and one that asks again
    /// starts a new walk.
    /// </summary>
    public static IEnumerable<int> From(RingTable ring, uint partition, IEnumerable<int> primaries)
    {
        var walk = new HandoffWalk(ring, partition);
        foreach (var primary in primaries)
        {
            walk.See(primary);
        }

        foreach (var id in Enumerable.Range(0, FailureDomains.Tiers).SelectMany(walk.Tier))
        {
            yield return id;
        }
    }

    /// <summary>MD5 of the partition's number as decimal text; the hash prefix and suffix play no part.</summary>
    private static ulong StartingPoint(uint partition, int partPower)
    {
        Span<byte> digest = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(Encoding.ASCII.GetBytes(partition.ToString(CultureInfo.InvariantCulture)), digest);
        return (ulong)BinaryPrimitives.ReadUInt32BigEndian(digest) >> (32 - partPower);
    }

    /// <summary>The devices found in one tier: each in a domain of that tier not seen so far.</summary>
    private IEnumerable<int> Tier(int tier)
    {
        foreach (var position in Positions())
        {
            if (_seenCounts[tier] == _tiers.Counts[tier])
            {
                yield break;
            }

            for (var entry = position; entry < _table.Entries && _seenCounts[tier] < _tiers.Counts[tier]; entry += _table.Partitions)
            {
                var id = _table.IdAt(entry);
                if (id != _table.Unassigned && !_seen[tier][_tiers.DomainOf(tier, (int)id)])
                {
                    See((int)id);
                    yield return (int)id;
                }
            }
        }
    }

    /// <summary>
    /// From the start to the end in steps, then on from the beginning. When the first leg ends exactly at the end of the
    /// table the second begins one step in: Swift never visits position 0 then, and neither may we.
    /// </summary>
    private IEnumerable<int> Positions()
    {
        for (var position = _start; position < _table.Partitions; position += _step)
        {
            yield return position;
        }

        for (var position = _step - ((_table.Partitions - _start) % _step); position < _start; position += _step)
        {
            yield return position;
        }
    }

    private void See(int id)
    {
        for (var tier = 0; tier < FailureDomains.Tiers; tier++)
        {
            ref var seen = ref _seen[tier][_tiers.DomainOf(tier, id)];
            _seenCounts[tier] += seen ? 0 : 1;
            seen = true;
        }
    }
}
