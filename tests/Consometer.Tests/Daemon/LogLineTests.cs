using System.Text.Json;
using System.Text.RegularExpressions;
using Consometer.Tests.Simulation;

namespace Consometer.Tests.Daemon;

/// <summary>The log of the program itself, as whoever collects it gets it.</summary>
public sealed partial class LogLineTests
{
    private static readonly string[] UntilRound = ["accounts in"];

    [Fact]
    public async Task A_line_of_text_is_an_event_with_its_time_level_and_id()
    {
        var lines = await LogAsync("text");

        Assert.All(lines, line => Assert.Matches(Text(), line));
        Assert.Single(lines, line => line.Contains(" INFO 1001 metering region", StringComparison.Ordinal));
        Assert.Single(lines, line => line.Contains(" INFO 1102 round ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_JSON_a_line_is_an_event_too_and_those_of_a_round_have_its_time()
    {
        var events = (await LogAsync("json")).Select(line => JsonDocument.Parse(line).RootElement).ToArray();

        Assert.All(events, entry => Assert.True(entry.GetProperty("Properties").GetProperty("EventId").GetInt32() > 1000));
        var round = Assert.Single(events, entry => entry.GetProperty("Properties").GetProperty("EventId").GetInt32() == 1102);
        var time = round.GetProperty("Properties").GetProperty("Round").GetString()!;
        Assert.Contains($"round {time}: 20 accounts", round.GetProperty("RenderedMessage").GetString(), StringComparison.Ordinal);
        Assert.Equal("Information", round.GetProperty("Level").GetString());
    }

    private static async Task<string[]> LogAsync(string format)
    {
        await using var swift = await RunningCluster.StartAsync(new() { Accounts = 20 });
        ConfiguredCluster.Options(swift.Cluster);
        var file = Path.Combine(swift.Cluster.Folder, "consometer.yaml");
        await File.AppendAllTextAsync(file, $"\nlog_format: {format}\n");
        var run = await ConsometerProgram.RunUntilAsync(UntilRound, "run", "--config", file);
        return run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S* (INFO|WARN|EROR) \d{4} \S")]
    private static partial Regex Text();
}
