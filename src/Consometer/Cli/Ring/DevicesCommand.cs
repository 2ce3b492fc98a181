using System.CommandLine;
using System.Globalization;
using Consometer.Cli.Output;
using Consometer.Configuration;
using Consometer.Rings;
using Consometer.Rings.Inspection;
using Consometer.Swift.Accounts;

namespace Consometer.Cli.Ring;

/// <summary><c>consometer ring devices FILE</c>: the devices, and how each is balanced.</summary>
internal static class DevicesCommand
{
    private static readonly Option<string[]> Search = new("--search")
    {
        Description = "Only these, in swift-ring-builder's words: d…r…z…-ip:portR…ip:port/device_meta, any part left out.",
        HelpName = "VALUE",
    };

    public static Command Make()
    {
        var command = new Command("devices", "The devices of a ring: weight, partitions, balance.") { RingCommand.File, Search, RingCommand.Format };
        command.SetAction(Run);
        return command;
    }

    /// <summary>Reads search values; a device found by any of them is found.</summary>
    /// <exception cref="ConfigurationException">One that is none.</exception>
    public static Func<Device, bool> Searched(string option, string[] values)
    {
        var searches = values.Select(value => DeviceSearch.Parse(value)
            ?? throw new ConfigurationException($"{option}: wanted d…r…z…-ip:portR…ip:port/device_meta, any part left out, found \"{value}\"")).ToArray();
        return device => searches.Any(search => search.Matches(device));
    }

    private static int Run(ParseResult parsed)
    {
        var isSearched = parsed.GetValue(Search) is { Length: > 0 } values ? Searched("--search", values) : _ => true;
        var ring = RingFile.Load(parsed.GetRequiredValue(RingCommand.File)).Table;
        var balance = RingBalance.Of(ring);
        var devices = ring.Devices.OfType<Device>().Where(isSearched)
            .Select(device => (Device: device, Text: DeviceText.Of(device) with { Partitions = ring.PartitionsOf(device.Id), Balance = balance.OfDevice(device.Id) }))
            .ToArray();
        if (parsed.GetValue(RingCommand.Format) == RingFormat.Json)
        {
            Terminal.Output.Line(JsonText.Document(devices.Select(device => device.Text)));
        }
        else if (devices.Length == 0)
        {
            Terminal.Error.Line("consometer: no device is like that");
        }
        else
        {
            WriteTable(devices);
        }

        return ExitCode.Done;
    }

    /// <summary>The replication address and the remark take room only where they say something.</summary>
    private static void WriteTable((Device Device, DeviceText Text)[] devices)
    {
        var replication = devices.Any(device => Node.Of(device.Device, Network.Replication) != Node.Of(device.Device, Network.Client));
        var meta = devices.Any(device => device.Device.Meta.Length > 0);
        var table = Terminal.NewTable(
        [
            ("ID", true), ("REGION", true), ("ZONE", true), ("ADDRESS", false), .. replication ? [("REPLICATION", false)] : Array.Empty<(string, bool)>(),
            ("DEVICE", false), ("WEIGHT", true), ("PARTITIONS", true), ("BALANCE", true), .. meta ? [("META", false)] : Array.Empty<(string, bool)>(),
        ]);
        foreach (var (device, text) in devices)
        {
            Terminal.AddRow(table,
            [
                Number(device.Id), Number(device.Region), Number(device.Zone), Node.Of(device, Network.Client).ToString(),
                .. replication ? [Node.Of(device, Network.Replication).ToString()] : Array.Empty<string>(),
                device.Name, device.Weight.ToString("0.##", CultureInfo.InvariantCulture), Number(text.Partitions!.Value),
                text.Balance?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-", .. meta ? [device.Meta] : Array.Empty<string>(),
            ]);
        }

        Terminal.Output.Write(table);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
