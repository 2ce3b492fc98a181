using Consometer.Rings;
using Consometer.Rings.Inspection;

namespace Consometer.Tests.Rings.Inspection;

/// <summary>What <c>ring verify</c> finds wrong with devices and with where replicas are.</summary>
public sealed class RingVerificationTableTests
{
    private const int Partitions = 64;

    /// <summary>Devices 0 to 5: two on each of three hosts, each host in a zone of its own.</summary>
    private static readonly Device[] Zones = [.. Enumerable.Range(0, 6).Select(id => TestRing.DeviceAt(id, 6202, $"10.0.0.{id / 2}", $"sd{id}") with { Zone = id / 2 })];

    [Fact]
    public void An_id_that_is_no_devices_is_an_error_with_its_count_and_first_place()
    {
        var file = EditedRing.WithTable("holes.v1", table =>
        {
            (table[2 * 7], table[2 * 300], table[2 * 301]) = (200, 200, 201);
            return table;
        });

        var finding = Assert.Single(RingVerification.Of(file));

        // Partition by partition, and the 300th entry is of partition 44.
        Assert.Equal((FindingWeight.Error, 3L, "200 (partition 7, row 0)"), (finding.Weight, finding.Count, finding.Found));
        Assert.Equal($"ring byte {EditedRing.TableOffset(EditedRing.Inflated("holes.v1")) + (2 * 7)}", finding.Place);
    }

    [Fact]
    public void An_id_of_a_removed_device_is_an_error()
    {
        var finding = Assert.Single(RingVerification.Of(EditedRing.WithId("holes.v1", 767, 5)));

        Assert.Equal((FindingWeight.Error, "5, which was removed (partition 255, row 2)"), (finding.Weight, finding.Found));
    }

    [Fact]
    public void A_replica_without_a_device_is_an_error()
    {
        var finding = Assert.Single(RingVerification.Of(EditedRing.WithId("small.v1", 256 + 9, ushort.MaxValue)));

        Assert.Equal((FindingWeight.Error, "partition 9, row 1"), (finding.Weight, finding.Place));
        Assert.StartsWith("none (65535)", finding.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_twice_in_a_partition_is_an_error()
    {
        var finding = Verify(Zones, (7, [0, 2, 2]))[0];

        Assert.Equal((FindingWeight.Error, "partition 7", "two on device 2", 1L), (finding.Weight, finding.Place, finding.Found, finding.Count));
    }

    [Fact]
    public void One_disk_under_two_ids_is_an_error()
    {
        Device[] devices = [.. Zones[..5], Zones[5] with { Ip = Zones[2].Ip, Port = Zones[2].Port, Name = Zones[2].Name, Zone = 7 }];

        var finding = Verify(devices, (0, [0, 2, 4]))[0];

        Assert.Equal((FindingWeight.Error, "device 2", "10.0.0.1:6202 sd2 under the ids 2, 5"), (finding.Weight, finding.Place, finding.Found));
    }

    [Fact]
    public void Ten_ids_of_one_disk_are_not_all_listed()
    {
        Device[] devices = [.. Zones, .. Enumerable.Range(6, 10).Select(id => Zones[0] with { Id = id })];

        Assert.EndsWith("under the ids 0, 6, 7, 8, 9, 10, 11, 12, …", Verify(devices)[0].Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Replicas_in_one_zone_that_have_three_are_a_warning()
    {
        AssertCrowded("zone", Verify(Zones, (7, [0, 1, 4]), (9, [2, 3, 4]), (10, [4, 1, 2])));
    }

    [Fact]
    public void Replicas_on_one_host_of_three_are_a_warning()
    {
        AssertCrowded("host", Verify([.. Zones.Select(device => device with { Zone = 1 })], (7, [0, 1, 4]), (9, [2, 3, 4])));
    }

    [Fact]
    public void Replicas_in_one_region_of_three_are_a_warning()
    {
        AssertCrowded("region", Verify([.. Zones.Select(device => device with { Region = device.Zone })], (7, [0, 1, 4]), (9, [2, 3, 4])));
    }

    /// <summary>The builder puts weight before distance: a zone with most of the weight may hold two of three replicas.</summary>
    [Fact]
    public void What_the_weights_ask_for_is_no_warning()
    {
        Device[] heavy = [.. Zones.Select(device => device with { Weight = device.Zone == 0 ? 10 : 1 })];

        Assert.Empty(Verify(heavy, (7, [0, 1, 4])));
        AssertCrowded("zone", Verify(heavy, (7, [2, 3, 0]), (9, [4, 5, 0])));
    }

    /// <summary>Two zones are too few for three replicas, and four devices for five.</summary>
    [Fact]
    public void What_cannot_be_better_is_no_warning()
    {
        Assert.Empty(Verify(Zones[..4], (7, [0, 1, 2]), (8, [3, 2, 1])));
        Assert.Empty(Verify(Zones[..2], (7, [0, 1])));
    }

    /// <summary>A device without weight is being emptied: what is left there is on its way.</summary>
    [Fact]
    public void What_is_left_on_a_device_without_weight_is_no_warning()
    {
        Device[] devices = [Zones[0] with { Weight = 0 }, .. Zones[1..]];

        Assert.Empty(Verify(devices, (7, [0, 1, 4])));
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_and_errors_do_not_hide_warnings()
    {
        var findings = Verify([.. Zones[..5], Zones[5] with { Name = Zones[4].Name }], (1, [0, 9, 2]), (2, [0, TestRing.NoDevice, 2]), (3, [0, 0, 2]), (4, [0, 1, 2]));

        Assert.Equal(
            [
                (FindingWeight.Warning, "partition 3"), (FindingWeight.Error, "device 4"), (FindingWeight.Error, "partition 2, row 1"),
                (FindingWeight.Error, "partition 3"), (FindingWeight.Error, "ring byte"),
            ],
            findings.Select(finding => (finding.Weight, finding.Place.StartsWith("ring byte", StringComparison.Ordinal) ? "ring byte" : finding.Place)).Order());
    }

    private static void AssertCrowded(string tier, IReadOnlyList<RingFinding> findings)
    {
        var finding = Assert.Single(findings);
        Assert.Equal((FindingWeight.Warning, "partition 7", 2L), (finding.Weight, finding.Place, finding.Count));
        Assert.Contains($"in one {tier} ", finding.Found, StringComparison.Ordinal);
    }

    /// <summary>A ring of as many replicas as the first of these partitions has; the others are on devices 0, 2, 4 or as many of them as there are.</summary>
    private static IReadOnlyList<RingFinding> Verify(Device[] devices, params (int Partition, ushort[] Ids)[] partitions)
    {
        var usual = Enumerable.Range(0, devices.Length).Where(id => id % 2 == 0).Concat([1]).Select(id => (ushort)id).ToArray();
        var rows = Enumerable.Range(0, partitions is [var first, ..] ? first.Ids.Length : 3).Select(row => Enumerable.Repeat(usual[row], Partitions).ToArray()).ToArray();
        foreach (var (partition, ids) in partitions)
        {
            for (var row = 0; row < ids.Length; row++)
            {
                rows[row][partition] = ids[row];
            }
        }

        return RingVerification.Of(TestRing.Bytes(devices, rows));
    }
}
