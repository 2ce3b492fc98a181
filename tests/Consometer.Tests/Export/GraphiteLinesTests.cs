using System.Globalization;
using Consometer.Configuration;
using Consometer.Delivery.Publishing;
using Consometer.Export.Graphite;
using Consometer.Metering.Rounds;
using Consometer.Tests.Daemon.Tasks;

namespace Consometer.Tests.Export;

/// <summary>The lines that carbon gets, byte for byte, and how samples are counted as published.</summary>
public sealed class GraphiteLinesTests
{
    private static readonly DateTimeOffset Time = ManualClock.Start.AddSeconds(95.7);

    private static readonly string[] OneFormat = ["consometer"];
    private static readonly string[] TwoFormats = ["consometer", "ceilometer"];

    private readonly List<(DateTimeOffset Ended, long Samples)> _published = [];

    [Theory]
    [InlineData("RegionOne", "swift-consometer.RegionOne")]
    [InlineData("eu.west 1/a", "swift-consometer.eu_west_1_a")]
    public void A_region_is_one_level_of_the_name(string region, string root) =>
        Assert.Equal(root, GraphiteLines.Root(new GraphiteOptions("carbon", 2003, "swift-consometer"), region));

    [Fact]
    public void A_prefix_may_have_levels_of_its_own() =>
        Assert.Equal("ops.swift.eu", GraphiteLines.Root(new GraphiteOptions("carbon", 2003, "ops.swift"), "eu"));

    [Fact]
    public void The_smallest_line_is_a_name_a_number_and_a_time() => Assert.Equal("root.outbox.messages 0 1795266095\n", Of(lines => lines.Add("outbox.messages", 0)));

    [Theory]
    [InlineData("1234567.8912", "1234567.891")]
    [InlineData("18446744073709551616", "18446744073709551616")]
    [InlineData("0.00001", "0")]
    public void A_number_has_all_its_digits_and_no_exponent(string value, string written) =>
        Assert.Equal($"root.x {written} 1795266095\n", Of(lines => lines.Add("x", decimal.Parse(value, CultureInfo.InvariantCulture))));

    [Fact]
    public void A_round_is_the_older_names_and_every_reason() => Assert.Equal(
        """
        root.polledsuccessfully 995 1795266095
        root.polled 997 1795266095
        root.projects 990 1795266095
        root.runduration 12.346 1795266095
        root.totalconso 18446744073709551616 1795266095
        root.measured 900 1795266095
        root.absent 80 1795266095
        root.deleted 15 1795266095
        root.unknown 5 1795266095
        root.unknown.unreachable 0 1795266095
        root.unknown.connect_timed_out 0 1795266095
        root.unknown.timed_out 2 1795266095
        root.unknown.connection_lost 0 1795266095
        root.unknown.unmounted 0 1795266095
        root.unknown.rate_limited 0 1795266095
        root.unknown.server_error 0 1795266095
        root.unknown.unexpected_status 0 1795266095
        root.unknown.unauthorized 0 1795266095
        root.unknown.forbidden 0 1795266095
        root.unknown.keystone_failed 0 1795266095
        root.unknown.counts_missing 0 1795266095
        root.unknown.malformed_answer 0 1795266095
        root.unknown.unassigned 0 1795266095
        root.unknown.out_of_time 3 1795266095
        root.orphans 7 1795266095

        """,
        Of(lines => lines.Add(Report)));

    [Fact]
    public void A_shared_round_has_its_tasks_and_what_is_confirmed_of_it_too() => Assert.EndsWith(
        """
        root.orphans 7 1795266095
        root.published 2939 1795266095
        root.tasks.published 9 1795266095
        root.tasks.done 4 1795266095
        root.tasks.redelivered 1 1795266095
        root.tasks.late 2 1795266095
        root.tasks.poison 0 1795266095
        root.tasks.not_reported 3 1795266095
        root.tasks.daemons 1 1795266095

        """,
        Of(lines => lines.Add(TestTask.Merged(Report with { Withheld = 1 }, new TaskCounts(9, 4, 1, 2, 0, 3), new WorkerReport("a/1", 4, 1, 5, null)))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("store-7", "daemon.store-7.")]
    [InlineData("store.example.com", "daemon.store_example_com.")]
    public void What_is_one_daemon_s_own_is_under_its_host(string host, string level) => Assert.Equal(level, GraphiteLines.OwnLevel(host));

    [Fact]
    public void When_too_much_is_unknown_there_is_no_total() =>
        Assert.DoesNotContain("totalconso", Of(lines => lines.Add(Report with { Measured = 894, Unknown = 11 })), StringComparison.Ordinal);

    [Fact]
    public void A_round_that_counts_for_nothing_has_no_total_and_no_account_that_went_well()
    {
        var lines = Of(lines => lines.Add(Report with { Failure = "a wrong hash prefix" }));

        Assert.DoesNotContain("totalconso", lines, StringComparison.Ordinal);
        Assert.Contains("root.polledsuccessfully 0 ", lines, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_are_published_when_the_outbox_is_empty_under_the_time_of_their_round()
    {
        var count = Count(OneFormat);
        count.Tell("consometer", new PumpNews.Idle()); // Before any round.
        count.Begin(Time, 300);
        count.Tell("consometer", new PumpNews.Idle()); // Of before it saw the round.
        count.Tell("consometer", new PumpNews.Delivered(1, 200));
        count.Tell("consometer", new PumpNews.Delivered(1, 100));
        Assert.Empty(_published);

        count.Tell("consometer", new PumpNews.Idle());
        count.Tell("consometer", new PumpNews.Idle());

        Assert.Equal([(Time, 300)], _published);
    }

    [Fact]
    public void What_the_broker_did_not_take_until_the_next_round_is_not_published()
    {
        var count = Count(OneFormat);
        count.Begin(Time, 300);
        count.Tell("consometer", new PumpNews.Delivered(1, 200));
        count.Begin(Time.AddHours(1), 300);
        count.Begin(Time.AddHours(2), 300);

        Assert.Equal([(Time, 200), (Time.AddHours(1), 0)], _published);
    }

    [Fact]
    public void Of_two_formats_the_one_counts_that_has_less()
    {
        var count = Count(TwoFormats);
        count.Begin(Time, 300);
        count.Tell("consometer", new PumpNews.Delivered(2, 300));
        count.Tell("consometer", new PumpNews.Idle());
        count.Tell("ceilometer", new PumpNews.Delivered(1, 50));
        Assert.Empty(_published);
        count.Begin(Time.AddHours(1), 0);

        Assert.Equal([(Time, 50)], _published);
    }

    [Fact]
    public void Where_nothing_is_delivered_nothing_is_published()
    {
        var count = Count([]);
        count.Begin(Time, 300);
        count.Begin(Time, 300);

        Assert.Empty(_published);
    }

    private static RoundReport Report => new()
    {
        RoundTime = "2026-11-21T13:00:00Z",
        Started = ManualClock.Start,
        Seconds = 12.3456,
        ListingSeconds = 1,
        Projects = 990,
        Accounts = 1000,
        Totals = new RoundTotals(1, 2, 18446744073709551616m),
        Measured = 900,
        Absent = 80,
        Deleted = 15,
        Unknown = 5,
        UnknownByReason = new Dictionary<string, long> { ["timed_out"] = 2, ["out_of_time"] = 3 },
        Disagreeing = 0,
        Unlisted = 0,
        Orphans = 7,
        Samples = 2940,
        Nodes = [],
    };

    private static string Of(Action<GraphiteLines> add)
    {
        var lines = new GraphiteLines("root", Time);
        add(lines);
        return lines.ToString();
    }

    private PublishedCount Count(IReadOnlyList<string> formats) => new(formats, (ended, samples) => _published.Add((ended, samples)));
}
