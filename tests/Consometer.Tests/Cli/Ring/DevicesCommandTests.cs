using System.Text.Json;
using Consometer.Rings;
using Consometer.Rings.Inspection;

namespace Consometer.Tests.Cli.Ring;

/// <summary><c>ring devices</c>, through the built program.</summary>
public sealed class DevicesCommandTests
{
    [Fact]
    public async Task The_table_has_a_line_for_each_device_and_columns_only_for_what_says_something()
    {
        var plain = Lines(await RunAsync("small.v1"));
        var full = Lines(await RunAsync("regions.v1"));

        Assert.Equal("ID REGION ZONE ADDRESS DEVICE WEIGHT PARTITIONS BALANCE", plain[0]);
        Assert.Equal("0 1 1 10.9.1.1:6202 sdb 100 96 0.00", plain[1]);
        Assert.Equal(8 + 1, plain.Length);
        Assert.Equal("ID REGION ZONE ADDRESS REPLICATION DEVICE WEIGHT PARTITIONS BALANCE META", full[0]);
        Assert.Equal("1 2 1 10.9.3.1:6202 10.10.3.1:6302 sdc 133.37 171 -0.51 rack 1", full[2]);
    }

    /// <summary>A device found by any of the values is found; holes are no devices.</summary>
    [Theory]
    [InlineData("z1", "4,8")]
    [InlineData("d7", "7")]
    [InlineData("d5", "")]
    [InlineData("/sdd", "2")]
    [InlineData("z1 d7 z1", "4,7,8")]
    [InlineData("", "1,2,3,4,6,7,8,9,10")]
    public async Task Search_finds_devices(string values, string ids)
    {
        var search = values.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(value => new[] { "--search", value });

        var run = await RunAsync("holes.v1", ["--format", "json", .. search]);

        Assert.Equal(ids, string.Join(',', JsonDocument.Parse(run.Output).RootElement.EnumerateArray().Select(device => device.GetProperty("id").GetInt32())));
    }

    [Fact]
    public async Task Json_has_Swifts_names_and_exact_figures()
    {
        var run = await RunAsync("regions.v1", "--format", "json", "--search", "d1");

        var device = Assert.Single(JsonDocument.Parse(run.Output).RootElement.EnumerateArray());
        Assert.Equal(
            ["id", "region", "zone", "ip", "port", "replication_ip", "replication_port", "device", "weight", "meta", "partitions", "balance"],
            device.EnumerateObject().Select(field => field.Name));
        Assert.Equal((133.37, 171, -0.5125397156407274), (device.GetProperty("weight").GetDouble(), device.GetProperty("partitions").GetInt32(), device.GetProperty("balance").GetDouble()));
    }

    /// <summary>Weights with which no balance can be computed.</summary>
    [Fact]
    public async Task A_ring_without_any_balance_is_shown_all_the_same()
    {
        using var folder = new TempFolder();
        var ring = folder.Write("ring.gz", TestRing.Bytes(1, TestRing.DeviceAt(0, 6202) with { Weight = 0 }, TestRing.DeviceAt(1, 6202) with { Weight = 0 }));
        Assert.Null(RingBalance.Of(RingFile.Load(ring).Table).Balance);

        var table = await ConsometerProgram.RunAsync("ring", "devices", ring);
        var json = await ConsometerProgram.RunAsync("ring", "devices", ring, "--format", "json");
        var info = await ConsometerProgram.RunAsync("ring", "info", ring);

        Assert.EndsWith("32 -", Lines(table)[1], StringComparison.Ordinal);
        Assert.All(JsonDocument.Parse(json.Output).RootElement.EnumerateArray(), device => Assert.False(device.TryGetProperty("balance", out _)));
        Assert.Contains("none: no device has weight", info.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("z11.2.3.4")]
    [InlineData("node7.example.org")]
    public async Task A_value_that_is_none_is_refused(string value)
    {
        var run = await ConsometerProgram.RunAsync("ring", "devices", Fixtures.Find("rings", "small.v1.ring.gz"), "--search", value);

        ConsometerProgram.AssertRefused(run, ExitCode.Configuration, $"--search: wanted d…r…z…-ip:portR…ip:port/device_meta, any part left out, found \"{value}\"");
    }

    private static async Task<Run> RunAsync(string name, params string[] options)
    {
        var run = await ConsometerProgram.RunAsync(["ring", "devices", Fixtures.Find("rings", $"{name}.ring.gz"), .. options]);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        return run;
    }

    private static string[] Lines(Run run) =>
        [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
}
