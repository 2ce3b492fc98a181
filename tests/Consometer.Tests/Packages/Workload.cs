using Consometer.Configuration;

namespace Consometer.Tests.Packages;

/// <summary>A file of <c>etc/kubernetes</c>: what runs, and what it is given.</summary>
internal sealed class Workload
{
    private readonly YamlTree[] _documents;

    private Workload(YamlTree[] documents) => _documents = documents;

    /// <summary>The Deployment or DaemonSet.</summary>
    public YamlTree Controller => _documents.Single(document => document["kind"].Text is "Deployment" or "DaemonSet");

    public YamlTree Template => Controller["spec"]["template"];

    public YamlTree Pod => Template["spec"];

    public YamlTree Container => Assert.Single(Pod["containers"].Items);

    /// <summary>What the configuration in its secret comes to, read by the program.</summary>
    public ConsometerOptions Configuration
    {
        get
        {
            using var folder = new TempFolder();
            folder.Write(ConfigurationFile.Name, Kind("Secret")["stringData"][ConfigurationFile.Name].Text);
            return ConfigurationFile.Load(folder.Path, _ => null);
        }
    }

    public static Workload Load(string file) => new(YamlTree.Load("etc", "kubernetes", file));

    public YamlTree Kind(string kind) => _documents.Single(document => document["kind"].Text == kind);

    /// <summary>The mount that a file of the container is on, and the volume there.</summary>
    public (YamlTree Mount, YamlTree Volume) MountOf(string file)
    {
        var mount = Assert.Single(Container["volumeMounts"].Items, mount => file.StartsWith(mount["mountPath"].Text + "/", StringComparison.Ordinal));
        return (mount, Assert.Single(Pod["volumes"].Items, volume => volume["name"].Text == mount["name"].Text));
    }
}
