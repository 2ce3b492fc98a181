using System.Security.Cryptography;
using System.Text;
using Consometer.Rings;

namespace Consometer.Simulation;

/// <summary>The cluster's devices, and the two files that tell clients of them.</summary>
internal static class ClusterFiles
{
    public const string Ring = "account.ring.gz";
    public const string SwiftConf = "swift.conf";

    /// <summary>Gives every node its port and its devices. All nodes name their devices alike, as real ones do.</summary>
    public static void Mount(SimulationPlan plan, SimulatedNode[] nodes, IReadOnlyList<int> ports)
    {
        for (var i = 0; i < nodes.Length; i++)
        {
            var (node, zone, port) = (nodes[i], 1 + (i % plan.Zones), ports[i]);
            var firstId = i * plan.DevicesPerNode;
            node.Port = port;
            node.Mount([.. Enumerable.Range(0, plan.DevicesPerNode).Select(
                device => new Device(firstId + device, 1, zone, node.Ip, port, node.Ip, port, $"d{1 + device}", 100, ""))]);
        }
    }

    public static void Write(SimulationPlan plan, IReadOnlyList<SimulatedNode> nodes, string folder)
    {
        Directory.CreateDirectory(folder);
        Device[] devices = [.. nodes.SelectMany(node => node.Devices)];
        RingPlan.Draw(devices, plan.Replicas, plan.PartPower, plan.Seed).Write(Path.Combine(folder, Ring));
        File.WriteAllText(
            Path.Combine(folder, SwiftConf),
            $"""
            [swift-hash]
            swift_hash_path_prefix = {Escape(plan.HashPrefix)}
            swift_hash_path_suffix = {Escape(plan.HashSuffix)}

            [storage-policy:0]
            name = {AccountDraw.Gold}
            default = yes

            [storage-policy:1]
            name = {AccountDraw.Silver}

            """.ReplaceLineEndings("\n"),
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    /// <summary>Gives every node the MD5s of both files, as if it had copies of its own.</summary>
    public static void Distribute(IReadOnlyList<SimulatedNode> nodes, string folder)
    {
        foreach (var node in nodes)
        {
            node.RingMd5s = Md5ByPath(Path.Combine(folder, Ring));
            node.SwiftConfMd5s = Md5ByPath(Path.Combine(folder, SwiftConf));
        }
    }

    private static Dictionary<string, string?> Md5ByPath(string path) =>
        new() { [path] = Convert.ToHexStringLower(MD5.HashData(File.ReadAllBytes(path))) };

    /// <summary>Python's ConfigParser takes a percent sign for the start of a reference unless there are two.</summary>
    private static string Escape(string value) => value.Replace("%", "%%", StringComparison.Ordinal);
}
