using Consometer.Rings;
using Consometer.Simulation;

namespace Consometer.Tests.Simulation;

/// <summary>Rings that the simulation makes, read back by the reader that real rings prove.</summary>
public sealed class RingPlanTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("consometer-rings-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(4, 4, 2, 3, 8)]
    [InlineData(6, 3, 4, 3, 10)]
    [InlineData(3, 3, 1, 3, 6)]
    [InlineData(10, 5, 3, 2, 9)]
    public void Every_device_has_its_share_of_partitions_and_no_zone_two_replicas_of_one(
        int nodes, int zones, int devicesPerNode, int replicas, int partPower)
    {
        var ring = WriteAndLoad(RingPlan.Draw(Devices(nodes, zones, devicesPerNode), replicas, partPower, seed: 7));

        Assert.Equal(1 << partPower, ring.Partitions);
        Assert.Equal(replicas, ring.Replicas);
        var share = (double)replicas * ring.Partitions / (nodes * devicesPerNode);
        Assert.All(ring.Devices, device => Assert.InRange(ring.PartitionsOf(device!.Id), share - 2, share + 2));
        for (var partition = 0u; partition < ring.Partitions; partition++)
        {
            var primaries = new Placement(ring, partition).Primaries();
            Assert.Equal(replicas, primaries.Count);
            Assert.Equal(replicas, primaries.Select(device => device.Zone).Distinct().Count());
        }
    }

    [Fact]
    public void With_fewer_zones_than_replicas_the_nodes_are_different_at_least()
    {
        var ring = WriteAndLoad(RingPlan.Draw(Devices(nodes: 4, zones: 2, devicesPerNode: 3), 3, 8, seed: 7));

        for (var partition = 0u; partition < ring.Partitions; partition++)
        {
            var primaries = new Placement(ring, partition).Primaries();
            Assert.Equal(2, primaries.Select(device => device.Zone).Distinct().Count());
            Assert.Equal(3, primaries.Select(device => device.Port).Distinct().Count());
        }
    }

    [Fact]
    public void With_as_many_devices_as_replicas_every_one_holds_every_partition()
    {
        var ring = WriteAndLoad(RingPlan.Draw(Devices(nodes: 1, zones: 1, devicesPerNode: 3), 3, 4, seed: 7));

        Assert.All(ring.Devices, device => Assert.Equal(16, ring.PartitionsOf(device!.Id)));
    }

    [Fact]
    public void Half_a_replica_is_a_replica_of_half_the_partitions()
    {
        var ring = WriteAndLoad(RingPlan.Draw(Devices(nodes: 4, zones: 4, devicesPerNode: 2), 2.5, 8, seed: 7));

        Assert.Equal(2.5, ring.Replicas);
        Assert.Equal(3, new Placement(ring, 127).Primaries().Count);
        Assert.Equal(2, new Placement(ring, 128).Primaries().Count);
    }

    [Fact]
    public void A_removed_device_leaves_a_hole_and_holds_nothing()
    {
        var devices = Devices(nodes: 4, zones: 4, devicesPerNode: 2);
        devices[3] = null;

        var ring = WriteAndLoad(RingPlan.Draw(devices, 3, 8, seed: 7));

        Assert.Null(ring.Devices[3]);
        Assert.Equal(devices, ring.Devices);
    }

    [Fact]
    public void Weights_share_out_the_partitions_and_no_weight_means_none()
    {
        var devices = Devices(nodes: 12, zones: 12, devicesPerNode: 1);
        devices[0] = devices[0]! with { Weight = 50 };
        devices[1] = devices[1]! with { Weight = 0 };

        var ring = WriteAndLoad(RingPlan.Draw(devices, 2, 10, seed: 7));

        Assert.InRange(ring.PartitionsOf(0), (2048 / 10.5 * 0.5) - 2, (2048 / 10.5 * 0.5) + 2);
        Assert.Equal(0, ring.PartitionsOf(1));
    }

    [Fact]
    public void The_same_seed_writes_the_same_bytes_and_another_seed_others()
    {
        var devices = Devices(nodes: 4, zones: 4, devicesPerNode: 2);
        RingPlan.Draw(devices, 3, 8, seed: 7).Write(Find("one.ring.gz"));
        RingPlan.Draw(devices, 3, 8, seed: 7).Write(Find("same.ring.gz"));
        RingPlan.Draw(devices, 3, 8, seed: 8).Write(Find("other.ring.gz"));

        Assert.Equal(File.ReadAllBytes(Find("one.ring.gz")), File.ReadAllBytes(Find("same.ring.gz")));
        Assert.NotEqual(File.ReadAllBytes(Find("one.ring.gz")), File.ReadAllBytes(Find("other.ring.gz")));
        Assert.Equal(3, _folder.GetFiles().Length);
    }

    [Fact]
    public void What_is_written_comes_back()
    {
        Device?[] devices =
        [
            new(0, 1, 2, "10.0.0.1", 6202, "10.1.0.1", 6302, "sdb1", 12.5, "rack 4, büro"),
            null,
            new(2, 3, 4, "2001:0db8:0000:0000:0000:0000:0000:0001", 6202, "node.example", 6202, "sdc1", 100, ""),
        ];
        RingFileWriter.Write(Find("small.ring.gz"), devices, [[0, 2, 2, 0], [2, 0]], partShift: 30, builderVersion: 41);

        var ring = RingFile.Load(Find("small.ring.gz")).Table;

        Assert.Equal(new RingHeader(1, 2, 41, 2, null), ring.Header);
        Assert.Equal(devices, ring.Devices);
        Assert.Equal([0, 2], new Placement(ring, 0).Primaries().Select(device => device.Id));
        Assert.Equal([2], new Placement(ring, 2).Primaries().Select(device => device.Id));
    }

    [Fact]
    public void Fewer_devices_than_replicas_are_refused() =>
        Assert.Throws<ArgumentException>(() => RingPlan.Draw(Devices(nodes: 1, zones: 1, devicesPerNode: 2), 3, 8, seed: 7));

    private static Device?[] Devices(int nodes, int zones, int devicesPerNode) =>
    [
        .. Enumerable.Range(0, nodes * devicesPerNode).Select(id =>
        {
            var node = id / devicesPerNode;
            var (zone, port, name) = (1 + (node % zones), 6200 + node, $"d{1 + (id % devicesPerNode)}");
            return new Device(id, 1, zone, "127.0.0.1", port, "127.0.0.1", port, name, 100, "");
        }),
    ];

    private RingTable WriteAndLoad(RingPlan plan)
    {
        plan.Write(Find("account.ring.gz"));
        return RingFile.Load(Find("account.ring.gz")).Table;
    }

    private string Find(string name) => Path.Combine(_folder.FullName, name);
}
