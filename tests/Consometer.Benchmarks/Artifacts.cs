using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks;

/// <summary>What the build leaves: the program as operators have it, and the folder for figures and charts.</summary>
internal static class Artifacts
{
    /// <summary>The published program, which <c>./build.sh publish</c> makes: one that compiles as it goes is nobody's daemon.</summary>
    /// <exception cref="InvalidOperationException">It has not been made.</exception>
    public static string Program => File.Exists(Published) ? Published : throw new InvalidOperationException($"wanted {Published}, found none: ./build.sh publish makes it");

    public static string Folder { get; } = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "bench")).FullName;

    private static string Published => Path.Combine(Repository.Root, "artifacts/linux-x64/consometer");
}
