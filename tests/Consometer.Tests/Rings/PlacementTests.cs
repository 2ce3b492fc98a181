using System.Text;
using Consometer.Rings;

namespace Consometer.Tests.Rings;

/// <summary>What the walk over handoffs and the primaries promise beyond their order, which <see cref="TruthTests"/> sees to.</summary>
public sealed class PlacementTests
{
    /// <summary>Rings with every device in many places, so that no walk can miss one.</summary>
    public static TheoryData<string> BuiltRings() =>
        [.. EditedRing.Names.Where(name => !name.StartsWith("big-walk", StringComparison.Ordinal) && name is not ("corner.v1" or "pickle.v0"))];

    [Theory]
    [MemberData(nameof(BuiltRings))]
    public void Primaries_and_handoffs_are_every_device_with_partitions_once(string name)
    {
        var ring = RingFile.Load(EditedRing.PathOf(name)).Table;
        var holders = Enumerable.Range(0, ring.Devices.Count).Where(id => ring.PartitionsOf(id) > 0).ToArray();
        Assert.NotEmpty(holders);

        for (var partition = 0u; partition < ring.Partitions; partition++)
        {
            var placement = new Placement(ring, partition);
            Assert.Equal(holders, placement.Primaries().Concat(placement.Handoffs()).Select(device => device.Id).Order());
        }
    }

    [Fact]
    public void Devices_hold_as_many_partitions_as_there_are_entries()
    {
        foreach (var name in EditedRing.Names.Where(name => name != "pickle.v0"))
        {
            var ring = RingFile.Load(EditedRing.PathOf(name)).Table;
            var held = Enumerable.Range(0, ring.Devices.Count).Sum(ring.PartitionsOf);

            Assert.Equal(ring.Replicas * ring.Partitions, held);
            var holes = Enumerable.Range(0, ring.Devices.Count).Where(id => ring.Devices[id] is null);
            Assert.All(holes, id => Assert.Equal(0, ring.PartitionsOf(id)));
        }
    }

    [Fact]
    public void With_two_and_a_half_replicas_the_second_half_of_the_partitions_has_two()
    {
        var ring = RingFile.Load(EditedRing.PathOf("fractional.v1")).Table;

        Assert.Equal((2.5, 3), (ring.Replicas, ring.ReplicasMax));
        for (var partition = 0u; partition < 256; partition++)
        {
            Assert.Equal(partition < 128 ? 3 : 2, new Placement(ring, partition).Primaries().Count);
        }
    }

    [Fact]
    public void A_device_with_two_replicas_of_a_partition_is_one_primary()
    {
        const int Partitions = 256;
        var ids = new int[3];
        RingFile.Decode(EditedRing.File("small.v1")).GetPrimaries(9, ids);
        var ring = RingFile.Decode(EditedRing.WithId("small.v1", entry: Partitions + 9, id: (ushort)ids[0]));

        Assert.Equal([ids[0], ids[2]], new Placement(ring, 9).Primaries().Select(device => device.Id));
    }

    /// <summary>
    /// Goal: a round asks for two handoffs and must not pay for a walk that looks for twenty thousand. Method: what a list
    /// of them would take is more than what the first of them allocates, which is the marks for the devices seen.
    /// </summary>
    [Fact]
    public void Handoffs_are_found_one_at_a_time()
    {
        var ring = ManyDevices();
        var placement = new Placement(ring, 0);
        Assert.Equal(ring.Devices.Count - 1, placement.Handoffs().Count());

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.NotNull(placement.Handoffs().First());
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 0, 2 * ring.Devices.Count);
    }

    [Fact]
    public void Handoffs_asked_for_again_are_the_same()
    {
        var handoffs = new Placement(RingFile.Load(EditedRing.PathOf("regions.v1")).Table, 5).Handoffs();
        var first = handoffs.ToArray();

        Assert.Equal(21, first.Length);
        Assert.Equal(first[..2], handoffs.Take(2));
        Assert.Equal(first, handoffs);
    }

    /// <summary>The fixtures must have what the truth is there for: walks in steps that leave devices out.</summary>
    [Theory]
    [InlineData("big-walk.v1", 18)]
    [InlineData("big-walk-17.v1", 17)]
    public void A_walk_in_steps_misses_devices_as_Swifts_does(string name, int partPower)
    {
        var ring = RingFile.Load(EditedRing.PathOf(name)).Table;
        var placements = Enumerable.Range(0, 16).Select(partition => new Placement(ring, (uint)partition));
        var counts = placements.Select(at => at.Primaries().Count + at.Handoffs().Count()).ToArray();

        Assert.Equal(partPower, ring.Header.PartPower);
        Assert.Contains(counts, count => count < 24);
        Assert.All(counts, count => Assert.InRange(count, 20, 24));
    }

    [Theory]
    [InlineData("fractional.v1")]
    [InlineData("wide-ids.v2")]
    public void Asking_for_primaries_allocates_nothing(string name)
    {
        var ring = RingFile.Load(EditedRing.PathOf(name)).Table;
        Span<int> ids = stackalloc int[ring.ReplicasMax];
        ring.GetPrimaries(0, ids);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var partition = 0u; partition < ring.Partitions; partition++)
        {
            ring.GetPrimaries(partition, ids);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_partition_the_ring_does_not_have_is_a_bug_of_the_caller()
    {
        var ring = RingFile.Load(EditedRing.PathOf("single.v1")).Table;

        Assert.Throws<ArgumentOutOfRangeException>(() => ring.GetPrimaries(16, new int[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.GetPrimaries(uint.MaxValue, new int[1]));
    }

    /// <summary>20,000 devices on one host with one partition each, and the rest of 32768 with the first of them.</summary>
    private static RingTable ManyDevices()
    {
        const int Devices = 20_000;
        const int Partitions = 1 << 15;
        var devices = Enumerable.Range(0, Devices)
            .Select(id => $$"""{"id": {{id}}, "zone": 1, "ip": "10.0.0.1", "port": 1, "device": "d{{id}}"}""");
        var table = Enumerable.Range(0, Partitions)
            .Select(partition => partition < Devices ? partition : 0)
            .SelectMany(id => new[] { (byte)id, (byte)(id >> 8) })
            .ToArray();
        var header = $$"""{"devs": [{{string.Join(',', devices)}}], "part_shift": 17, "replica_count": 1}""";

        byte[] ring = [.. "R1NG\0\u0001"u8, .. EditedRing.BigEndian(header.Length), .. Encoding.ASCII.GetBytes(header), .. table];

        return RingFile.Decode(EditedRing.Gzip(ring));
    }
}
