using System.Globalization;
using System.Text.Json.Nodes;
using Consometer.Rings;
using Consometer.Rings.Inspection;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Ring;

/// <summary>
/// Our rings are Swift's rings: on two hundred random ones everything that Swift can be asked is the same. A failure names the
/// ring's seed and number; CONSOMETER_SEED makes other rings.
/// </summary>
public sealed class RandomRingTests(RandomRings rings) : IClassFixture<RandomRings>
{
    [Fact]
    public void A_ring_says_of_itself_what_Swift_reads() => ForEachRing((swift, file) =>
    {
        var ring = file.Table;
        Assert.Equal(swift.Md5, file.Md5);
        Assert.Equal((1, sizeof(ushort), swift.BuilderVersion), (ring.Header.Format, ring.Header.DeviceIdBytes, ring.Header.BuilderVersion));
        Assert.Equal((swift.PartPower, swift.NextPartPower), (ring.Header.PartPower, ring.Header.NextPartPower));
        Assert.Equal((swift.Partitions, swift.Replicas, swift.Rows), (ring.Partitions, ring.Replicas, ring.ReplicasMax));
        Assert.Equal(swift.Devices.Select(Ours), ring.Devices);

        static Device? Ours(RingTruth.SwiftDevice? of) => of is null ? null : new Device(
            of.Id, of.Region, of.Zone, of.Ip, of.Port, of.ReplicationIp, of.ReplicationPort, of.Device, of.Weight, of.Meta);
    });

    [Fact]
    public void Every_primary_and_every_handoff_is_Swifts_and_in_its_order() => ForEachRing((swift, file) =>
        Assert.All(swift.Walks, walk =>
        {
            var placement = new Placement(file.Table, walk.Partition);
            Assert.Equal(walk.Primaries, placement.Primaries().Select(device => device.Id));
            Assert.Equal(walk.Handoffs, placement.Handoffs().Select(device => device.Id));
        }));

    [Fact]
    public void An_account_is_in_the_partition_where_Swift_has_it() => ForEachRing((swift, file) =>
    {
        var hashPath = new HashPath(swift.HashPrefix, swift.HashSuffix);
        Assert.All(swift.Accounts, account => Assert.Equal(account.Value, file.Table.Locate(hashPath.Hash(account.Key)).Partition));
    });

    [Fact]
    public void A_device_holds_as_much_as_Swift_counts_and_the_same_partitions() => ForEachRing((swift, file) =>
    {
        var ring = file.Table;
        Assert.Equal(swift.ReplicasByDevice, ring.Devices.OfType<Device>().ToDictionary(device => device.Id, device => ring.PartitionsOf(device.Id)));

        var primaries = new int[ring.ReplicasMax];
        var found = Enumerable.Range(0, ring.Partitions).Select(partition => (uint)partition)
            .Where(partition => primaries.AsSpan(0, ring.GetPrimaries(partition, primaries)).Contains(swift.OneDevice));
        Assert.Equal(swift.PartitionsOfOneDevice, found);
    });

    [Fact]
    public void Balance_and_dispersion_are_what_Swifts_builder_makes_of_the_ring() => ForEachRing((swift, file) =>
    {
        var balance = RingBalance.Of(file.Table);
        AssertSame(swift.Balance, balance.Balance);
        AssertSame(swift.Dispersion, balance.Dispersion);
        Assert.All(file.Table.Devices.OfType<Device>(), device =>
            AssertSame(swift.BalanceByDevice.TryGetValue(device.Id, out var percent) ? percent : null, balance.OfDevice(device.Id)));
    });

    [Fact]
    public async Task The_program_prints_the_same()
    {
        const int Each = 22;
        rings.Require();
        foreach (var swift in rings.Truth.Where(ring => ring.Number % Each == Each - 1))
        {
            await InfoIsSwifts(swift);
            await PartitionsAreSwifts(swift);
            await AccountsAreSwifts(swift);
        }
    }

    private static async Task InfoIsSwifts(RingTruth swift)
    {
        var run = await Programs.ConsometerAsync(["ring", "info", swift.File, "--format", "json"]);
        var found = JsonNode.Parse(run.Succeeded().Output)!;

        var wanted = new JsonObject
        {
            ["md5"] = swift.Md5,
            ["builder_version"] = swift.BuilderVersion,
            ["part_power"] = swift.PartPower,
            ["next_part_power"] = swift.NextPartPower,
            ["partitions"] = swift.Partitions,
            ["replicas"] = swift.Replicas,
            ["devices"] = swift.DeviceCount,
            ["holes"] = swift.Devices.Length - swift.DeviceCount,
            ["devices_without_weight"] = swift.DeviceCount - swift.WeightedDeviceCount,
            ["devices_without_partitions"] = swift.DeviceCount - swift.AssignedDeviceCount,
            ["regions"] = swift.Regions,
            ["zones"] = swift.Zones,
        };
        Assert.All(wanted, figure => Assert.True(JsonNode.DeepEquals(figure.Value, found[figure.Key]), $"{swift}: wanted {figure}, found {found[figure.Key]}"));
        AssertSame(swift.Balance, (double?)found["balance"], $"{swift}: balance: ");
        AssertSame(swift.Dispersion, (double?)found["dispersion"], $"{swift}: dispersion: ");
    }

    private static async Task PartitionsAreSwifts(RingTruth swift)
    {
        var run = await Programs.ConsometerAsync(
            ["ring", "partition", swift.File, "-", "--handoffs", "all", "--format", "json"], Lines(swift.Walks.Select(walk => $"{walk.Partition}")));
        var found = JsonNode.Parse(run.Succeeded().Output)!.AsArray().Select(partition => Line(
            (uint)partition!["partition"]!, Ids(partition["primaries"]), Ids(partition["handoffs"])));

        Assert.Equal($"{swift}\n{Lines(swift.Walks.Select(Line))}", $"{swift}\n{Lines(found)}");

        static IEnumerable<int> Ids(JsonNode? devices) => devices!.AsArray().Select(device => (int)device!["id"]!);
    }

    private static async Task AccountsAreSwifts(RingTruth swift)
    {
        var run = await Programs.ConsometerAsync(
            ["ring", "lookup", swift.File, "-", "--hash-prefix", swift.HashPrefix, "--hash-suffix", swift.HashSuffix, "--format", "tsv"],
            Lines(swift.Accounts.Keys));

        var walks = swift.Walks.ToDictionary(walk => walk.Partition);
        Assert.Equal($"{swift}\n{Lines(swift.Accounts.Select(account => $"{account.Key}\t{Line(walks[account.Value])}"))}", $"{swift}\n{run.Succeeded().Output}");
    }

    private static string Line(RingTruth.Walk walk) => Line(walk.Partition, walk.Primaries, walk.Handoffs);

    private static string Line(uint partition, IEnumerable<int> primaries, IEnumerable<int> handoffs) =>
        string.Create(CultureInfo.InvariantCulture, $"{partition}\t{string.Join(',', primaries)}\t{string.Join(',', handoffs)}");

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));

    /// <summary>Both are doubles computed by the same steps, but newer Pythons sum more exactly.</summary>
    private static void AssertSame(double? wanted, double? found, string what = "")
    {
        const double Tolerance = 1e-9;
        Assert.True(
            wanted is null ? found is null : Math.Abs(found - wanted ?? double.NaN) <= Tolerance * Math.Max(1, Math.Abs(wanted.Value)),
            string.Create(CultureInfo.InvariantCulture, $"{what}wanted {wanted}, found {found}"));
    }

    private void ForEachRing(Action<RingTruth, RingFile> compare)
    {
        rings.Require();
        Assert.All(rings.Truth, swift => compare(swift, RingFile.Load(swift.File)));
    }
}
