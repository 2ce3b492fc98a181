using System.Text.RegularExpressions;

namespace Consometer.Tests.Packages;

/// <summary>The names on <c>/metrics</c>, each with its labels.</summary>
internal static partial class MetricNames
{
    /// <summary>Of every series: Prometheus gives its targets the first three.</summary>
    private static readonly string[] OfTheTarget = ["job", "instance", "region"];

    /// <summary>Made by Prometheus itself.</summary>
    private const string OfEveryTarget = "up";

    private static readonly Dictionary<string, string[]> Labels = new()
    {
        ["process_start_time_seconds"] = [],
        ["process_cpu_seconds_total"] = [],
        ["process_resident_memory_bytes"] = [],
        ["consometer_build_info"] = ["version"],
        ["consometer_rounds_total"] = ["result"],
        ["consometer_round_duration_seconds"] = [],
        ["consometer_round_listing_duration_seconds"] = [],
        ["consometer_round_timestamp_seconds"] = [],
        ["consometer_round_complete_timestamp_seconds"] = [],
        ["consometer_period_seconds"] = [],
        ["consometer_periods_missed_total"] = [],
        ["consometer_accounts"] = ["outcome"],
        ["consometer_accounts_unknown"] = ["reason"],
        ["consometer_accounts_by_proxy"] = [],
        ["consometer_accounts_disagreeing"] = [],
        ["consometer_accounts_unlisted"] = [],
        ["consometer_orphans"] = [],
        ["consometer_orphans_unknown"] = [],
        ["consometer_projects"] = [],
        ["consometer_measured_bytes"] = [],
        ["consometer_measured_objects"] = [],
        ["consometer_measured_containers"] = [],
        ["consometer_samples_made_total"] = [],
        ["consometer_samples_withheld_total"] = [],
        ["consometer_samples_delivered_total"] = ["format"],
        ["consometer_messages_delivered_total"] = ["format"],
        ["consometer_outbox_messages"] = ["format"],
        ["consometer_outbox_samples"] = ["format"],
        ["consometer_outbox_oldest_seconds"] = ["format"],
        ["consometer_broker_connected"] = ["format"],
        ["consometer_delivery_interruptions_total"] = ["format"],
        ["consometer_store_used_bytes"] = [],
        ["consometer_store_max_bytes"] = [],
        ["consometer_ring_age_seconds"] = [],
        ["consometer_ring_stale_seconds"] = [],
        ["consometer_ring_version"] = [],
        ["consometer_projects_age_seconds"] = [],
        ["consometer_node_request_duration_seconds_bucket"] = ["node", "le"],
        ["consometer_node_failures_total"] = ["node", "reason"],
        ["consometer_node_set_asides_total"] = ["node"],
        ["consometer_node_lane_width"] = ["node"],
        ["consometer_node_lane_load"] = ["node"],
        ["consometer_node_set_aside"] = ["node"],
        ["consometer_requests_lines_total"] = ["outcome"],
        ["consometer_requests_unattributed_bytes_total"] = [],
        ["consometer_requests_late_total"] = [],
        ["consometer_requests_folded_total"] = [],
        ["consometer_requests_intervals_total"] = [],
        ["consometer_requests_samples_total"] = [],
        ["consometer_requests_interval_timestamp_seconds"] = [],
        ["consometer_requests_latest_timestamp_seconds"] = [],
        ["consometer_requests_behind_bytes"] = [],
        ["consometer_requests_datagrams_lost_total"] = [],
        ["consometer_requests_kept"] = [],
        ["consometer_cluster_role"] = ["role"],
        ["consometer_cluster_tasks_total"] = ["outcome"],
        ["consometer_cluster_tasks_redelivered_total"] = [],
        ["consometer_cluster_ring_differs"] = [],
        ["consometer_cluster_round_tasks"] = ["outcome"],
        ["consometer_cluster_round_tasks_redelivered"] = [],
        ["consometer_cluster_round_daemons"] = [],
    };

    /// <summary>The names, and the labels of each.</summary>
    public static IReadOnlyDictionary<string, string[]> OnThePage => Labels;

    /// <summary>Asserts that an expression of PromQL, or a series, asks for nothing but what there is: metrics and, in braces, their labels.</summary>
    public static void AssertKnown(string expression)
    {
        var metrics = Metric().Matches(expression);
        Assert.NotEmpty(metrics);
        Assert.All(metrics, metric =>
        {
            var name = metric.Groups["name"].Value;
            var labels = name == OfEveryTarget ? [] : Labels.GetValueOrDefault(name);
            Assert.True(labels is not null, $"there is no {name}: {expression}");
            Assert.Empty(Label().Matches(metric.Groups["braces"].Value).Select(label => label.Groups["name"].Value).Except([.. labels, .. OfTheTarget]));
        });
    }

    [GeneratedRegex("""\b(?<name>up|(consometer|process|dotnet)_\w+)\b(\{(?<braces>[^}]*)\})?""", RegexOptions.ExplicitCapture)]
    private static partial Regex Metric();

    [GeneratedRegex("""(?<name>\w+)\s*(=|!=|=~|!~)\s*["']""", RegexOptions.ExplicitCapture)]
    private static partial Regex Label();
}
