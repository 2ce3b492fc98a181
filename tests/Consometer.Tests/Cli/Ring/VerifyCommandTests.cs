using System.Text.Json;

namespace Consometer.Tests.Cli.Ring;

/// <summary><c>ring verify</c>, through the built program: what there is to find is tested with <c>RingVerification</c>.</summary>
public sealed class VerifyCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sound_ring_ends_with_0_and_says_so()
    {
        var file = Fixtures.Find("rings", "small.v2.ring.gz");

        var table = await ConsometerProgram.RunAsync("ring", "verify", file);
        var json = await ConsometerProgram.RunAsync("ring", "verify", file, "--format", "json");

        Assert.Equal(new Run(ExitCode.Done, $"{file}: nothing is wrong\n", ""), table);
        Assert.Equal((ExitCode.Done, ""), (json.ExitCode, json.Error));
        var document = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal((file, 0), (document.GetProperty("file").GetString(), document.GetProperty("findings").GetArrayLength()));
    }

    /// <summary>Errors first, whichever was found first; a device twice in 12 partitions, and 33 that could be further apart.</summary>
    [Fact]
    public async Task What_is_wrong_ends_with_3_and_is_listed_by_weight()
    {
        var run = await ConsometerProgram.RunAsync("ring", "verify", Fixtures.Find("rings", "corner.v1.ring.gz"));

        Assert.Equal((ExitCode.InputFile, ""), (run.ExitCode, run.Error));
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches("^WEIGHT +PLACE +WANTED +FOUND +TIMES", lines[0]);
        Assert.Matches("^error +partition 12 +each replica on a device of its own +two on device 3 +12", lines[1]);
        Assert.Matches("^warning +partition 3 +replicas spread over the regions there are +.* +33", lines[2]);
        Assert.Equal(3, lines.Length);
    }

    [Fact]
    public async Task Json_has_the_same_findings()
    {
        var run = await ConsometerProgram.RunAsync("ring", "verify", Fixtures.Find("rings", "corner.v1.ring.gz"), "--format", "json");

        Assert.Equal((ExitCode.InputFile, ""), (run.ExitCode, run.Error));
        var findings = JsonDocument.Parse(run.Output).RootElement.GetProperty("findings").EnumerateArray().ToArray();
        Assert.Equal(
            [("error", "partition 12", 12), ("warning", "partition 3", 33)],
            findings.Select(finding => (finding.GetProperty("weight").GetString()!, finding.GetProperty("place").GetString()!, finding.GetProperty("count").GetInt32())));
        Assert.All(findings, finding => Assert.Equal(["weight", "place", "wanted", "found", "count"], finding.EnumerateObject().Select(field => field.Name)));
    }

    /// <summary>Two replicas in one zone, where there are two zones: a warning, and no more than that.</summary>
    [Fact]
    public async Task Who_asks_for_errors_alone_is_not_told_of_warnings()
    {
        var devices = Enumerable.Range(0, 4).Select(id => TestRing.DeviceAt(id, 6202, $"10.0.0.{id}") with { Zone = id / 2 }).ToArray();
        var file = _folder.Write("account.ring.gz", TestRing.Bytes(devices, [[0, 1, 2, 3], [1, 0, 3, 2]]));

        var all = await ConsometerProgram.RunAsync("ring", "verify", file);
        var warnings = await ConsometerProgram.RunAsync("ring", "verify", file, "--weight", "warning");
        var errors = await ConsometerProgram.RunAsync("ring", "verify", file, "--weight", "error");
        var other = await ConsometerProgram.RunAsync("ring", "verify", file, "--weight", "worse");

        Assert.Equal((ExitCode.InputFile, ""), (all.ExitCode, all.Error));
        Assert.Contains("zones", all.Output, StringComparison.Ordinal);
        Assert.Equal(all, warnings);
        Assert.Equal(new Run(ExitCode.Done, $"{file}: nothing is wrong\n", ""), errors);
        ConsometerProgram.AssertRefused(other, ExitCode.Configuration, "worse");
    }

    /// <summary>Where there is no file there is nothing to verify: that is no finding.</summary>
    [Fact]
    public async Task A_file_that_cannot_be_read_is_told_in_one_line_and_one_that_is_no_ring_is_a_finding()
    {
        ConsometerProgram.AssertRefused(await ConsometerProgram.RunAsync("ring", "verify", _folder.Find("none")), ExitCode.InputFile, "no such file");
        ConsometerProgram.AssertRefused(await ConsometerProgram.RunAsync("ring", "verify", _folder.Path), ExitCode.InputFile, "cannot be read");

        var run = await ConsometerProgram.RunAsync("ring", "verify", _folder.Write("empty", []));

        Assert.Equal((ExitCode.InputFile, ""), (run.ExitCode, run.Error));
        Assert.Contains("an empty file", run.Output, StringComparison.Ordinal);
    }
}
