using System.Globalization;
using System.Text.Json;
using Consometer.Rings;

namespace Consometer.Tests.Cli.Ring;

/// <summary><c>ring partition</c>, both ways, through the built program.</summary>
public sealed class PartitionCommandTests
{
    private static readonly string Fractional = Fixtures.Find("rings", "fractional.v1.ring.gz");

    /// <summary>Partition by partition, the devices Swift gives for the accounts in it.</summary>
    [Fact]
    public async Task The_devices_of_partitions_are_Swifts()
    {
        var truth = (await File.ReadAllLinesAsync(Fixtures.Find("rings", "fractional.v1.truth.tsv"), TestContext.Current.CancellationToken))
            .Skip(1).Select(line => line.Split('\t')).DistinctBy(account => account[1]).Select(account => account[1..]).ToArray();
        Assert.InRange(truth.Length, 100, 256);

        var run = await ConsometerProgram.RunAsync(["ring", "partition", Fractional, .. truth.Select(partition => partition[0]), "--handoffs", "all", "--format", "json"]);

        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Equal(truth, JsonDocument.Parse(run.Output).RootElement.EnumerateArray().Select(partition => new[]
        {
            partition.GetProperty("partition").GetInt32().ToString(CultureInfo.InvariantCulture), Ids(partition.GetProperty("primaries")), Ids(partition.GetProperty("handoffs")),
        }));
    }

    [Fact]
    public async Task The_table_names_as_many_handoffs_as_primaries_or_as_many_as_asked_for()
    {
        var usual = await ConsometerProgram.RunAsync("ring", "partition", Fractional, "0");
        var one = await ConsometerProgram.RunWithInputAsync("0\n\n"u8.ToArray(), "ring", "partition", Fractional, "-", "--handoffs", "1");

        Assert.Equal((ExitCode.Done, ""), (usual.ExitCode, usual.Error));
        Assert.Equal(
            """
            partition  0
                          ID REGION ZONE  ADDRESS        DEVICE
            primary        5      1    2  10.9.4.6:6202  sdg
            primary        4      1    1  10.9.4.5:6202  sdf
            primary        6      1    3  10.9.4.7:6202  sdh
            handoff        3      1    4  10.9.4.4:6202  sde
            handoff        7      1    4  10.9.4.8:6202  sdi
            handoff        0      1    1  10.9.4.1:6202  sdb

            """,
            usual.Output);
        Assert.Equal(string.Join('\n', usual.Output.Split('\n')[..6]) + "\n", one.Output);
    }

    [Theory]
    [InlineData("8")]
    [InlineData("-10.9.5.9")]
    [InlineData("z1")]
    [InlineData("7")]
    public async Task The_partitions_of_devices_are_those_with_a_replica_there(string device)
    {
        var file = Fixtures.Find("rings", "holes.v1.ring.gz");
        var ring = RingFile.Load(file).Table;
        int[] ids = device switch { "z1" => [4, 8], "7" => [7], _ => [8] };
        var expected = Enumerable.Range(0, ring.Partitions)
            .Select(partition => (Partition: partition, Replicas: new Placement(ring, (uint)partition).Primaries().Count(primary => ids.Contains(primary.Id))))
            .Where(partition => partition.Replicas > 0).ToArray();
        Assert.Equal(device == "7", expected.Length == 0);

        // An equals sign, or the dash would make it an option.
        var run = await ConsometerProgram.RunAsync("ring", "partition", file, $"--device={device}", "--format", "json");
        var table = await ConsometerProgram.RunAsync("ring", "partition", file, $"--device={device}");

        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Equal(expected, JsonDocument.Parse(run.Output).RootElement.EnumerateArray().Select(entry => (entry.GetProperty("partition").GetInt32(), entry.GetProperty("replicas").GetInt32())));
        Assert.Equal(
            ["PARTITION REPLICAS", .. expected.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Partition,9} {entry.Replicas,8}"))],
            table.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("256")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("+1")]
    [InlineData("0x1")]
    [InlineData("4294967296")]
    public async Task What_is_no_partition_of_the_ring_is_refused(string number)
    {
        var run = await ConsometerProgram.RunAsync("ring", "partition", Fractional, number);

        ConsometerProgram.AssertRefused(run, ExitCode.Configuration, $"PARTITION: wanted a number from 0 to 255, found \"{number}\"");
    }

    [Theory]
    [InlineData("wanted partitions or --device, found neither")]
    [InlineData("wanted partitions or --device, found both", "7", "--device", "1")]
    [InlineData("--device: wanted d", "--device", "x")]
    [InlineData("--device: wanted d", "--device", "")]
    [InlineData("--handoffs: wanted a number or all", "7", "--handoffs", "-1")]
    [InlineData("-1", "--handoffs", "1", "-1")]
    public async Task Partitions_and_devices_at_once_or_neither_are_refused(string says, params string[] arguments)
    {
        ConsometerProgram.AssertRefused(await ConsometerProgram.RunAsync(["ring", "partition", Fractional, .. arguments]), ExitCode.Configuration, says);
    }

    private static string Ids(JsonElement devices) => string.Join(',', devices.EnumerateArray().Select(device => device.GetProperty("id").GetInt32()));
}
