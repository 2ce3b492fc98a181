using System.Text;
using System.Text.Json;

namespace Consometer.Tests.Cli;

/// <summary><c>ring info</c> and <c>ring lookup</c> on the fixtures, through the built program.</summary>
public sealed class RingCommandTests
{
    private static readonly string[] Hash = ["--hash-prefix", "lab-prefix", "--hash-suffix", "lab-suffix"];

    /// <summary>One of each kind; that all of them are read as Swift reads them is for the library's own tests.</summary>
    public static TheoryData<string> Rings() =>
        ["big-endian.v1", "big-walk.v1", "fractional.v2", "holes.v1", "ipv6.v2", "one-partition.v1", "oldest-header.v1", "wide-ids.v2"];

    [Theory]
    [MemberData(nameof(Rings))]
    public async Task Lookup_prints_what_Swift_says_byte_for_byte(string name)
    {
        var truth = await File.ReadAllTextAsync(Fixtures.Find("rings", $"{name}.truth.tsv"), TestContext.Current.CancellationToken);
        var expected = truth[(truth.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        var accounts = string.Concat(expected.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0] + "\n"));
        Assert.Contains("AUTH_", accounts, StringComparison.Ordinal);

        var run = await ConsometerProgram.RunWithInputAsync(
            Encoding.UTF8.GetBytes(accounts),
            ["ring", "lookup", Fixtures.Find("rings", $"{name}.ring.gz"), "-", "--format", "tsv", "--handoffs", "all", .. Hash]);

        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Equal(expected, run.Output);
    }

    [Theory]
    [InlineData("holes.v1", 1, 3.0, 9, 2)]
    [InlineData("holes.v2", 2, 3.0, 9, 2)]
    [InlineData("fractional.v1", 1, 2.5, 9, 0)]
    [InlineData("fractional.v2", 2, 2.5, 9, 0)]
    public async Task Info_as_json_counts_removed_devices_apart_and_halves_of_replicas(string name, int format, double replicas, int devices, int holes)
    {
        var file = Fixtures.Find("rings", $"{name}.ring.gz");
        var run = await ConsometerProgram.RunAsync("ring", "info", file, "--format", "json");

        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        var info = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(
            [
                "file", "md5", "format", "device_id_bytes", "builder_version", "part_power", "next_part_power", "partitions", "replicas", "devices",
                "holes", "devices_without_weight", "devices_without_partitions", "regions", "zones", "hosts", "nodes",
                "balance", "dispersion", "sections",
            ],
            info.EnumerateObject().Select(field => field.Name));
        Assert.Equal(file, info.GetProperty("file").GetString());
        Assert.Equal((format, replicas), (info.GetProperty("format").GetInt32(), info.GetProperty("replicas").GetDouble()));
        Assert.Equal((devices, holes), (info.GetProperty("devices").GetInt32(), info.GetProperty("holes").GetInt32()));
        Assert.Equal((8, 256), (info.GetProperty("part_power").GetInt32(), info.GetProperty("partitions").GetInt32()));
    }

    [Theory]
    [InlineData("next-part-power.v1", "being raised to")]
    [InlineData("oldest-header.v1", "not said")]
    [InlineData("fractional.v1", "replicas        2.5")]
    [InlineData("holes.v2", "devices         9, and 2 removed")]
    [InlineData("wide-ids.v2", "device ids of 4 bytes")]
    public async Task Info_as_a_table_says_what_is_odd_about_a_ring(string name, string says)
    {
        var run = await ConsometerProgram.RunAsync("ring", "info", Fixtures.Find("rings", $"{name}.ring.gz"));

        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains(says, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lookup_as_json_is_one_document_and_repeats_no_account()
    {
        var run = await ConsometerProgram.RunWithInputAsync(
            "AUTH_a\n\nAUTH_b\r\nAUTH_a\nAUTH_büro 漢"u8.ToArray(),
            ["ring", "lookup", Fixtures.Find("rings", "ipv6.v1.ring.gz"), "-", "--format", "json", "--handoffs", "1", .. Hash]);

        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        var accounts = JsonDocument.Parse(run.Output).RootElement.EnumerateArray().ToArray();
        Assert.Equal(["AUTH_a", "AUTH_b", "AUTH_büro 漢"], accounts.Select(account => account.GetProperty("account").GetString()!));

        // The hash is Swift's own.
        Assert.Equal("9560d2201a49bf4bd7427b441db2d9fc", accounts[2].GetProperty("hash").GetString());
        Assert.All(accounts, account => Assert.Single(account.GetProperty("handoffs").EnumerateArray()));
    }

    [Fact]
    public async Task A_reader_that_leaves_early_is_no_error()
    {
        // Far more than a pipe holds, so that the program does write into a closed one.
        using var folder = new TempFolder();
        var accounts = folder.Write("accounts", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"AUTH_{i}\n")));
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "bash",
            ["-c", $"set -o pipefail; '{ConsometerProgram.Path}' ring lookup '{Fixtures.Find("rings", "small.v1.ring.gz")}' - --hash-prefix p --format tsv <'{accounts}' 2>'{folder.Find("error")}' | head -1"])
        { RedirectStandardOutput = true })!;
        var output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (shell.ExitCode, await File.ReadAllTextAsync(folder.Find("error"), TestContext.Current.CancellationToken)));
        Assert.StartsWith("AUTH_0\t", output, StringComparison.Ordinal);
    }
}
