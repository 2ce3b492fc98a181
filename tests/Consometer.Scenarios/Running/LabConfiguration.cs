namespace Consometer.Scenarios.Running;

/// <summary>A configuration for the lab; each test says what is different. Values go into YAML as they are.</summary>
internal sealed record LabConfiguration
{
    public const string StoreName = "store.db";

    /// <summary>The longest period there is: it begins once in a year, so hardly ever between two polls of a test.</summary>
    public static readonly TimeSpan LongPeriod = TimeSpan.FromDays(366);

    public string Timeout { get; init; } = "366d";

    public string PollingShare { get; init; } = "0.8";

    public string Strategy { get; init; } = "direct";

    public string KeystoneUri { get; init; } = "http://127.0.0.1:5000";

    public string User { get; init; } = "meter-reader";

    public string Password { get; init; } = "secret";

    public string Scope { get; init; } = "system_scope: all";

    public string Domain { get; init; } = "default";

    public string RingDir { get; init; } = "/etc/swift";

    public string SwiftConf { get; init; } = "/etc/swift/swift.conf";

    public int Workers { get; init; } = 32;

    public int WorkersPerNode { get; init; } = 4;

    /// <summary>More lines for the section <c>swift</c>.</summary>
    public string[] Swift { get; init; } = [];

    public string Projects { get; init; } = "source: keystone";

    /// <summary>Meters to turn on or off, as in a YAML mapping.</summary>
    public string Meters { get; init; } = "";

    /// <summary>What is in <c>credentials.rabbit</c>, as in a YAML mapping; without it there is no such section.</summary>
    public string Rabbit { get; init; } = "";

    /// <summary>What is in <c>publish</c>, likewise.</summary>
    public string Publish { get; init; } = "";

    /// <summary>What is in <c>cluster</c>, likewise.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Where the store is, from the configuration's folder.</summary>
    public string StorePath { get; init; } = StoreName;

    /// <summary>More keys for the section <c>store</c>, as in a YAML mapping.</summary>
    public string Store { get; init; } = "";

    /// <summary>What is in <c>status</c>, as in a YAML mapping. The lab's proxy has the port that is the default.</summary>
    public string Status { get; init; } = "listen: 127.0.0.1:0";

    /// <summary>What is in <c>graphite</c>, likewise; without it there is no such section.</summary>
    public string Graphite { get; init; } = "";

    public string LogLevel { get; init; } = "info";

    public string ToYaml() => $$"""
        timeout: {{Timeout}}
        polling_share: {{PollingShare}}
        log_level: {{LogLevel}}
        workers: {{Workers}}
        strategy: {{Strategy}}
        credentials:
          openstack:
            keystone_uri: {{KeystoneUri}}
            swift_conso_user: {{User}}
            swift_conso_password: {{Password}}
            swift_conso_domain: {{Domain}}
            {{Scope}}
          {{Section("rabbit", Rabbit)}}
        {{Section("publish", Publish)}}
        swift:
          dir: {{RingDir}}
          conf: {{SwiftConf}}
          workers_per_node: {{WorkersPerNode}}
          {{string.Join("\n  ", Swift)}}
        projects: { {{Projects}} }
        meters: { {{Meters}} }
        store: { path: {{StorePath}}{{(Store.Length == 0 ? "" : $", {Store}")}} }
        status: { {{Status}} }
        {{Section("graphite", Graphite)}}
        {{Section("cluster", Cluster)}}

        """;

    private static string Section(string name, string content) => content.Length == 0 ? "" : $"{name}: {{ {content} }}";
}
