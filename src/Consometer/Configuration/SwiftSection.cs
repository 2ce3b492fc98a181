using Consometer.Metering.Polling;
using Consometer.Swift.Accounts;

namespace Consometer.Configuration;

/// <summary>The section <c>swift</c>: where the cluster is described, and how its account-servers are asked.</summary>
internal static class SwiftSection
{
    /// <summary>More requests at once than any machine has use for.</summary>
    public const int WorkersMax = 4096;

    private const int FailuresMax = 1_000_000;
    private const double RequestsPerSecondMax = 1_000_000;

    private static readonly TimeSpan TimeoutMin = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan TimeoutMax = TimeSpan.FromHours(1);

    public static SwiftOptions Read(YamlSection swift, string folder, Strategy strategy)
    {
        var dir = ConfigurationFile.Under(folder, swift.Text("dir") ?? "/etc/swift");
        var options = new SwiftOptions
        {
            RingPath = Path.Combine(dir, "account.ring.gz"),
            ConfPath = ConfigurationFile.Under(folder, swift.Text("conf") ?? "/etc/swift/swift.conf"),
            ResellerPrefixes = ReadPrefixes(swift),
            Servers = new AccountServerOptions(
                swift.Choice("network", Network.Client, new Dictionary<string, Network> { ["client"] = Network.Client, ["replication"] = Network.Replication }),
                swift.Span("conn_timeout", TimeoutMin, TimeoutMax, TimeSpan.FromMilliseconds(500)),
                swift.Span("node_timeout", TimeoutMin, TimeoutMax, TimeSpan.FromSeconds(10))),
            WorkersPerNode = swift.Number("workers_per_node", 1, WorkersMax, 4),
            RequestsPerSecond = swift.Fraction("requests_per_second", 0, RequestsPerSecondMax, 0),
            Suppression = new SuppressionOptions(
                swift.Number("error_suppression_limit", 1, FailuresMax, SuppressionOptions.Default.Limit),
                swift.Span("error_suppression_interval", TimeoutMin, TimeoutMax, SuppressionOptions.Default.Interval)),
            AllReplicas = swift.Choice("replicas", false, new Dictionary<string, bool> { ["one"] = false, ["all"] = true }),
            Affinity = ReadAffinityOf(swift),
            IsLocal = swift.Choice("scope", false, new Dictionary<string, bool> { ["all"] = false, ["local"] = true }),
            RingIp = swift.Text("ring_ip"),
            AbsentIsZero = swift.Choice("absent_accounts", true, new Dictionary<string, bool> { ["zero"] = true, ["skip"] = false }),
        };
        if (strategy == Strategy.Proxy)
        {
            RequireServers(swift, options);
        }

        return options;
    }

    /// <summary>What only account-servers, or the ring, can give is a fault where neither is asked: passed over, it would give other figures.</summary>
    private static void RequireServers(YamlSection swift, SwiftOptions options)
    {
        (string Key, bool IsWanted, string Default, string Found)[] needs =
        [
            ("scope", options.IsLocal, "all", "local"),
            ("replicas", options.AllReplicas, "one", "all"),
            ("read_affinity", options.Affinity != ReadAffinity.None, "none", "one"),
        ];
        foreach (var (key, _, absent, found) in needs.Where(need => need.IsWanted))
        {
            swift.Fault(key, $"{absent}, since strategy is proxy and this needs the ring (strategy: direct or auto)", found);
        }
    }

    private static string[] ReadPrefixes(YamlSection swift)
    {
        string[] prefixes = [.. swift.List("reseller_prefix", ["AUTH_"]).Select(prefix => prefix.Length == 0 || prefix.EndsWith('_') ? prefix : prefix + "_").Distinct()];
        if (prefixes.Length == 0)
        {
            swift.Fault("reseller_prefix", "at least one", "none");
        }
        else if (prefixes.IndexOf("") > 0)
        {
            // The resource is the project under the first prefix, the account under the others: two accounts would share one.
            swift.Fault("reseller_prefix", "an empty prefix first", $"it after \"{prefixes[0]}\"");
        }

        return prefixes;
    }

    private static ReadAffinity ReadAffinityOf(YamlSection swift)
    {
        var text = swift.Text("read_affinity") ?? "";
        if (ReadAffinity.Parse(text) is { } affinity)
        {
            return affinity;
        }

        swift.Fault("read_affinity", "regions and zones with a number each, such as r1z1=100, r1=200", $"\"{text}\"");
        return ReadAffinity.None;
    }
}
