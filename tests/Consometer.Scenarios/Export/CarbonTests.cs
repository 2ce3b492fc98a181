using System.Text.Json;

namespace Consometer.Scenarios.Export;

/// <summary>What the built program's rounds are in Debian's carbon.</summary>
public sealed class CarbonTests
{
    private const string Root = "lab.consometer.RegionOne.";

    /// <summary>Names that dashboards of the older program have, and those of this one that a healthy round has too.</summary>
    private static readonly string[] Names =
    [
        "published", "polledsuccessfully", "polled", "projects", "runduration", "totalconso",
        "measured", "absent", "deleted", "unknown", "unknown.timed_out", "unknown.out_of_time", "orphans",
        "outbox.messages", "outbox.samples", "outbox.oldest", "ring.age", "ring.stale",
    ];

    [Fact]
    public async Task Every_name_arrives_with_the_round_s_own_figures_and_time()
    {
        await using var carbon = await RealCarbon.StartAsync();
        await using var daemon = await ExportingDaemon.StartAsync(isWell: true);
        await daemon.RoundsAsync(3);
        var reports = daemon.Reports()[..2];
        await WrittenAsync(reports);
        await daemon.StopAsync();

        Assert.Equal(Names.Select(name => Root + name).Order(StringComparer.Ordinal), (await RealCarbon.NamesAsync()).Intersect(Names.Select(name => Root + name)).Order(StringComparer.Ordinal));
        await AssertAsync(reports);

        Assert.DoesNotContain("graphite: ", daemon.Log, StringComparison.Ordinal);
    }

    /// <summary>Rounds go on while there is no carbon, and are all there when it comes.</summary>
    [Fact]
    public async Task A_carbon_that_comes_late_gets_the_rounds_before_it_under_their_own_times()
    {
        await using var daemon = await ExportingDaemon.StartAsync();
        await daemon.RoundsAsync(3);
        var reports = daemon.Reports();

        await using var carbon = await RealCarbon.StartAsync();
        await WrittenAsync(reports);
        await daemon.StopAsync();

        await AssertAsync(reports);

        Assert.Single(daemon.Log.Split('\n'), line => line.Contains(" WARN 1402 graphite: wanted 127.0.0.1:2013 to take lines", StringComparison.Ordinal));
        Assert.Single(daemon.Log.Split('\n'), line => line.Contains(" INFO 1401 graphite: 127.0.0.1:2013 takes lines again", StringComparison.Ordinal));
    }

    private static Task WrittenAsync(JsonElement[] reports) => Eventually.TrueAsync("all rounds in carbon's files", async () =>
    {
        var published = await RealCarbon.PointsAsync(Root + "published");
        return reports.All(report => published.ContainsKey(EndOf(report)));
    });

    /// <summary>Of two rounds that ended in one second, the first one late, carbon keeps the last.</summary>
    private static async Task AssertAsync(JsonElement[] reports)
    {
        foreach (var report in reports.GroupBy(EndOf).Select(ofSecond => ofSecond.Last()))
        {
            await AssertAsync(report);
        }
    }

    private static async Task AssertAsync(JsonElement report)
    {
        long Said(string key) => report.GetProperty(key).GetInt64();
        var accounts = Said("accounts");
        (string Name, double Value)[] wanted =
        [
            ("polled", accounts - OutOfTime(report)),
            ("polledsuccessfully", accounts - Said("unknown")),
            ("projects", accounts),
            ("measured", Said("measured")),
            ("absent", Said("absent")),
            ("unknown", Said("unknown")),
            ("runduration", Math.Round(report.GetProperty("seconds").GetDouble(), 3)),
            ("published", 0), // There is no broker.
        ];
        foreach (var (name, value) in wanted)
        {
            Assert.Equal(value, (await RealCarbon.PointsAsync(Root + name))[EndOf(report)], tolerance: 1e-9);
        }

        var total = await RealCarbon.PointsAsync(Root + "totalconso");
        var isKnown = accounts - Said("unknown") >= 0.99 * accounts;
        Assert.Equal(isKnown, total.ContainsKey(EndOf(report)));
        Assert.Equal(isKnown ? report.GetProperty("totals").GetProperty("bytes").GetDouble() : 0, total.GetValueOrDefault(EndOf(report)));
    }

    /// <summary>On a machine that is busy a round may not get to all.</summary>
    private static long OutOfTime(JsonElement report) =>
        report.GetProperty("unknown_by_reason").TryGetProperty("out_of_time", out var count) ? count.GetInt64() : 0;

    /// <summary>The second in which the round ended.</summary>
    private static long EndOf(JsonElement report) =>
        (report.GetProperty("started").GetDateTimeOffset() + TimeSpan.FromSeconds(report.GetProperty("seconds").GetDouble())).ToUnixTimeSeconds();
}
