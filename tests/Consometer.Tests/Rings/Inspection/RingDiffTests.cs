using Consometer.Rings;
using Consometer.Rings.Inspection;

namespace Consometer.Tests.Rings.Inspection;

/// <summary>What is different between two rings, on rings small enough to count by hand.</summary>
public sealed class RingDiffTests
{
    private const ushort None = TestRing.NoDevice;

    private static readonly Device[] Devices = [.. Enumerable.Range(0, 5).Select(id => TestRing.DeviceAt(id, 6202, name: $"sd{id}"))];

    [Fact]
    public void A_ring_is_no_different_from_itself()
    {
        foreach (var name in new[] { "small.v1", "holes.v2", "fractional.v1", "one-partition.v1" })
        {
            var ring = RingFile.Decode(EditedRing.File(name));

            AssertDevices(RingDiff.Of(ring, ring), [], [], [], []);
            AssertMoves(RingDiff.Of(ring, ring), moved: 0, of: ring.Replicas * ring.Partitions);
        }
    }

    /// <summary>At the end of the list, and where there was none.</summary>
    [Fact]
    public void Devices_that_one_ring_alone_has_are_added_or_removed()
    {
        var before = Ring([Devices[0], Devices[1], null, Devices[3]], [0, 1, 3, 3]);
        var after = Ring([Devices[0], null, Devices[2], Devices[3], Devices[4]], [0, 2, 3, 4]);

        AssertDevices(RingDiff.Of(before, after), added: [2, 4], removed: [1], reweighted: [], redescribed: []);
        AssertDevices(RingDiff.Of(after, before), added: [1], removed: [2, 4], reweighted: [], redescribed: []);
        AssertMoves(RingDiff.Of(before, after), moved: 2, of: 4, (1, 0, 1), (2, 1, 0), (3, 0, 1), (4, 1, 0));
    }

    [Fact]
    public void A_device_with_another_weight_is_reweighted_and_with_another_anything_redescribed()
    {
        Device[] changed =
        [
            Devices[0] with { Weight = 2 }, Devices[1] with { Ip = "192.0.2.1" }, Devices[2] with { Weight = 2, Zone = 9 },
            Devices[3] with { Meta = "new disk" }, Devices[4],
        ];

        var diff = RingDiff.Of(Ring(Devices, [0, 1, 2, 3]), Ring(changed, [0, 1, 2, 3]));

        AssertDevices(diff, [], [], reweighted: [0, 2], redescribed: [1, 2, 3]);
        Assert.Equal(new DeviceChange(Devices[0], changed[0]), diff.Reweighted[0]);
        AssertMoves(diff, moved: 0, of: 4);
    }

    [Fact]
    public void A_replica_on_a_device_that_did_not_hold_the_partition_has_moved()
    {
        var before = Ring(Devices, [0, 0, 0, 0], [1, 1, 1, 1], [2, 2, 2, 2]);
        var after = Ring(Devices, [0, 3, 0, 4], [1, 1, 3, 3], [2, 2, 2, 0]);

        // Partition 1: 0 → 3; partition 2: 1 → 3; partition 3: 1 and 2 → 3 and 4, and 0 stays.
        var diff = RingDiff.Of(before, after);

        AssertMoves(diff, moved: 4, of: 12, (3, 3, 0), (1, 0, 2), (0, 0, 1), (2, 0, 1), (4, 1, 0));
        Assert.Equal(4 / 12.0, diff.Share);
    }

    [Fact]
    public void A_replica_that_changed_its_row_has_not_moved()
    {
        AssertMoves(RingDiff.Of(Ring(Devices, [0, 0], [1, 1], [2, 2]), Ring(Devices, [2, 1], [0, 2], [1, 0])), moved: 0, of: 6);
    }

    /// <summary>As <c>increase_partition_power</c> does: every partition becomes two, on the same devices.</summary>
    [Fact]
    public void A_part_power_that_is_raised_moves_nothing()
    {
        var before = Ring(Devices, [0, 1, 2, 3], [1, 2, 3, 4]);
        var after = Ring(Devices, [0, 0, 1, 1, 2, 2, 3, 3], [1, 1, 2, 2, 3, 3, 4, 4]);
        var rebalanced = Ring(Devices, [0, 0, 1, 1, 2, 2, 3, 4], [1, 1, 2, 2, 3, 3, 4, 0]);

        AssertMoves(RingDiff.Of(before, after), moved: 0, of: 16);
        AssertMoves(RingDiff.Of(after, before), moved: 0, of: 16);
        AssertMoves(RingDiff.Of(before, rebalanced), moved: 1, of: 16, (0, 1, 0), (3, 0, 1));
        Assert.All(Paths(), path => Assert.False(RingDiff.Of(before, after).HasMoved(path)));
    }

    [Fact]
    public void Another_replica_is_a_gain_without_a_loss()
    {
        var two = Ring(Devices, [0, 1, 2, 3], [1, 2, 3, 0]);
        var three = Ring(Devices, [0, 1, 2, 3], [1, 2, 3, 0], [4, 4, 4, 4]);
        var half = Ring(Devices, [0, 1, 2, 3], [1, 2, 3, 0], [4, 4]);

        AssertMoves(RingDiff.Of(two, three), moved: 4, of: 12, (4, 4, 0));
        AssertMoves(RingDiff.Of(three, two), moved: 0, of: 8, (4, 0, 4));
        AssertMoves(RingDiff.Of(two, half), moved: 2, of: 10, (4, 2, 0));
    }

    [Fact]
    public void A_replica_without_a_device_is_nobodys()
    {
        AssertMoves(RingDiff.Of(Ring(Devices, [0, 0], [1, 1]), Ring(Devices, [0, None], [1, 1])), moved: 0, of: 4, (0, 0, 1));
    }

    /// <summary>By the partition of a path's hash: of four partitions here, all but the first have other devices.</summary>
    [Fact]
    public void A_path_has_moved_if_its_devices_are_others_in_whatever_order()
    {
        var before = Ring(Devices, [0, 0, 0, 0], [1, 1, 1, 1]);
        var after = Ring(Devices, [1, 0, 2, 0], [0, 2, 3, None]);
        var diff = RingDiff.Of(before, after);

        var paths = Paths().GroupBy(path => path.Partition(2)).OrderBy(partition => partition.Key).ToArray();

        Assert.Equal([0u, 1u, 2u, 3u], paths.Select(partition => partition.Key));
        Assert.All(paths, partition => Assert.All(partition, path => Assert.Equal(partition.Key != 0, diff.HasMoved(path))));
    }

    private static IEnumerable<PathHash> Paths() => Enumerable.Range(0, 100).Select(i => TestRing.HashPath.Hash($"AUTH_{i}"));

    private static RingTable Ring(Device?[] devices, params ushort[][] rows) => RingFile.Decode(TestRing.Bytes(devices, rows));

    private static void AssertDevices(RingDiff diff, int[] added, int[] removed, int[] reweighted, int[] redescribed)
    {
        Assert.Equal(added, diff.Added.Select(device => device.Id));
        Assert.Equal(removed, diff.Removed.Select(device => device.Id));
        Assert.Equal(reweighted, diff.Reweighted.Select(change => change.New.Id));
        Assert.Equal(redescribed, diff.Redescribed.Select(change => change.New.Id));
    }

    private static void AssertMoves(RingDiff diff, long moved, double of, params (int Id, long Gained, long Lost)[] moves)
    {
        Assert.Equal((moved, of), (diff.Moved, diff.Replicas));
        Assert.Equal(moves, diff.Moves.Select(device => (device.Device.Id, device.Gained, device.Lost)));
    }
}
