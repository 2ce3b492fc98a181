using System.Runtime.CompilerServices;

namespace Consometer.Scenarios.Running;

/// <summary>The repository these tests were compiled in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The program under test, as the Release build leaves it.</summary>
    public static string Program => Path.Combine(Root, "src/Consometer/bin/Release/net10.0/consometer");

    public static string LabScript(string name) => Path.Combine(Root, "tests/lab", name);

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        var folder = new FileInfo(thisFile).Directory;
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Consometer.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException($"wanted the repository above {thisFile}, found no Consometer.slnx");
    }
}
