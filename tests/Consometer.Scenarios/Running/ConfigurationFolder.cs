namespace Consometer.Scenarios.Running;

/// <summary>A folder for one test: its configuration, its store, its files. Gone with the test.</summary>
internal sealed class ConfigurationFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("consometer-scenario-");

    public string Path => _folder.FullName;

    /// <summary>Where <see cref="LabConfiguration"/> puts the store.</summary>
    public string Store => System.IO.Path.Combine(Path, LabConfiguration.StoreName);

    public void Write(LabConfiguration configuration) => Write("consometer.yaml", configuration.ToYaml());

    public void Write(RequestsConfiguration configuration) => Write("consometer.yaml", configuration.ToYaml());

    public void Write(string name, string text) => File.WriteAllText(System.IO.Path.Combine(Path, name), text);

    public void Dispose() => _folder.Delete(recursive: true);
}
