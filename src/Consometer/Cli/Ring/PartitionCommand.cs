using System.CommandLine;
using System.Globalization;
using Consometer.Cli.Output;
using Consometer.Configuration;
using Consometer.Rings;

namespace Consometer.Cli.Ring;

/// <summary><c>consometer ring partition FILE N…</c>: who holds partitions; with <c>--device</c>, which partitions a device holds.</summary>
internal static class PartitionCommand
{
    private static readonly Argument<string[]> Partitions = new("PARTITION")
    {
        Description = "Partitions by number; - reads them from standard input, one a line.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string[]> Devices = new("--device")
    {
        Description = "The partitions of these devices instead: an id, or as in ring devices --search.",
        HelpName = "ID|VALUE",
    };

    public static Command Make()
    {
        var command = new Command("partition", "The devices of partitions, or the partitions of devices.")
        {
            RingCommand.File, Partitions, Devices, LookupCommand.Handoffs, RingCommand.Format,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stopping)
    {
        var numbers = parsed.GetValue(Partitions) ?? [];
        var devices = parsed.GetValue(Devices) ?? [];
        if (numbers.Length > 0 == devices.Length > 0)
        {
            throw new ConfigurationException($"wanted partitions or --device, found {(numbers.Length > 0 ? "both" : "neither")}");
        }

        var isJson = parsed.GetValue(RingCommand.Format) == RingFormat.Json;
        var handoffsMax = LookupCommand.ReadHandoffs(parsed);
        var isWanted = DevicesCommand.Searched("--device", [.. devices.Select(device => device.All(char.IsAsciiDigit) ? $"d{device}" : device)]);
        var ring = RingFile.Load(parsed.GetRequiredValue(RingCommand.File)).Table;
        if (devices.Length > 0)
        {
            WritePartitions(ring, isWanted, isJson);
            return ExitCode.Done;
        }

        await using var writer = new PlacementWriter(isJson ? LookupFormat.Json : LookupFormat.Table, handoffsMax);
        await foreach (var number in NameList.OfArgumentsAsync(numbers, "partitions", stopping))
        {
            writer.Write(new Placement(ring, uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var partition) && partition < ring.Partitions
                ? partition
                : throw new ConfigurationException($"PARTITION: wanted a number from 0 to {ring.Partitions - 1}, found \"{Terminal.Visible(number)}\"")));
        }

        return ExitCode.Done;
    }

    /// <summary>In the order of the partitions, with how many replicas of each those devices hold.</summary>
    private static void WritePartitions(RingTable ring, Func<Device, bool> isWanted, bool isJson)
    {
        var held = Held(ring, [.. ring.Devices.Select(device => device is not null && isWanted(device))]);
        if (isJson)
        {
            Terminal.Output.Line(JsonText.Document(held.Select(partition => new { partition.Partition, partition.Replicas })));
            return;
        }

        Terminal.Output.Line("PARTITION REPLICAS");
        foreach (var (partition, replicas) in held)
        {
            Terminal.Output.Line(string.Create(CultureInfo.InvariantCulture, $"{partition,9} {replicas,8}"));
        }
    }

    private static IEnumerable<(uint Partition, int Replicas)> Held(RingTable ring, bool[] isWanted)
    {
        var ids = new int[ring.ReplicasMax];
        for (uint partition = 0; partition < ring.Partitions; partition++)
        {
            var replicas = ids.AsSpan(..ring.GetPrimaries(partition, ids)).ToArray().Count(id => isWanted[id]);
            if (replicas > 0)
            {
                yield return (partition, replicas);
            }
        }
    }
}
