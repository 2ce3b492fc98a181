using System.Globalization;
using System.Text.Json.Serialization;
using Consometer.Rings;
using Consometer.Swift.Accounts;

namespace Consometer.Cli.Ring;

/// <summary>A device as the <c>ring</c> commands print it: in JSON by Swift's names for its fields.</summary>
internal sealed record DeviceText(
    int Id, int Region, int Zone, string Ip, int Port, string ReplicationIp, int ReplicationPort, string Device, double Weight, string Meta)
{
    /// <summary>Replicas of partitions it holds, where that is told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Partitions { get; init; }

    /// <summary>Percent off what its weight asks for, where that is told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Balance { get; init; }

    /// <summary>A command that asks the device's server for the path looked up.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Curl { get; init; }

    /// <summary>Where the path looked up is under the node's folder of devices.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Path { get; init; }

    public static DeviceText Of(Device device) => new(
        device.Id, device.Region, device.Zone, device.Ip, device.Port, device.ReplicationIp, device.ReplicationPort, device.Name, device.Weight, device.Meta);

    /// <summary>A line's worth of it.</summary>
    public static string Line(Device device) => string.Create(
        CultureInfo.InvariantCulture, $"d{device.Id}r{device.Region}z{device.Zone}-{Node.Of(device, Network.Client)}/{device.Name}");

    /// <summary>All of it but the weight, in swift-ring-builder's words.</summary>
    public static string FullLine(Device device) => string.Create(
        CultureInfo.InvariantCulture,
        $"d{device.Id}r{device.Region}z{device.Zone}-{Node.Of(device, Network.Client)}R{Node.Of(device, Network.Replication)}/{device.Name}_{device.Meta}");
}
