using Consometer.Scenarios.Running;
using Consometer.Tests.Packages;

namespace Consometer.Scenarios.Package;

/// <summary>
/// What the Dockerfile's first stage makes: its steps are done in order in a folder that has nothing but what they copy. That takes a
/// minute or more of all processors, so it is done once, and by the first test that asks.
/// </summary>
public sealed class PublishedProgram : IDisposable
{
    private static readonly TimeSpan BuildDeadline = TimeSpan.FromMinutes(20);

    /// <summary>No server of the build stays behind, in a folder that goes.</summary>
    private static readonly Dictionary<string, string> NoServers = new() { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" };

    private static readonly HashSet<string> Ignored = [.. File.ReadLines(Path.Combine(Repository.Root, ".dockerignore"))];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("consometer-published-");
    private Task? _made;

    /// <summary>Where the image takes it from.</summary>
    internal string Source => Path.Combine(_folder.FullName, "source");

    /// <summary>The tarball, unpacked as an operator does it: the one folder in it.</summary>
    internal string Unpacked => Assert.Single(Directory.GetDirectories(Path.Combine(_folder.FullName, "opt")));

    internal string Tarball => Assert.Single(Directory.GetFiles(Path.Combine(Source, "artifacts"), "consometer-*-linux-x64.tar.gz"));

    internal Task MadeAsync() => _made ??= MakeAsync();

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task MakeAsync()
    {
        Directory.CreateDirectory(Source);

        // Who is nobody in particular shall run the program, and the folder of a test is its user's alone.
        (await Programs.OtherAsync("chmod", ["0755", _folder.FullName])).Succeeded();
        var build = Dockerfile.Parse(File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile"))).Single(stage => stage.Name == "build");
        foreach (var step in build.Steps)
        {
            await DoAsync(step);
        }

        var opt = Directory.CreateDirectory(Path.Combine(_folder.FullName, "opt"));
        (await Programs.OtherAsync("tar", ["-xzf", Tarball, "-C", opt.FullName])).Succeeded();
    }

    private async Task DoAsync(DockerStep step)
    {
        switch (step.Instruction)
        {
            case "WORKDIR":
                break;
            case "COPY":
                foreach (var source in step.Sources)
                {
                    Copy(source, step.Destination);
                }

                break;
            case "RUN":
                var run = await Programs.OtherAsync("/bin/sh", ["-c", $"cd '{Source}' && {step.Arguments}"], environment: NoServers, deadline: BuildDeadline);
                Assert.True(run.ExitCode == 0, $"{step.Arguments} ended with {run.ExitCode}: {run.Output}{run.Errors}");
                break;
            default:
                throw new NotSupportedException($"a step {step.Instruction} in the Dockerfile's first stage");
        }
    }

    /// <summary>As Docker does: a folder's content goes into the destination, a file goes there if that ends in a slash.</summary>
    private void Copy(string source, string destination)
    {
        var from = Path.Combine(Repository.Root, source);
        var to = Path.Combine(Source, destination);
        if (File.Exists(from))
        {
            File.Copy(from, Path.Combine(to, Path.GetFileName(source)));
            return;
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => !IsIgnored(Path.GetRelativePath(Repository.Root, file))))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Of the patterns of <c>.dockerignore</c> those for folders of a name anywhere: others are of what no step copies.</summary>
    private static bool IsIgnored(string path) => path.Split('/').Any(part => Ignored.Contains($"**/{part}"));
}
