using System.Globalization;
using Consometer.Rings;
using Consometer.Scenarios.Running;
using Consometer.Simulation;

namespace Consometer.Benchmarks.Load;

/// <summary>
/// A folder with all that a round needs: a ring over nginx on four addresses, <c>swift.conf</c>, project ids, a configuration with a
/// broker that nobody is at, so that messages are made and stay in the outbox. And the requests of such a round, for others to send.
/// </summary>
internal sealed class LoadCluster : IDisposable
{
    public const int Nodes = 4;
    public const int WorkersPerNode = 4;
    public const int Connections = Nodes * WorkersPerNode;

    private const int PartPower = 18;
    private const int Replicas = 3;
    private const int Seed = 1;
    private const int WrkAccounts = 10_000;
    private const string HashPrefix = "load-prefix";
    private const string HashSuffix = "load-suffix";

    private readonly ConfigurationFolder _folder = new();

    public string Folder => _folder.Path;

    public string Store => _folder.Store;

    /// <summary>Every request of a round, in the order of the accounts: a line of <c>ip:port TAB path</c> each.</summary>
    public string Requests => Path.Combine(Folder, "requests.tsv");

    /// <summary>Some of them, which are answered with figures.</summary>
    public string Heads => Path.Combine(Folder, "heads.tsv");

    /// <summary>Writes the files.</summary>
    /// <param name="accounts">How many.</param>
    /// <param name="port">The port of all four addresses.</param>
    public static LoadCluster Make(int accounts, int port)
    {
        var cluster = new LoadCluster();
        var ring = cluster.WriteRing(port);
        cluster._folder.Write("swift.conf", $"[swift-hash]\nswift_hash_path_prefix = {HashPrefix}\nswift_hash_path_suffix = {HashSuffix}\n[storage-policy:0]\nname = gold\ndefault = yes\n[storage-policy:1]\nname = silver\n");
        cluster.WriteProjects(accounts, ring);
        cluster._folder.Write(new LabConfiguration
        {
            RingDir = cluster.Folder,
            SwiftConf = Path.Combine(cluster.Folder, "swift.conf"),
            WorkersPerNode = WorkersPerNode,
            Projects = "source: file, file: projects",
            Rabbit = "host: 127.0.0.1, port: 1, user: nobody, password: none",
        });
        return cluster;
    }

    public void Dispose() => _folder.Dispose();

    private RingTable WriteRing(int port)
    {
        Device[] devices = [.. Enumerable.Range(0, Nodes).Select(node => new Device(node, 1, 1 + node, Nginx.Address(node), port, Nginx.Address(node), port, Nginx.Device, 100, ""))];
        var path = Path.Combine(Folder, "account.ring.gz");
        RingPlan.Draw(devices, Replicas, PartPower, Seed).Write(path);
        return RingFile.Load(path).Table;
    }

    /// <summary>Ids as Keystone makes them. The first primary asked is another one for each partition, as in the program.</summary>
    private void WriteProjects(int accounts, RingTable ring)
    {
        var random = new Random(Seed);
        var id = new byte[16];
        var hashPath = new HashPath(HashPrefix, HashSuffix);
        using var projects = File.CreateText(Path.Combine(Folder, "projects"));
        using var requests = File.CreateText(Requests);
        using var heads = File.CreateText(Heads);
        for (var i = 0; i < accounts; i++)
        {
            random.NextBytes(id);
            var project = Convert.ToHexStringLower(id);
            projects.Write(project + "\n");

            var placement = ring.Locate(hashPath.Hash($"AUTH_{project}"));
            var primaries = placement.Primaries();
            var first = (int)(placement.Partition % (uint)primaries.Count);
            var isMissing = Nginx.IsMissing(primaries[first], project);
            requests.Write(Line(primaries[first], placement, project));
            if (isMissing)
            {
                requests.Write(Line(primaries[(first + 1) % primaries.Count], placement, project));
            }
            else if (i < WrkAccounts)
            {
                heads.Write(Line(primaries[first], placement, project));
            }
        }
    }

    private static string Line(Device device, Placement placement, string project) =>
        string.Create(CultureInfo.InvariantCulture, $"{device.Ip}:{device.Port}\t/{device.Name}/{placement.Partition}/AUTH_{project}\n");
}
