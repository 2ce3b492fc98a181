using System.Runtime.CompilerServices;

namespace Consometer.Tests;

/// <summary>The files of <c>fixtures/</c>, found from where this source file stands.</summary>
internal static class Fixtures
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "..", "..", "fixtures"));

    public static string Find(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
