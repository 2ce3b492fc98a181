using System.Text.Json;

namespace Consometer.Tests.Cli.Ring;

/// <summary><c>ring diff</c>, through the built program: what is counted is tested with <c>RingDiff</c>.</summary>
public sealed class DiffCommandTests : IDisposable
{
    private static readonly string[] Hash = ["--hash-prefix", "", "--hash-suffix", "test"];

    private readonly TempFolder _folder = new();
    private readonly string _old;
    private readonly string _new;

    /// <summary>Device 1 leaves, 3 comes and gets its place and one more; 0 has another weight, 2 another remark.</summary>
    public DiffCommandTests()
    {
        var devices = Enumerable.Range(0, 4).Select(id => TestRing.DeviceAt(id, 6202, $"10.0.0.{id}", $"sd{id}")).ToArray();
        _old = _folder.Write("old.ring.gz", TestRing.Bytes(devices[..3], [[0, 0, 0, 0], [1, 1, 2, 2]]));
        _new = _folder.Write("new.ring.gz", TestRing.Bytes(
            [devices[0] with { Weight = 2.5 }, null, devices[2] with { Meta = "new disk" }, devices[3]], [[0, 0, 0, 0], [3, 3, 3, 2]]));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_table_says_who_came_who_went_and_what_moves()
    {
        var run = await ConsometerProgram.RunAsync("ring", "diff", _old, _new);

        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            """
            builder version  not said
            part power       2
            replicas         2
            added            d3r1z3-10.0.0.3:6202/sd3, weight 1
            removed          d1r1z1-10.0.0.1:6202/sd1
            reweighted       d0r1z0-10.0.0.0:6202/sd0, weight 1 → 2.5
            redescribed      d2r1z2-10.0.0.2:6202R10.0.0.2:6202/sd2_ → d2r1z2-10.0.0.2:6202R10.0.0.2:6202/sd2_new disk
            moved            3 of 8 replicas of partitions, 37.50 %
            DEVICE                    GAINED  LOST
            d3r1z3-10.0.0.3:6202/sd3       3     0
            d1r1z1-10.0.0.1:6202/sd1       0     2
            d2r1z2-10.0.0.2:6202/sd2       0     1

            """,
            string.Join('\n', run.Output.Split('\n').Select(line => line.TrimEnd())));
    }

    [Fact]
    public async Task Json_has_the_same_figures_exactly()
    {
        var run = await ConsometerProgram.RunAsync("ring", "diff", _old, _new, "--format", "json");

        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        var diff = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal((3, 8, 0.375), (diff.GetProperty("moved").GetInt32(), diff.GetProperty("of").GetInt32(), diff.GetProperty("share").GetDouble()));
        Assert.Equal(3, Assert.Single(diff.GetProperty("added").EnumerateArray()).GetProperty("id").GetInt32());
        Assert.Equal(1, Assert.Single(diff.GetProperty("removed").EnumerateArray()).GetProperty("id").GetInt32());
        Assert.Equal("""{"id":0,"old_weight":1,"new_weight":2.5}""", Compact(Assert.Single(diff.GetProperty("reweighted").EnumerateArray())));
        Assert.Equal("new disk", Assert.Single(diff.GetProperty("redescribed").EnumerateArray()).GetProperty("new").GetProperty("meta").GetString());
        Assert.Equal("""[{"id":3,"gained":3,"lost":0},{"id":1,"gained":0,"lost":2},{"id":2,"gained":0,"lost":1}]""", Compact(diff.GetProperty("by_device")));
        Assert.Equal(JsonValueKind.Null, diff.GetProperty("accounts").ValueKind);
    }

    /// <summary>Half of the partitions have device 1, a quarter loses 2, and the accounts are spread over all.</summary>
    [Fact]
    public async Task Accounts_with_other_devices_are_named_with_both()
    {
        var names = Enumerable.Range(0, 20).Select(i => $"AUTH_{i}").ToArray();
        var expected = names.Where(name => TestRing.HashPath.Hash(name).Partition(2) < 3)
            .Select(name => $"{name}  0,{(TestRing.HashPath.Hash(name).Partition(2) < 2 ? 1 : 2)} → 0,3").ToArray();
        Assert.InRange(expected.Length, 5, 19);
        var accounts = _folder.Write("accounts", string.Join('\n', names));

        var run = await ConsometerProgram.RunAsync(["ring", "diff", _old, _new, "--accounts-file", accounts, .. Hash]);
        var json = await ConsometerProgram.RunWithInputAsync(
            await File.ReadAllBytesAsync(accounts, TestContext.Current.CancellationToken), ["ring", "diff", _old, _new, "--accounts-file", "-", "--format", "json", .. Hash]);

        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Equal([$"accounts         {expected.Length} of 20 have other devices", .. expected], run.Output.TrimEnd().Split('\n')[^(expected.Length + 1)..]);
        var moved = JsonDocument.Parse(json.Output).RootElement.GetProperty("accounts");
        Assert.Equal((20, expected.Length), (moved.GetProperty("asked").GetInt32(), moved.GetProperty("moved").GetArrayLength()));
        Assert.Equal(expected[0], Line(moved.GetProperty("moved")[0]));
    }

    [Fact]
    public async Task A_part_power_that_is_going_to_be_raised_is_a_difference()
    {
        var run = await ConsometerProgram.RunAsync("ring", "diff", Fixtures.Find("rings", "small.v1.ring.gz"), Fixtures.Find("rings", "next-part-power.v1.ring.gz"));

        Assert.Contains("part power       8 → 8, being raised to 9\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ring_that_is_none_and_accounts_without_a_hash_are_told_in_one_line()
    {
        ConsometerProgram.AssertRefused(await ConsometerProgram.RunAsync("ring", "diff", _old, _folder.Find("none")), ExitCode.InputFile, "no such file");
        ConsometerProgram.AssertRefused(await ConsometerProgram.RunAsync("ring", "diff", _folder.Write("text", "text"), _new), ExitCode.InputFile, "gzip");
        ConsometerProgram.AssertRefused(
            await ConsometerProgram.RunAsync("ring", "diff", _old, _new, "--accounts-file", _old, "--swift-conf", _folder.Find("none")), ExitCode.InputFile, "swift.conf");
        ConsometerProgram.AssertRefused(await ConsometerProgram.RunAsync(["ring", "diff", _old, _new, "--accounts-file", _folder.Find("none"), .. Hash]), ExitCode.InputFile, "accounts");
    }

    private static string Line(JsonElement moved) =>
        $"{moved.GetProperty("account").GetString()}  {string.Join(',', moved.GetProperty("old").EnumerateArray())} → {string.Join(',', moved.GetProperty("new").EnumerateArray())}";

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);
}
