namespace Consometer.Tests;

/// <summary>A folder of one test's own.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("consometer-tests-").FullName;

    public string Find(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(Find(name), text);
        return Find(name);
    }

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(Find(name), bytes);
        return Find(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
