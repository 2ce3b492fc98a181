using Consometer.Configuration;
using Consometer.Simulation;

namespace Consometer.Tests.Daemon;

/// <summary>The configuration an operator would write for a simulated cluster.</summary>
internal static class ConfiguredCluster
{
    public static ConsometerOptions Options(SimulatedCluster cluster, string period = "1h", string nodeTimeout = "10s")
    {
        var file = Path.Combine(cluster.Folder, "consometer.yaml");
        File.WriteAllText(
            file,
            $$"""
            timeout: {{period}}
            credentials:
              openstack:
                keystone_uri: {{cluster.KeystoneUri}}
                swift_conso_user: {{cluster.KeystoneUser}}
                swift_conso_password: {{cluster.KeystonePassword}}
                system_scope: all
            swift: { dir: ., conf: swift.conf, node_timeout: {{nodeTimeout}} }
            store: { path: consometer.db }
            status: { listen: 127.0.0.1:0 }
            """);
        return ConfigurationFile.Load(file, _ => null);
    }
}
