using System.Text.RegularExpressions;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Delivery;

/// <summary><c>consometer run</c>, until disposed.</summary>
internal sealed partial class Daemon : IAsyncDisposable
{
    private const int LinesTold = 40;

    private readonly RunningProgram _program;

    private Daemon(RunningProgram program) => _program = program;

    /// <summary>The lines of its log so far.</summary>
    public string[] Log => LinesOf(_program.ErrorsSoFar);

    public bool HasEnded => _program.HasEnded;

    public static Daemon Start(ConfigurationFolder folder, params string[] more) =>
        new(RunningProgram.StartDaemon(["--config", folder.Path, .. more]));

    /// <summary>As root without the right to write where the mode does not allow it.</summary>
    public static Daemon StartBoundByModes(ConfigurationFolder folder) => new(RunningProgram.Start(
        "setpriv", ["--bounding-set", "-dac_override", "--inh-caps", "-dac_override", Repository.Program, "run", "--config", folder.Path]));

    /// <summary>Until its log has so many lines with this in them.</summary>
    public Task SaysAsync(string text, int times = 1) => Eventually.TrueAsync($"\"{text}\" in the log, {times} times", () =>
    {
        var log = _program.ErrorsSoFar;
        Assert.False(_program.HasEnded, $"wanted a daemon that lives, found its end: {log}");
        return LinesOf(log).Count(line => line.Contains(text, StringComparison.Ordinal)) >= times;
    });

    public Task KillAsync() => _program.KillAsync();

    /// <summary>SIGHUP.</summary>
    public void Reload() => _program.Reload();

    /// <summary>SIGTERM, and a good end.</summary>
    /// <param name="within">How long it may take; long, if nothing is said.</param>
    /// <returns>Its log; each entry is a line of its own.</returns>
    public async Task<string[]> StopAsync(TimeSpan? within = null)
    {
        _program.Terminate();
        var run = await _program.WaitAsync(within ?? Programs.Deadline);
        Assert.True(run.ExitCode == 0, $"wanted exit code 0, found {run.ExitCode}: {run.Errors}");
        Assert.All(run.ErrorLines, line => Assert.Matches(Entry(), line));
        return run.ErrorLines;
    }

    /// <summary>Ends it, if it has not ended; the end of its log is told with a test that failed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"The daemon said at last:\n{string.Join('\n', Log.TakeLast(LinesTold))}");
    }

    private static string[] LinesOf(string log) => log.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S* (DBUG|INFO|WARN|EROR) \d{4} \S")]
    private static partial Regex Entry();
}
