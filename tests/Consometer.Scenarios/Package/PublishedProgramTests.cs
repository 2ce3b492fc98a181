using System.Globalization;
using System.Text.RegularExpressions;
using Consometer.Scenarios.Running;
using Consometer.Tests.Packages;

namespace Consometer.Scenarios.Package;

/// <summary>The published program, on a host without .NET and in a container: as much of either as can be had here.</summary>
public sealed partial class PublishedProgramTests(PublishedProgram published) : IClassFixture<PublishedProgram>, IAsyncLifetime
{
    private static readonly DockerStage Image = Dockerfile.Parse(File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile")))[^1];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("consometer-host-");

    public async ValueTask InitializeAsync() => await published.MadeAsync();

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void The_image_has_the_program_and_the_library_beside_it_and_nothing_else()
    {
        var files = Directory.GetFiles(published.Source + Assert.Single(Image.Single("COPY").Sources)["/source".Length..]);

        Assert.Equal(["consometer", "libe_sqlite3.so"], files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_tarball_has_the_program_what_lands_beside_it_on_a_host_and_its_manual()
    {
        var listed = (await Programs.OtherAsync("tar", ["-tvzf", published.Tarball])).Succeeded().OutputLines
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(words => words[^1].TrimEnd('/'), words => (Mode: words[0], Owner: words[1]));
        var name = Path.GetFileName(published.Unpacked);
        var etc = Directory.GetFiles(Path.Combine(Repository.Root, "etc"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Repository.Root, file));

        Assert.Equal($"{name}-linux-x64.tar.gz", Path.GetFileName(published.Tarball));
        Assert.Equal(
            etc.Concat(["consometer", "libe_sqlite3.so", "README.md"]).Select(file => $"{name}/{file}").Order(StringComparer.Ordinal),
            listed.Where(entry => entry.Value.Mode[0] == '-').Select(entry => entry.Key).Order(StringComparer.Ordinal));
        Assert.All(listed, entry => Assert.Equal(
            (entry.Value.Mode[0] == 'd' ? "drwxr-xr-x" : entry.Key == $"{name}/consometer" ? "-rwxr-xr-x" : "-rw-r--r--", "0/0"), entry.Value));
    }

    [Fact]
    public async Task It_runs_where_there_is_no_NET_no_home_and_no_path()
    {
        var demo = await Programs.OtherAsync("/usr/bin/env", ["-i", "PATH=", Path.Combine(published.Unpacked, "consometer"), "demo", "--folder", In("demo")]);

        Assert.Contains("0 unknown; 882 samples", demo.Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal(["demo"], _folder.GetFileSystemInfos().Select(file => file.Name));
    }

    /// <summary>By a link, as it is on PATH: the library is beside the program, not beside the link.</summary>
    [Fact]
    public async Task It_is_the_version_of_its_tarball_by_a_link_too()
    {
        File.CreateSymbolicLink(In("consometer"), Path.Combine(published.Unpacked, "consometer"));
        var version = await Programs.OtherAsync(In("consometer"), ["--version"]);
        var demo = await Programs.OtherAsync(In("consometer"), ["demo", "--folder", In("demo")]);

        Assert.Equal($"consometer-{version.Succeeded().Output.Split('+')[0].Trim()}", Path.GetFileName(published.Unpacked));
        demo.Succeeded();
    }

    /// <summary>As in a container: the image's user, a root that nobody can write, and one folder that the user can.</summary>
    [Fact]
    public async Task It_needs_no_root_and_writes_nothing_but_its_own_folder()
    {
        var user = Image.Single("USER").Arguments.Split(':');
        (await Programs.OtherAsync("chmod", ["0777", _folder.FullName])).Succeeded();
        const string ReadOnlyRoot = """
            mount --bind "$1" "$1" && mount -o remount,bind,ro / || exit 77
            touch "$4"/touched 2>/dev/null && exit 77
            exec setpriv --reuid="$2" --regid="$3" --clear-groups env -i "$4/consometer" demo --folder "$1/demo"
            """;
        var demo = await Programs.OtherAsync("unshare", ["--mount", "--propagation", "private", "sh", "-c", ReadOnlyRoot, "sh", _folder.FullName, user[0], user[1], published.Unpacked]);

        Assert.SkipWhen(demo.ExitCode == ProgramRun.CannotRunHere || demo.Errors.StartsWith("unshare: ", StringComparison.Ordinal), $"no read-only root can be had here: {demo.Errors}");
        Assert.Contains("0 unknown", demo.Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("consometer.db", Directory.GetFiles(In("demo")).Select(Path.GetFileName));
    }

    /// <summary>The simulated cluster is gone by then, which the daemon bears.</summary>
    [Fact]
    public async Task The_image_s_health_check_finds_the_daemon_alive_and_one_that_has_ended_not()
    {
        var program = Path.Combine(published.Unpacked, "consometer");
        (await Programs.OtherAsync(program, ["demo", "--folder", In("demo")])).Succeeded();
        await using var daemon = RunningProgram.Start(program, ["run", "--config", In("demo")]);
        await Eventually.TrueAsync("the address that it listens at", () => Port().IsMatch(daemon.ErrorsSoFar) || daemon.HasEnded);
        var port = Port().Match(daemon.ErrorsSoFar).Value;

        Assert.Equal(0, (await CheckHealthAsync(port)).ExitCode);
        daemon.Terminate();
        Assert.Equal(0, (await daemon.WaitAsync(Programs.Deadline)).ExitCode);
        Assert.Equal(1, (await CheckHealthAsync(port)).ExitCode);
    }

    /// <summary>What systemd does not know it passes over with a warning; how exposed it finds a service goes from 0 to 10.</summary>
    [Fact]
    public async Task Systemd_understands_the_unit_and_finds_little_that_it_leaves_open()
    {
        const double ExposureMax = 2;
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "there is no systemd-analyze here");
        var unit = File.ReadAllText(Path.Combine(published.Unpacked, "etc/systemd/consometer.service"));
        Assert.Contains("/opt/consometer/consometer", unit, StringComparison.Ordinal);
        File.WriteAllText(In("consometer.service"), unit.Replace("/opt/consometer/consometer", Path.Combine(published.Unpacked, "consometer"), StringComparison.Ordinal));

        var verified = await Programs.OtherAsync("systemd-analyze", ["verify", In("consometer.service")]);
        Assert.DoesNotContain("consometer", verified.Succeeded().Errors, StringComparison.Ordinal);
        var security = await Programs.OtherAsync("systemd-analyze", ["security", "--offline=yes", "--no-pager", In("consometer.service")]);
        var exposure = security.Succeeded().OutputLines.Single(line => line.Contains("Overall exposure level", StringComparison.Ordinal)).Split(": ")[1].Split(' ')[0];
        Assert.InRange(double.Parse(exposure, CultureInfo.InvariantCulture), 0, ExposureMax);
    }

    private static Task<ProgramRun> CheckHealthAsync(string port)
    {
        var check = Image.Single("HEALTHCHECK").Command;
        return Programs.OtherAsync(check[0], check.Skip(1), environment: new Dictionary<string, string> { ["STATUS_PORT"] = port });
    }

    [GeneratedRegex(@"(?<=http://127\.0\.0\.1:)\d+")]
    private static partial Regex Port();

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
