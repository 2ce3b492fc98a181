using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Consometer.Rings;

namespace Consometer.Cli.Ring;

/// <summary><c>consometer ring info FILE</c>: the ring at a glance.</summary>
internal static class InfoCommand
{
    private static readonly Option<InfoFormat> Format = new Option<InfoFormat>("--format") { Description = "How to print it." }.OneOfNames();

    public static Command Make()
    {
        var command = new Command("info", "What a ring says of itself.") { RingCommand.File, Format };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var info = RingSummary.Of(RingFile.Load(parsed.GetRequiredValue(RingCommand.File)));
        if (parsed.GetValue(Format) == InfoFormat.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(info, RingInfoJson.Default.RingSummary));
            return ExitCode.Done;
        }

        foreach (var (name, value) in Lines(info))
        {
            Console.WriteLine($"{name,-16}{value}");
        }

        return ExitCode.Done;
    }

    private static IEnumerable<(string Name, string Value)> Lines(RingSummary info) =>
    [
        ("file", info.File),
        ("md5", info.Md5),
        ("format", $"{info.Format}, device ids of {info.DeviceIdBytes} bytes"),
        ("builder version", info.BuilderVersion is { } version ? Number(version) : "not said (written before Swift 2.24.0)"),
        ("part power", info.NextPartPower is { } next ? $"{info.PartPower}, being raised to {next}" : Number(info.PartPower)),
        ("partitions", Number(info.Partitions)),
        ("replicas", info.Replicas.ToString("0.######", CultureInfo.InvariantCulture)),
        ("devices", $"{info.Devices}{(info.Holes > 0 ? $", and {info.Holes} removed" : "")}{(info.DevicesWithoutPartitions > 0 ? $"; {info.DevicesWithoutPartitions} without partitions" : "")}"
            + (info.DevicesWithoutWeight > 0 ? $"; {info.DevicesWithoutWeight} without weight" : "")),
        ("regions", Number(info.Regions)),
        ("zones", Number(info.Zones)),
        ("nodes", Number(info.Nodes)),
    ];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How <c>ring info</c> prints.</summary>
internal enum InfoFormat
{
    Table,
    Json,
}

/// <summary>A ring at a glance.</summary>
internal sealed record RingSummary(
    string File,
    string Md5,
    int Format,
    int DeviceIdBytes,
    long? BuilderVersion,
    int PartPower,
    int? NextPartPower,
    int Partitions,
    double Replicas,
    int Devices,
    int Holes,
    int DevicesWithoutWeight,
    int DevicesWithoutPartitions,
    int Regions,
    int Zones,
    int Nodes)
{
    public static RingSummary Of(RingFile file)
    {
        var ring = file.Table;
        var devices = ring.Devices.OfType<Device>().ToArray();
        return new RingSummary(
            file.Path,
            file.Md5,
            ring.Header.Format,
            ring.Header.DeviceIdBytes,
            ring.Header.BuilderVersion,
            ring.Header.PartPower,
            ring.Header.NextPartPower,
            ring.Partitions,
            ring.Replicas,
            devices.Length,
            ring.Devices.Count - devices.Length,
            devices.Count(device => device.Weight == 0),
            devices.Count(device => ring.PartitionsOf(device.Id) == 0),
            devices.Select(device => device.Region).Distinct().Count(),
            devices.Select(device => (device.Region, device.Zone)).Distinct().Count(),
            devices.Select(device => (device.Ip, device.Port)).Distinct().Count());
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RingSummary))]
internal sealed partial class RingInfoJson : JsonSerializerContext;
