using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks;

/// <summary>Where figures and charts are left.</summary>
internal static class Artifacts
{
    public static string Folder { get; } = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "bench")).FullName;
}
