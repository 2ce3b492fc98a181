using System.Text.Json;

namespace Consometer.Scenarios.Ring;

/// <summary>What Swift's Ring, and the RingBuilder that it makes of nothing but the ring, say of one ring file.</summary>
/// <param name="Rows">The last one may be short, and in small rings even empty.</param>
/// <param name="Devices">By id; null where one was removed.</param>
/// <param name="ReplicasByDevice">How many replicas of partitions a device holds: Swift's "parts".</param>
/// <param name="Balance">Null, and nothing by device, where no device has weight.</param>
/// <param name="Accounts">The partition of some accounts, with the ring's own hash prefix and suffix.</param>
/// <param name="Walks">Of every partition in small rings; in others of the accounts' and some more.</param>
/// <param name="PartitionsOfOneDevice">All of them, in order.</param>
internal sealed record RingTruth(
    int Number,
    string File,
    string Md5,
    int PartPower,
    int? NextPartPower,
    long? BuilderVersion,
    int Partitions,
    double Replicas,
    int Rows,
    RingTruth.SwiftDevice?[] Devices,
    int Regions,
    int Zones,
    int DeviceCount,
    int WeightedDeviceCount,
    int AssignedDeviceCount,
    Dictionary<int, int> ReplicasByDevice,
    double? Balance,
    double Dispersion,
    Dictionary<int, double> BalanceByDevice,
    string HashPrefix,
    string HashSuffix,
    Dictionary<string, uint> Accounts,
    RingTruth.Walk[] Walks,
    int OneDevice,
    uint[] PartitionsOfOneDevice)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true };

    private string _seed = "";

    public static RingTruth Parse(string line, string seed) => JsonSerializer.Deserialize<RingTruth>(line, Json)! with { _seed = seed };

    /// <summary>What a failing test names the ring by: the arguments that make it again.</summary>
    public override string ToString() => $"random-rings DIR {_seed} 1 {Number}";

    /// <summary>A device under the names that Swift gives its fields.</summary>
    internal sealed record SwiftDevice(
        int Id, int Region, int Zone, string Ip, int Port, string ReplicationIp, int ReplicationPort, string Device, double Weight, string Meta);

    /// <summary>Device ids in Swift's order; of handoffs all that its walk reaches.</summary>
    internal sealed record Walk(uint Partition, int[] Primaries, int[] Handoffs);
}
