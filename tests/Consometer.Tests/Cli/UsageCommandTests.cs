using Consometer.Metering.Samples;
using Consometer.Tests.Delivery.Usage;
using static Consometer.Tests.Delivery.Usage.KeptRounds;

namespace Consometer.Tests.Cli;

/// <summary><c>usage</c> through the built program.</summary>
public sealed class UsageCommandTests : IDisposable
{
    private const string Project = "0004d0b59e19461ff126e3a08a814c33";
    private const string Giga = "1073741824";

    private readonly KeptRounds _rounds = new();

    public void Dispose() => _rounds.Dispose();

    [Fact]
    public async Task The_formats_for_machines_are_those_of_poll_byte_by_byte()
    {
        await using var server = ScriptedServer.Start(_ => Reply.Recorded("swift-2.38", "account-head-204.http"));
        Configure("{ storage.policies.objects.size: true }");
        Write("account.ring.gz", TestRing.Bytes(1, TestRing.DeviceAt(0, server.Port)));
        Write("swift.conf", "[swift-hash]\nswift_hash_path_suffix = test\n[storage-policy:0]\nname = go,\"ld\n"u8.ToArray());
        Write("projects", "b\nü,漢\n"u8.ToArray());

        var polled = await ConsometerProgram.RunAsync("poll", "--config", _rounds.Folder, "--format", "ndjson");
        Assert.Equal((ExitCode.Done, 10), (polled.ExitCode, Lines(polled).Length));

        Assert.Equal(polled.Output, (await UsageAsync("--format", "ndjson")).Output);
        Assert.Equal(Lines(polled)[..5], Lines(await UsageAsync("--format", "ndjson", "--account", "AUTH_b")));
        var csv = await UsageAsync("--format", "csv", "--account", "ü,漢", "--meter", MeterCatalogue.Size);
        Assert.Matches("\r\n", csv.Output);
        Assert.StartsWith("storage.objects.size,gauge,B,993059742637,\"ü,漢\",\"ü,漢\",,", Lines(csv)[1], StringComparison.Ordinal);
        Assert.Equal(2, Lines(csv).Length);
    }

    [Fact]
    public async Task The_table_has_a_line_a_resource_and_round_and_a_dash_where_there_is_no_figure()
    {
        Configure();
        _rounds.Keep(0, (Project, 1)).Keep(
            Hour(1), Region, null,
            Size(Project, 993059742637), Of("storage.objects", Project, 1234567), Of("storage.objects", "b", 0),
            Of("storage.policies.objects.size", $"{Project}/gold", 0, "gold"), Of("storage.containers.objects", $"{Project}/gold", 12));

        Assert.Equal(
            [
                $"ROUND (UTC) ACCOUNT OBJECTS SIZE CONTAINERS", $"2026-11-21 14:00 {Project} 1,234,567 924.9 GiB -", "2026-11-21 14:00 b 0 - -",
                "ROUND (UTC) POLICY OBJECTS SIZE CONTAINERS", $"2026-11-21 14:00 {Project}/gold - 0 B -",
                "ROUND (UTC) CONTAINER OBJECTS SIZE", $"2026-11-21 14:00 {Project}/gold 12 -",
            ],
            Table(await UsageAsync()));
        Assert.Equal(
            ["ROUND (UTC) ACCOUNT SIZE", $"2026-11-21 13:00 {Project} 1 B", $"2026-11-21 14:00 {Project} 924.9 GiB"],
            Table(await UsageAsync("--since", "2026-11-21", "--account", Project, "--meter", MeterCatalogue.Size)));
    }

    [Fact]
    public async Task A_long_name_is_whole_and_no_character_of_it_steers_the_terminal()
    {
        Configure();
        var name = $"{Project}/{new string('ü', 300)}";
        _rounds.Keep(Hour(0), Region, null, Of("storage.containers.objects", name, 1), Of("storage.containers.objects", "a/\u001b[2J\n[red]x[/]", 2));

        var lines = Table(await UsageAsync(), columnsMax: 500);

        Assert.Contains($"2026-11-21 13:00 {name} 1 -", lines);
        Assert.Contains("2026-11-21 13:00 a/�[2J�[red]x[/] 2 -", lines);
    }

    [Fact]
    public async Task Top_has_the_largest_first_with_their_share()
    {
        Configure();
        _rounds.Keep(0, ("z", 99)).Keep(1, ("a", 1024), ("b", 3072), ("c", 2048), (Project, 2048));

        Assert.Equal(
            ["RESOURCE SIZE SHARE", "b 3.00 KiB 37.5 %", $"{Project} 2.00 KiB 25.0 %", "storage.objects.size at 2026-11-21 14:00 UTC: 2 of 4 resources have 62.5 % of 8.00 KiB"],
            Table(await UsageAsync("--top", "2")));
        var ndjson = await UsageAsync("--top", "3", "--since", "2026-11-01", "--format", "ndjson");
        Assert.Equal(["b", Project, "c"], Lines(ndjson).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("resource_id").GetString()!));
    }

    [Fact]
    public async Task Daily_has_exact_fields_for_machines_and_gaps_for_people()
    {
        Configure();
        _rounds.Keep(0, (Project, 1), ("b", 0)).Keep(1, (Project, 2)).Keep(
            Hour(11), Region, null, Of("storage.policies.objects.size", $"{Project}/g,d", 1073741824, "g,d"));

        var ndjson = await UsageAsync("--daily", "--since", "2026-11-21", "--format", "ndjson");
        var csv = await UsageAsync("--daily", "--since", "2026-11-21", "--format", "csv");
        var table = await UsageAsync("--daily", "--since", "2026-11-21");

        const string Rest = "\"project_id\":\"" + Project + "\",\"region\":\"RegionOne\",\"resource_metadata\":";
        Assert.Equal(
            "{\"day\":\"2026-11-21\",\"counter_name\":\"storage.objects.size\",\"counter_unit\":\"B\",\"mean\":1.5,\"min\":1,\"max\":2,\"last\":2,\"rounds_with_figure\":2,\"rounds_complete\":2,\"periods\":24,"
            + $"\"resource_id\":\"{Project}\",{Rest}{{}}}}",
            Lines(ndjson)[0]);
        Assert.EndsWith($"\"resource_id\":\"{Project}/g,d\",{Rest}{{\"storage_policy\":\"g,d\"}}}}", Lines(ndjson)[2], StringComparison.Ordinal);
        Assert.Equal(
            [
                "day,counter_name,counter_unit,mean,min,max,last,rounds_with_figure,rounds_complete,periods,resource_id,project_id,region,resource_metadata,sum",
                $"2026-11-21,storage.objects.size,B,1.5,1,2,2,2,2,24,{Project},{Project},RegionOne,{{}},",
                "2026-11-21,storage.objects.size,B,0,0,0,0,1,2,24,b,b,RegionOne,{},",
                $"2026-11-22,storage.policies.objects.size,B,{Giga},{Giga},{Giga},{Giga},1,1,24,\"{Project}/g,d\",{Project},RegionOne,\"{{\"\"storage_policy\"\":\"\"g,d\"\"}}\",",
            ],
            Lines(csv));
        Assert.Equal(
            [
                "storage.objects.size", "DAY (UTC) RESOURCE MEAN MIN MAX LAST ROUNDS", $"2026-11-21 {Project} 2 B 1 B 2 B 2 B 2/2", "2026-11-21 b 0 B 0 B 0 B 0 B 1/2",
                "storage.policies.objects.size", "DAY (UTC) RESOURCE MEAN MIN MAX LAST ROUNDS", $"2026-11-22 {Project}/g,d 1.00 GiB 1.00 GiB 1.00 GiB 1.00 GiB 1/1",
                "2026-11-21: complete rounds in 2 of the day's 24 periods", "2026-11-22: complete rounds in 1 of the day's 24 periods",
            ],
            Table(table));
    }

    [Theory]
    [InlineData("--format ndjson")]
    [InlineData("--format csv --region another")]
    [InlineData("--account nobody")]
    [InlineData("--daily --format csv --account nobody")]
    [InlineData("--daily --since 2026-11-22")]
    [InlineData("--top 3 --meter storage.objects")]
    [InlineData("--since 2026-11-21T13:00:01 --format csv")]
    [InlineData("--since 2026-11-21 --until 2026-11-21")]
    public async Task Where_there_is_nothing_nothing_is_printed_but_a_line_that_says_so(string options)
    {
        var isOther = options.Contains(" --region another", StringComparison.Ordinal);
        Configure(region: isOther ? "another" : Region);
        _rounds.Keep(Hour(0), Region, options == "--format ndjson" ? "bad" : null, Size("a", 1));

        var run = await UsageAsync(options.Replace(" --region another", "", StringComparison.Ordinal).Split(' '));

        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Output));
        Assert.Equal($"consometer: store {_rounds.File}: no samples of region {(isOther ? "another" : Region)} in this range\n", run.Error);
    }

    [Fact]
    public async Task A_missing_store_ends_with_5_and_is_not_made()
    {
        Configure();
        ConsometerProgram.AssertRefused(await UsageAsync("--format", "csv"), ExitCode.Service, $"store {_rounds.File}: there is none yet");
        Assert.Equal(["consometer.yaml"], Directory.GetFileSystemEntries(_rounds.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_file_that_is_no_store_ends_with_5()
    {
        Configure();
        Write("consometer.db", [.. Enumerable.Repeat((byte)'x', 5000)]);
        ConsometerProgram.AssertRefused(await UsageAsync(), ExitCode.Service, $"store {_rounds.File}: ");
    }

    [Theory]
    [InlineData("--meter storage.nope", "--meter: wanted one of storage.objects, storage.objects.size, storage.objects.containers, storage.policies.objects, ")]
    [InlineData("--since 2026-11-31", "--since: wanted an instant")]
    [InlineData("--until nope", "--until: wanted an instant")]
    [InlineData("--since 2026-11-21 --until 2026-11-20", "--until: wanted a time after --since")]
    [InlineData("--top 3 --daily", "--top: wanted without --daily")]
    [InlineData("--top 3 --meter storage.objects --meter storage.objects.size", "--meter: wanted one with --top")]
    public async Task What_makes_no_sense_ends_with_2_whether_there_is_a_store_or_not(string options, string found)
    {
        Configure();
        ConsometerProgram.AssertRefused(await UsageAsync(options.Split(' ')), ExitCode.Configuration, found);
    }

    [Fact]
    public async Task An_account_that_can_be_none_ends_with_3()
    {
        Configure();
        ConsometerProgram.AssertRefused(await UsageAsync("--account", "AUTH_"), ExitCode.InputFile, "wanted an account or a project's id");
    }

    private Task<Run> UsageAsync(params string[] arguments) => ConsometerProgram.RunAsync(["usage", "--config", _rounds.Folder, .. arguments]);

    private static string[] Lines(Run run) => run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The lines of tables, which fit a terminal, with one space between words.</summary>
    private static string[] Table(Run run, int columnsMax = 100)
    {
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        var lines = Lines(run);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, columnsMax));
        return [.. lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
    }

    private void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(_rounds.Folder, name), bytes);

    private void Configure(string meters = "{}", string region = Region) => File.WriteAllText(Path.Combine(_rounds.Folder, "consometer.yaml"), $$"""
        region: {{region}}
        projects: { source: file, file: projects }
        swift: { dir: ., conf: swift.conf }
        store: { path: consometer.db }
        meters: {{meters}}
        """);
}
