using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Consometer.Cli;
using Consometer.Status;
using Consometer.Tests.Configuration;

namespace Consometer.Tests.Packages;

/// <summary>The Dockerfile against the repository and the program. Its build steps run in a scenario.</summary>
public sealed class DockerfileTests
{
    private static readonly IReadOnlyList<DockerStage> Stages = Dockerfile.Parse(File.ReadAllText(Repository.Find("Dockerfile")));
    private static readonly DockerStage Build = Stages.Single(stage => stage.Name == "build");
    private static readonly DockerStage Image = Stages[^1];

    [Fact]
    public void Everything_it_copies_is_there()
    {
        var sources = Build.Of("COPY").SelectMany(copy => copy.Sources).ToArray();

        Assert.True(sources.Length > 5);
        Assert.All(sources, source => Assert.True(Path.Exists(Repository.Find(source)), $"there is no {source}"));
        Assert.Equal("/source/artifacts/linux-x64/", Assert.Single(Image.Single("COPY").Sources));
        Assert.Equal("build", Image.Single("COPY").From);
    }

    [Fact]
    public void What_a_build_leaves_in_the_repository_is_not_copied() =>
        Assert.Superset(new HashSet<string> { "**/bin", "**/obj", "artifacts", ".git" }, File.ReadLines(Repository.Find(".dockerignore")).ToHashSet());

    [Fact]
    public void It_builds_with_the_SDK_that_the_repository_wants_by_a_target_that_there_is()
    {
        using var sdk = JsonDocument.Parse(File.ReadAllText(Repository.Find("global.json")));
        var version = Version.Parse(sdk.RootElement.GetProperty("sdk").GetProperty("version").GetString()!).ToString(2);

        Assert.EndsWith($"/sdk:{version}", Build.Base, StringComparison.Ordinal);
        Assert.EndsWith($"/runtime-deps:{version}", Image.Base, StringComparison.Ordinal);
        Assert.Equal("./build.sh publish", Build.Single("RUN").Arguments);
        Assert.Contains("Task(\"Publish\")", File.ReadAllText(Repository.Find("build.cake")), StringComparison.Ordinal);
    }

    [Fact]
    public void It_runs_the_daemon_as_nobody_in_particular_with_the_store_in_a_volume()
    {
        var program = Assert.Single(Image.Single("ENTRYPOINT").Command);
        var (uid, gid) = ImageUser();
        var options = ConfigurationText.Load(ConfigurationText.Least);

        Assert.Empty(Image.Of("CMD"));
        Assert.Empty(ConsometerCommand.Make().Parse([]).Errors);
        Assert.Contains($"{Image.Single("COPY").Destination}consometer {program}", Image.Single("RUN").Arguments, StringComparison.Ordinal);
        Assert.True(uid > 0 && gid > 0);
        Assert.Equal(Path.GetDirectoryName(options.StorePath), Image.Single("VOLUME").Arguments);
        Assert.Contains($"install -d -o {uid} -g {gid} -m 0750 {Image.Single("VOLUME").Arguments}", Image.Single("RUN").Arguments, StringComparison.Ordinal);
        Assert.Equal(options.Status.Listen!.Port.ToString(CultureInfo.InvariantCulture), Image.Single("EXPOSE").Arguments);
    }

    [Theory]
    [InlineData("200 OK", 0)]
    [InlineData("503 Service Unavailable", 1)]
    public async Task The_health_check_is_the_daemon_s_own_word(string status, int exitCode)
    {
        await using var daemon = ScriptedServer.Start(_ => Reply.Cut($"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok"));

        Assert.Equal(exitCode, await CheckHealthAsync(daemon.Port));
        Assert.Equal($"GET {StatusPaths.Health} HTTP/1.0", Assert.Single(daemon.Requests).Line);
    }

    [Fact]
    public async Task Where_nothing_listens_there_is_no_health()
    {
        const int NobodysPort = 1;

        Assert.Equal(1, await CheckHealthAsync(NobodysPort));
        Assert.Contains($"STATUS_PORT:-{Image.Single("EXPOSE").Arguments}", Image.Single("HEALTHCHECK").Arguments, StringComparison.Ordinal);
    }

    /// <summary>The user that the image runs as.</summary>
    internal static (int Uid, int Gid) ImageUser()
    {
        var ids = Image.Single("USER").Arguments.Split(':').Select(id => int.Parse(id, CultureInfo.InvariantCulture)).ToArray();
        return (ids[0], ids[1]);
    }

    private static async Task<int> CheckHealthAsync(int port)
    {
        var check = Image.Single("HEALTHCHECK").Command;
        var start = new ProcessStartInfo(check[0], check.Skip(1)) { RedirectStandardError = true };
        start.Environment["STATUS_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
