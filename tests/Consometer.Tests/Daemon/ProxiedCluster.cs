using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Rounds;
using Consometer.Metering.Samples;
using Consometer.Simulation;

namespace Consometer.Tests.Daemon;

/// <summary>What a round made: its report, its samples and remarks.</summary>
internal sealed record MadeRound(RoundReport Report, string[] Samples, IReadOnlyDictionary<string, string> Unknown);

/// <summary>Rounds over a simulated cluster by whichever strategy.</summary>
internal static class ProxiedCluster
{
    private static readonly RoundTime Time = RoundTime.At(DateTimeOffset.UnixEpoch, TimeSpan.FromHours(1));

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    /// <summary>The configuration of somebody whom the proxy lets see every account.</summary>
    /// <param name="cluster">The cluster; its Keystone tells of its proxy from now on.</param>
    /// <param name="strategy">As in the file; null for none.</param>
    /// <param name="more">Lines of the configuration.</param>
    /// <param name="scope">Lines of who logs in where.</param>
    public static ConsometerOptions Options(SimulatedCluster cluster, string? strategy, string more = "", string? scope = null)
    {
        cluster.ObjectStoreUrl = $"{cluster.Proxy.Uri.AbsoluteUri}v1/AUTH_%(project_id)s";
        var file = Path.Combine(cluster.Folder, "consometer.yaml");
        scope ??= Scope(cluster.KeystoneAdmin, cluster.KeystoneAdminPassword, "swift_conso_tenant: service");
        File.WriteAllText(
            file,
            $$"""
            {{(strategy is null ? "" : $"strategy: {strategy}")}}
            credentials: { openstack: { keystone_uri: "{{cluster.KeystoneUri}}", {{scope}} } }
            {{(strategy is "direct" or "auto" ? "swift: { dir: ., conf: swift.conf }" : "")}}
            store: { path: consometer.db }
            {{more}}
            """);
        return ConfigurationFile.Load(file, _ => null);
    }

    public static string Scope(string user, string password, string scope) => $"swift_conso_user: {user}, swift_conso_password: {password}, {scope}";

    /// <summary>A round over every project, or over these.</summary>
    public static async Task<MadeRound> RoundAsync(ConsometerOptions options, TimeProvider? clock = null, IEnumerable<string>? projects = null)
    {
        using var cluster = Cluster.Open(options, clock ?? TimeProvider.System);
        using var store = SampleStore.OpenTemporary();
        using var entry = store.BeginRound(Time, options.Region);
        var accounts = projects is null ? cluster.AccountsAsync(new HashSet<string>(), known: null, Stopping) : cluster.AccountsOf(projects).ToAsyncEnumerable();
        var report = await StoredRound.RunAsync(cluster, entry, accounts, progress: null, Stopping);
        return new MadeRound(report, [.. entry.Samples().Select(Show).Order(StringComparer.Ordinal)], entry.Unknown().ToDictionary(remark => remark.Account, remark => remark.Replicas));
    }

    /// <summary>With every meter.</summary>
    public static ConsometerOptions Whole(this ConsometerOptions options) => options with { Meters = MeterCatalogue.All };

    private static string Show(Sample sample) => $"{sample.ResourceId} {sample.StoragePolicy} {sample.Meter.Name} {sample.Volume} {sample.MessageId} {sample.ProjectId}";
}
