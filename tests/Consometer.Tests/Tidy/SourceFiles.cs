using System.Diagnostics;

namespace Consometer.Tests.Tidy;

/// <summary>A file of the repository that git knows of, or would if it were added.</summary>
internal sealed record SourceFile(string Path, string[] Lines)
{
    public string Text => string.Join('\n', Lines);

    public override string ToString() => Path;
}

/// <summary>The files that <see cref="TidyTests"/> look at.</summary>
internal static class SourceFiles
{
    private static readonly Lazy<string[]> Paths = new(List);

    /// <summary>The files with this ending; at least one, so that no test passes for want of something to look at.</summary>
    public static IReadOnlyList<SourceFile> Find(string ending, string folder = "")
    {
        SourceFile[] files =
        [
            .. Paths.Value.Where(path => path.EndsWith(ending, StringComparison.Ordinal) && path.StartsWith(folder, StringComparison.Ordinal))
                .Select(path => new SourceFile(path, File.ReadAllLines(Repository.Find(path)))),
        ];
        Assert.NotEmpty(files);
        return files;
    }

    /// <summary>A file that must be there.</summary>
    public static SourceFile Get(string path)
    {
        Assert.True(File.Exists(Repository.Find(path)), $"{path} is not there");
        return new SourceFile(path, File.ReadAllLines(Repository.Find(path)));
    }

    private static string[] List()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", Repository.Root, "ls-files", "--cached", "--others", "--exclude-standard"]) { RedirectStandardOutput = true })!;
        var files = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();

        // A copy of the sources without their git is looked at as it lies there.
        return git.ExitCode == 0
            ? [.. files.Where(path => File.Exists(Repository.Find(path)))]
            : [.. Directory.EnumerateFiles(Repository.Root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Repository.Root, path)).Where(path => !IsBuilt(path))];
    }

    private static bool IsBuilt(string path) => path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "artifacts" or ".git");
}
