namespace Consometer.Tests;

/// <summary>The repository these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetDirectoryName(Fixtures.Root)!;

    public static string Find(params string[] parts) => Path.Combine([Root, .. parts]);
}
