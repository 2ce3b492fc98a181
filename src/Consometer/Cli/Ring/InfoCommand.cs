using System.CommandLine;
using System.Globalization;
using Consometer.Cli.Output;
using Consometer.Rings;
using Consometer.Rings.Inspection;

namespace Consometer.Cli.Ring;

/// <summary><c>consometer ring info FILE</c>: the ring at a glance.</summary>
internal static class InfoCommand
{
    public static Command Make()
    {
        var command = new Command("info", "What a ring says of itself.") { RingCommand.File, RingCommand.Format };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var info = RingSummary.Of(RingFile.Load(parsed.GetRequiredValue(RingCommand.File)));
        if (parsed.GetValue(RingCommand.Format) == RingFormat.Json)
        {
            Terminal.Output.Line(JsonText.Document(info));
            return ExitCode.Done;
        }

        foreach (var (name, value) in Lines(info))
        {
            Terminal.Output.Line($"{name,-16}{value}");
        }

        foreach (var section in info.Sections)
        {
            var bytes = string.Create(CultureInfo.InvariantCulture, $"{section.Bytes} bytes ({section.CompressedBytes} in the file)");
            Terminal.Output.Line(Terminal.Visible($"{"section",-16}{section.Name}, {bytes}, {section.Method} {(section.Verified ? "verified" : "not known, not verified")}"));
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
        ("hosts", Number(info.Hosts)),
        ("nodes", $"{info.Nodes} (hosts by port)"),
        ("balance", info.Balance is { } balance ? $"{Percent(balance)} off, the worst device's share" : "none: no device has weight"),
        ("dispersion", $"{Percent(info.Dispersion)} of the replicas closer together than need be"),
    ];

    private static string Percent(double percent) => percent.ToString("0.00", CultureInfo.InvariantCulture) + " %";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A ring at a glance. Balance and dispersion are percentages.</summary>
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
    int Hosts,
    int Nodes,
    double? Balance,
    double Dispersion,
    IReadOnlyList<SectionSummary> Sections)
{
    public static RingSummary Of(RingFile file)
    {
        var ring = file.Table;
        var balance = RingBalance.Of(ring);
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
            devices.Select(device => device.Ip).Distinct().Count(),
            devices.Select(device => (device.Ip, device.Port)).Distinct().Count(),
            balance.Balance,
            balance.Dispersion,
            [.. ring.Header.Sections.Select(SectionSummary.Of)]);
    }
}

/// <summary>A section of format 2: its bytes in the ring and in the file, and whether its checksum was verified.</summary>
internal sealed record SectionSummary(string Name, long Bytes, long CompressedBytes, string Method, string Checksum, bool Verified)
{
    public static SectionSummary Of(RingSection section) => new(
        section.Name, section.End - section.Start, section.CompressedEnd - section.CompressedStart, section.Method, section.Checksum, section.IsVerified);
}
