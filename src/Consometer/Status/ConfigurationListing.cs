using System.Globalization;
using Consometer.Configuration;

namespace Consometer.Status;

/// <summary>
/// The configuration in use, key by key, defaults too. Written out by hand, so that what is added to the options is not shown before
/// somebody has thought of whether it is a secret: passwords, keys, tokens, <c>telemetry_secret</c> and the hash prefix and suffix are not here.
/// </summary>
internal static class ConfigurationListing
{
    public static IEnumerable<(string Key, string Value)> Of(ConsometerOptions options) =>
    [
        ("region", options.Region),
        ("timeout", Duration.Show(options.Period)),
        ("polling_share", Text(options.PollingTime / options.Period)),
        ("workers", Text(options.Workers)),
        ("log_level", Word(options.LogLevel)),
        ("log_format", options.LogsJson ? "json" : "text"),
        ("strategy", Word(options.Strategy)),
        .. OfKeystone(options),
        .. OfSwift(options.Swift),
        ("projects.source", options.Projects.FilePath is null ? "keystone" : "file"),
        ("projects.file", options.Projects.FilePath ?? ""),
        ("projects.include_disabled", Word(options.Projects.IncludeDisabled)),
        ("projects.domains", string.Join(", ", options.Projects.Domains)),
        ("projects.cache_max_age", Duration.Show(options.Projects.CacheMaxAge)),
        ("projects.orphan_days", Text(options.Projects.OrphansFor.TotalDays)),
        ("projects.meter_orphans", Word(options.Projects.MetersOrphans)),
        ("meters", string.Join(", ", options.Meters.Select(meter => meter.Name))),
        .. OfRequests(options.Requests),
        .. OfDelivery(options.Delivery),
        .. OfSharing(options.Sharing),
        ("store.path", options.StorePath),
        ("store.max_bytes", Text(options.StoreMaxBytes)),
        ("store.keep", Duration.Show(options.StoreKeep)),
        .. OfExport(options),
    ];

    private static IEnumerable<(string Key, string Value)> OfKeystone(ConsometerOptions options) => options.Keystone is not { } keystone
        ? []
        :
        [
            ("credentials.openstack.keystone_uri", Without(keystone.Endpoint)),
            ("credentials.openstack", keystone.ToString()),
            ("credentials.openstack.insecure", Word(keystone.Trust.IsInsecure)),
            ("credentials.openstack.region_name", keystone.ObjectStore.Region ?? ""),
            ("credentials.openstack.interface", keystone.ObjectStore.Interface),
            ("credentials.openstack.object_store_endpoint_override", keystone.ObjectStore.Override is { } given ? Without(given) : ""),
        ];

    private static IEnumerable<(string Key, string Value)> OfSwift(SwiftOptions swift) =>
    [
        ("swift.dir", Path.GetDirectoryName(swift.RingPath) ?? ""),
        ("swift.conf", swift.ConfPath),
        ("swift.reseller_prefix", string.Join(", ", swift.ResellerPrefixes.Select(prefix => prefix.Length == 0 ? "(empty)" : prefix))),
        ("swift.network", Word(swift.Servers.Network)),
        ("swift.workers_per_node", Text(swift.WorkersPerNode)),
        ("swift.requests_per_second", Text(swift.RequestsPerSecond)),
        ("swift.conn_timeout", Duration.Show(swift.Servers.ConnectTimeout)),
        ("swift.node_timeout", Duration.Show(swift.Servers.NodeTimeout)),
        ("swift.error_suppression_limit", Text(swift.Suppression.Limit)),
        ("swift.error_suppression_interval", Duration.Show(swift.Suppression.Interval)),
        ("swift.absent_accounts", swift.AbsentIsZero ? "zero" : "skip"),
        ("swift.replicas", swift.AllReplicas ? "all" : "one"),
        ("swift.scope", swift.IsLocal ? "local" : "all"),
        ("swift.ring_ip", swift.RingIp ?? ""),
        ("swift.read_affinity", swift.Affinity.ToString()),
    ];

    private static IEnumerable<(string Key, string Value)> OfRequests(RequestsOptions? requests) => requests is null
        ? []
        :
        [
            ("requests.listen", requests.Listen?.ToString() ?? ""),
            ("requests.file", requests.FilePath ?? ""),
            ("requests.template", requests.Layout.Template),
            ("requests.interval", Duration.Show(requests.Interval)),
            ("requests.internal_networks", string.Join(", ", requests.InternalNetworks)),
            ("requests.trusted_proxies", string.Join(", ", requests.TrustedProxies)),
            ("requests.max_containers", Text(requests.ContainersMax)),
            ("requests.host", requests.Host),
        ];

    private static IEnumerable<(string Key, string Value)> OfDelivery(DeliveryOptions? delivery) => delivery is not { Broker: var broker }
        ? []
        :
        [
            ("credentials.rabbit.host", string.Join(", ", broker.Hosts)),
            ("credentials.rabbit.user", broker.User),
            ("credentials.rabbit.vhost", broker.VirtualHost),
            ("credentials.rabbit.tls", Word(broker.Tls is not null)),
            ("credentials.rabbit.insecure", Word(broker.Tls?.IsInsecure ?? false)),
            ("credentials.rabbit.heartbeat", Duration.Show(broker.Heartbeat)),
            ("publish.window", Text(broker.Window)),
            .. delivery.Publications.Select(publication => (
                $"publish.format: {publication.Format.Name}",
                $"{publication.Destination}, queue {publication.Destination.Queue ?? "(none)"}, {publication.BatchSize} samples a message")),
        ];

    private static IEnumerable<(string Key, string Value)> OfSharing(SharingOptions? sharing) => sharing is null
        ? [("cluster.mode", "single")]
        :
        [
            ("cluster.mode", "shared"),
            ("cluster.task_accounts", Text(sharing.TaskAccounts)),
            ("cluster.prefix", sharing.Prefix),
        ];

    private static IEnumerable<(string Key, string Value)> OfExport(ConsometerOptions options) =>
    [
        ("status.listen", options.Status.Listen?.ToString() ?? "none"),
        ("status.accounts", Word(options.Status.ShowsAccounts)),
        ("status.account_metrics", Word(options.Status.AccountMetrics)),
        ("graphite", options.Graphite is { } graphite ? $"{graphite.Host}:{Text(graphite.Port)}, prefix {graphite.Prefix}" : ""),
        ("otlp", options.Otlp is { } otlp ? $"{Without(otlp.Endpoint)}, {(otlp.IsHttp ? "http" : "grpc")}, every {Duration.Show(otlp.Interval)}" : ""),
    ];

    /// <summary>A URL without user and query: a password or a token may be in either.</summary>
    private static string Without(Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static string Word(bool flag) => flag ? "true" : "false";

    private static string Word<T>(T choice)
        where T : struct, Enum => choice.ToString().ToLowerInvariant();

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
