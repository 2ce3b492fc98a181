using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Consometer.Configuration;
using Consometer.Simulation;
using Consometer.Swift.Accounts;
using Consometer.Tests.Configuration;
using Consometer.Tests.Packages;
using Consometer.Tests.Tidy;

namespace Consometer.Tests.Export;

/// <summary>The page <c>/metrics</c> of a daemon at work.</summary>
public sealed partial class MetricsPageTests
{
    private static readonly SimulationPlan Plan = new() { Accounts = 60 };

    [Fact]
    public async Task After_a_round_the_page_says_what_its_report_does()
    {
        await using var daemon = await RunningDaemon.StartAsync(Plan, prepare: swift => swift.Cluster.Nodes[2].Fault = NodeFault.Status(507));
        await daemon.RoundsEndedAsync();

        var page = await daemon.ScrapeAsync();

        using var report = JsonDocument.Parse(daemon.LastReport);
        long Said(string key) => report.RootElement.GetProperty(key).GetInt64();
        Assert.Equal((1, 0), (page["consometer_rounds_total{result=\"complete\"}"], page["consometer_rounds_total{result=\"failed\"}"]));
        Assert.All(["measured", "absent", "deleted", "unknown"], outcome => Assert.Equal(Said(outcome), page[$"consometer_accounts{{outcome=\"{outcome}\"}}"]));
        Assert.Equal(Said("accounts"), page.Sum("consometer_accounts"));
        Assert.Equal(Said("unknown"), page.Sum("consometer_accounts_unknown"));
        Assert.Equal(ReadingWords.OfReasons.Count, page.Count("consometer_accounts_unknown"));
        Assert.Equal(Said("samples"), page["consometer_samples_made_total"]);
        Assert.Equal(ManualClock.Start.ToUnixTimeSeconds(), page["consometer_round_complete_timestamp_seconds"]);
        Assert.Equal(3600, page["consometer_period_seconds"]);
        Assert.Equal(report.RootElement.GetProperty("totals").GetProperty("bytes").GetDouble(), page["consometer_measured_bytes"]);
        Assert.Equal(60, page["consometer_projects"]);
        AssertNodes(report.RootElement.GetProperty("nodes"), page);
    }

    [Fact]
    public async Task A_daemon_that_meters_alone_tells_nothing_of_shared_rounds()
    {
        await using var daemon = await RunningDaemon.StartAsync(Plan);
        await daemon.RoundsEndedAsync();

        Assert.DoesNotContain((await daemon.ScrapeAsync()).Families, family => family.StartsWith("consometer_cluster_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_mid_round_the_lanes_are_seen_at_work_and_accounts_of_no_round_yet()
    {
        await using var daemon = await RunningDaemon.StartAsync(Plan, prepare: swift => swift.Cluster.Nodes[1].Fault = NodeFault.Hangs);
        await Eventually.HoldsAsync("the node is asked", () => daemon.Swift.Cluster.Nodes[1].Requests > 0);

        var page = await daemon.ScrapeAsync();

        Assert.Equal(4, page.Count("consometer_node_lane_width"));
        Assert.True(page.Sum("consometer_node_lane_load") > 0);
        Assert.DoesNotContain("consometer_accounts", page.Families);
        Assert.Equal(0, page.Sum("consometer_rounds_total"));
    }

    [Fact]
    public async Task A_round_that_came_to_nothing_is_a_failed_one()
    {
        await using var daemon = await RunningDaemon.StartAsync(Plan, prepare: swift => swift.Cluster.KeystoneFault = NodeFault.Status(503));
        await Eventually.HoldsAsync("the loop waits for its next try", () => daemon.Clock.IsWaitedFor(TimeSpan.FromMinutes(1)));

        var page = await daemon.ScrapeAsync();

        Assert.Equal(1, page["consometer_rounds_total{result=\"failed\"}"]);
        Assert.Equal(ManualClock.Start.ToUnixTimeSeconds(), page["consometer_round_timestamp_seconds"]);
        Assert.DoesNotContain("consometer_round_complete_timestamp_seconds", page.Families);
        Assert.DoesNotContain("consometer_accounts", page.Families);
    }

    [Fact]
    public async Task Periods_without_a_round_are_counted()
    {
        await using var daemon = await RunningDaemon.StartAsync(Plan);
        await daemon.RoundsEndedAsync();
        daemon.Clock.Advance(TimeSpan.FromHours(3));
        await daemon.RoundsEndedAsync(2);

        Assert.Equal(2, (await daemon.ScrapeAsync())["consometer_periods_missed_total"]);
    }

    /// <summary>Two configurations are open at once for a while, in one process: neither has the other's figures.</summary>
    [Fact]
    public async Task After_a_reload_counters_begin_again_and_the_last_complete_round_is_known_still()
    {
        await using var daemon = await RunningDaemon.StartAsync(Plan);
        await daemon.RoundsEndedAsync();

        await daemon.RestartAsync();
        var page = await daemon.ScrapeAsync();

        Assert.Equal(0, page.Sum("consometer_rounds_total"));
        Assert.Equal(ManualClock.Start.ToUnixTimeSeconds(), page["consometer_round_complete_timestamp_seconds"]);
        Assert.Equal(1, page.Count("consometer_ring_age_seconds"));
    }

    [Fact]
    public async Task What_waits_for_the_broker_is_told_by_format()
    {
        await using var daemon = await RunningDaemon.StartAsync(Plan, options => options with { Delivery = RunningDaemon.NoBroker() });
        var empty = await daemon.ScrapeAsync();
        Assert.Equal((0, 2), (empty.Sum("consometer_samples_delivered_total"), empty.Count("consometer_samples_delivered_total")));
        await daemon.RoundsEndedAsync();
        await Eventually.HoldsAsync("the broker is missed", () => daemon.Log.Warnings.Any(line => line.Contains("wait in the outbox", StringComparison.Ordinal)));

        daemon.Clock.Advance(TimeSpan.FromSeconds(10));
        ScrapedPage? page = null;
        await Eventually.HoldsAsync("the outbox is looked at", () => (page = daemon.ScrapeAsync().GetAwaiter().GetResult()).Sum("consometer_outbox_samples") > 0);

        Assert.Equal(page!["consometer_samples_made_total"], page["consometer_outbox_samples{format=\"ceilometer\"}"]);
        Assert.Equal(1, page["consometer_outbox_messages{format=\"consometer\"}"]);
        Assert.Equal(10, page["consometer_outbox_oldest_seconds{format=\"consometer\"}"]);
        Assert.Equal(0, page["consometer_broker_connected{format=\"consometer\"}"]);
        Assert.True(page["consometer_delivery_interruptions_total{format=\"ceilometer\"}"] > 0);
        Assert.True(page["consometer_store_used_bytes"] < page["consometer_store_max_bytes"]);
    }

    [Fact]
    public async Task Somebody_who_writes_the_store_holds_up_no_scrape()
    {
        await using var daemon = await RunningDaemon.StartAsync(Plan, WithAccounts);
        await daemon.RoundsEndedAsync();
        using var writer = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={daemon.Options.StorePath};Pooling=False");
        writer.Open();
        using var begin = writer.CreateCommand();
        begin.CommandText = "BEGIN EXCLUSIVE";
        begin.ExecuteNonQuery();

        Assert.True((await daemon.ScrapeAsync()).Count("consometer_account_bytes") > 0);
    }

    [Fact]
    public async Task The_usage_of_accounts_is_what_Swift_holds_to_the_last_digit()
    {
        const long Odd = (1L << 53) + 1;
        await using var daemon = await RunningDaemon.StartAsync(Plan, WithAccounts, swift =>
        {
            var account = swift.Cluster.Accounts[0];
            foreach (var device in swift.Cluster.Locate(account.Account).Primaries())
            {
                swift.Cluster.Put(account.Account, device, new SimulatedUsage([new("gold", 1, 1, Odd)]));
            }
        });
        await daemon.RoundsEndedAsync();

        var page = await daemon.ScrapeAsync();

        var first = daemon.Swift.Cluster.Accounts[0].ProjectId;
        Assert.Contains(
            $"\nconsometer_account_bytes{{project_id=\"{first}\",resource_id=\"{first}\",region=\"RegionOne\"}} {Odd.ToString(CultureInfo.InvariantCulture)}\n", page.Text, StringComparison.Ordinal);
        foreach (var account in daemon.Swift.Cluster.Accounts.Skip(1).Where(account => account.Usage.Containers > 0))
        {
            var labels = $"{{project_id=\"{account.ProjectId}\",resource_id=\"{account.ProjectId}\",region=\"RegionOne\"}}";
            Assert.Equal(account.Usage.Objects, page[$"consometer_account_objects{labels}"]);
            Assert.Equal(account.Usage.Containers, page[$"consometer_account_containers{labels}"]);
        }
    }

    [Fact]
    public async Task Accounts_are_not_on_it_unless_that_is_wanted()
    {
        await using var daemon = await RunningDaemon.StartAsync(Plan);
        await daemon.RoundsEndedAsync();

        Assert.DoesNotContain((await daemon.ScrapeAsync()).Families, family => family.StartsWith("consometer_account_", StringComparison.Ordinal));
    }

    /// <summary>The README's table and the page: the same names, and the types that it says.</summary>
    [Fact]
    public async Task Every_metric_is_in_the_README_and_every_one_there_is_on_the_page()
    {
        await using var daemon = await RunningDaemon.StartAsync(
            Plan, options => WithAccounts(options) with { Delivery = RunningDaemon.NoBroker() }, swift => swift.Cluster.Nodes[2].Fault = NodeFault.Status(507));
        await daemon.RoundsEndedAsync();
        await using var following = await CountingAsync($"file: {Repository.Find("fixtures/accesslog/swift-2.38.log")}");
        await following.IntervalEndedAsync();
        await using var listening = await CountingAsync("listen: udp://127.0.0.1:0");

        var sharing = await SharedMetricsTests.PageAsync();
        var page = new ScrapedPage(string.Concat(
            (await daemon.ScrapeAsync()).Text, sharing.Only("consometer_cluster_"), (await following.ScrapeAsync()).Only("consometer_requests_"), (await listening.ScrapeAsync()).Only("consometer_requests_datagrams_")));

        var said = MetricRow().Matches(SourceFiles.Get("README.md").Text)
            .SelectMany(row => MetricName().Matches(row.Groups["names"].Value).Select(name => (Name: name.Groups["name"].Value, Type: row.Groups["type"].Value)))
            .ToDictionary(each => each.Name, each => each.Type);
        Assert.InRange(said.Count, 40, int.MaxValue);
        Assert.Equal(said.Keys.Order(), page.Families.Where(family => !family.StartsWith("dotnet_", StringComparison.Ordinal)).Order());
        Assert.All(said, each => Assert.Equal(each.Value, page.TypeOf(each.Key)));

        // What alerts and dashboards may name.
        Assert.All(MetricNames.OnThePage, each => Assert.Equal(each.Value, page.LabelsOf(each.Key)));
    }

    [Fact]
    public async Task Where_only_requests_are_counted_there_is_nothing_of_rounds()
    {
        await using var daemon = await CountingAsync($"file: {Repository.Find("fixtures/accesslog/swift-2.38.log")}");
        await daemon.IntervalEndedAsync();

        var page = await daemon.ScrapeAsync();

        Assert.DoesNotContain(page.Families, family => family.Contains("round", StringComparison.Ordinal) || family.Contains("accounts", StringComparison.Ordinal));

        // Four more are held: they are of a container with versions, and of later than this clock is.
        Assert.Equal(387, page["consometer_requests_lines_total{outcome=\"counted\"}"]);
        Assert.Equal(0, page["consometer_requests_behind_bytes"]);
    }

    /// <summary>A daemon that counts requests and does nothing else.</summary>
    private static Task<RunningDaemon> CountingAsync(string source)
    {
        var counting = ConfigurationText.Load(
            $"requests: {{ {source}, interval: 10s }}\nmeters: {{ storage.objects: false, storage.objects.size: false, storage.objects.containers: false }}\n");
        return RunningDaemon.StartAsync(Plan, options => options with { Requests = counting.Requests, Meters = counting.Meters });
    }

    private static ConsometerOptions WithAccounts(ConsometerOptions options) =>
        options with { Status = options.Status with { AccountMetrics = true } };

    private static void AssertNodes(JsonElement nodes, ScrapedPage page)
    {
        Assert.Equal(4, nodes.GetArrayLength());
        foreach (var node in nodes.EnumerateArray())
        {
            var label = $"node=\"{node.GetProperty("node").GetString()}\"";
            var failures = node.GetProperty("failures").EnumerateObject().ToDictionary(each => each.Name, each => each.Value.GetInt64());
            Assert.Equal(node.GetProperty("requests").GetInt64() - failures.Values.Sum(), page.Sum("consometer_node_request_duration_seconds_count", label));
            Assert.Equal(failures.Values.Sum(), page.Sum("consometer_node_failures_total", label));
            Assert.All(failures, each => Assert.Equal(each.Value, page[$"consometer_node_failures_total{{{label},reason=\"{each.Key}\"}}"]));
            Assert.Equal(node.GetProperty("times_set_aside").GetInt64(), page[$"consometer_node_set_asides_total{{{label}}}"]);
            Assert.Equal(0, page[$"consometer_node_set_aside{{{label}}}"]);
        }

        Assert.True(page.Sum("consometer_node_failures_total", "unmounted") > 0);
        Assert.True(page.Sum("consometer_node_set_asides_total") > 0);
    }

    [GeneratedRegex("""^\| (?<names>`(consometer|process)_[^|]*`) \| (?<type>\w+) \|""", RegexOptions.Multiline)]
    private static partial Regex MetricRow();

    [GeneratedRegex("`(?<name>[a-z_]+)[^`]*`")]
    private static partial Regex MetricName();
}
