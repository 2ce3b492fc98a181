using System.Globalization;
using System.Text.Json.Nodes;
using Consometer.Benchmarks.Lab;
using Consometer.Scenarios.Running;
using Consometer.Simulation;

namespace Consometer.Benchmarks.Slow;

/// <summary>
/// A node that is ten times slower than the others, against the time that its own share takes: the accounts that no other node can answer
/// for, at so many requests at once as a node may have. A round can be no shorter, and should not be much longer.
/// </summary>
internal static class SlowNodeBenchmark
{
    private const int Accounts = 800;
    private const int WorkersPerNode = 4;
    private const int Repetitions = 3;
    private const int OwnAccounts = 300;
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan SlowLatency = 10 * Latency;

    public static async Task<JsonNode?> RunAsync()
    {
        using var folder = new ConfigurationFolder();
        await using var cluster = await SimulatedCluster.StartAsync(
            new SimulationPlan { Accounts = Accounts, AbsentShare = 0, DeletedShare = 0 }, folder.Path, CancellationToken.None);
        folder.Write("projects", string.Concat(cluster.Accounts.Select(account => account.ProjectId + "\n")));
        foreach (var node in cluster.Nodes)
        {
            node.Fault = NodeFault.Slow(node == SlowNode(cluster) ? SlowLatency : Latency);
        }

        Console.WriteLine($"slow: {Accounts} accounts, 3 replicas on {cluster.Nodes.Count} nodes, one of {SlowLatency.TotalMilliseconds} ms and the others of {Latency.TotalMilliseconds} ms, {WorkersPerNode} requests at once at each");
        Console.WriteLine("                                            own share  takes s  round s   ratio   asked of it");
        return new JsonObject
        {
            // In this order: what is lost is lost to those after it. With all replicas, every account that it has needs its word.
            ["all_replicas"] = await MeasureAsync(folder, cluster, "replicas: all, what it has", "replicas: all", OnSlowNode(cluster).Count()),
            ["none_of_its_own"] = await MeasureAsync(folder, cluster, "replicas: one, nothing lost elsewhere", "replicas: one", own: 0),
            ["lost_elsewhere"] = await MeasureAsync(folder, cluster, "replicas: one, lost on the other nodes", "replicas: one", LoseElsewhere(cluster)),
        };
    }

    private static SimulatedNode SlowNode(SimulatedCluster cluster) => cluster.Nodes[0];

    private static IEnumerable<SimulatedAccount> OnSlowNode(SimulatedCluster cluster) =>
        cluster.Accounts.Where(account => cluster.Locate(account.Account).Primaries().Any(device => SlowNode(cluster).Devices.Contains(device)));

    /// <summary>Takes some of its accounts from all other nodes.</summary>
    /// <returns>How many.</returns>
    private static int LoseElsewhere(SimulatedCluster cluster)
    {
        foreach (var account in OnSlowNode(cluster).Take(OwnAccounts))
        {
            foreach (var device in cluster.Locate(account.Account).Primaries().Where(device => !SlowNode(cluster).Devices.Contains(device)))
            {
                cluster.Remove(account.Account, device);
            }
        }

        return OwnAccounts;
    }

    /// <param name="own">How many accounts no other node can answer for.</param>
    private static async Task<JsonObject> MeasureAsync(ConfigurationFolder folder, SimulatedCluster cluster, string name, string replicas, int own)
    {
        folder.Write(new LabConfiguration
        {
            RingDir = cluster.Folder,
            SwiftConf = cluster.SwiftConfPath,
            WorkersPerNode = WorkersPerNode,
            Swift = [replicas],
            Projects = "source: file, file: projects",
        });
        var share = own * SlowLatency.TotalSeconds / WorkersPerNode;
        var rounds = new List<StoredReport>();
        for (var i = 0; i < Repetitions; i++)
        {
            File.Delete(folder.Store);
            (await Programs.ConsometerAsync(["poll", "--config", folder.Path, "--format", "ndjson"])).Succeeded();
            rounds.Add(StoredReport.Last(folder.Store));
        }

        var median = rounds.OrderBy(round => round.Seconds).ElementAt(Repetitions / 2);
        var asked = median.Nodes.Single(node => node.Node == string.Create(CultureInfo.InvariantCulture, $"{SlowNode(cluster).Ip}:{SlowNode(cluster).Port}")).Requests;
        var ratio = own == 0 ? "-" : (median.Seconds / share).ToString("0.00", CultureInfo.InvariantCulture);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-40} {own,10} {share,8:0.00} {median.Seconds,8:0.00} {ratio,7} {asked,13}"));
        return new JsonObject { ["own_accounts"] = own, ["own_seconds"] = share, ["seconds"] = median.Seconds, ["ratio"] = own == 0 ? null : median.Seconds / share, ["asked"] = asked };
    }
}
