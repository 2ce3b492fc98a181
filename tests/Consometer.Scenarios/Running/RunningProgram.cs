using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Consometer.Scenarios.Running;

/// <summary>A program under way. Both its outputs are read from the start, so it never waits for us.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    /// <summary>What a developer's shell may have, and must not decide a test: the program's own variables, and proxies.</summary>
    private static readonly string[] NotInherited =
    [
        "SWIFT_REGION", "PERIOD", "WORKERS", "LOG_LEVEL",
        "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
    ];

    private readonly Process _process;
    private readonly string _name;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;
    private readonly StringBuilder _errorsRead = new();

    private RunningProgram(Process process, string name)
    {
        _process = process;
        _name = name;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = ReadErrorsAsync();
    }

    /// <param name="file">The program's file, or its name on PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">Its standard input; empty if null.</param>
    /// <param name="environment">Variables over those of this process.</param>
    public static RunningProgram Start(
        string file, IEnumerable<string> arguments, string? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var name in start.Environment.Keys.Where(name => NotInherited.Contains(name) || name.StartsWith("OS_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        var running = new RunningProgram(process, $"{Path.GetFileName(file)} {string.Join(' ', start.ArgumentList)}");
        _ = FeedAsync(process.StandardInput, input ?? "");
        return running;
    }

    /// <summary>
    /// <c>consometer run</c>, with the signals that an init system leaves it: whoever runs the tests may have SIGHUP ignored, by nohup say, and
    /// what is ignored a program inherits.
    /// </summary>
    /// <param name="arguments">Its arguments after <c>run</c>.</param>
    public static RunningProgram StartDaemon(params IEnumerable<string> arguments) => Start("env", ["--default-signal=HUP", Repository.Program, "run", .. arguments]);

    /// <summary>What it has written to standard error so far.</summary>
    public string ErrorsSoFar
    {
        get
        {
            lock (_errorsRead)
            {
                return _errorsRead.ToString();
            }
        }
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>The memory that it takes now, with what it shares; 0 when it has ended.</summary>
    public long ResidentBytes()
    {
        _process.Refresh();
        return _process.HasExited ? 0 : _process.WorkingSet64;
    }

    /// <summary>The most memory that it has taken so far, with what it shares; 0 when it has ended.</summary>
    public long PeakBytes()
    {
        _process.Refresh();
        return _process.HasExited ? 0 : _process.PeakWorkingSet64;
    }

    /// <summary>What it has taken of the processors so far, in the system too; nothing when it has ended.</summary>
    public TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.HasExited ? TimeSpan.Zero : _process.TotalProcessorTime;
    }

    /// <summary>Ends the program as a crash would: SIGKILL, which it does not see come.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks the program to end, as an init system does.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Has a daemon read its configuration again.</summary>
    public void Reload() => Signal("HUP");

    /// <summary>Waits for the end of the program and of its outputs.</summary>
    /// <exception cref="TimeoutException">It had not ended after so long, and was killed.</exception>
    public async Task<ProgramRun> WaitAsync(TimeSpan deadline)
    {
        try
        {
            await Task.WhenAll(_process.WaitForExitAsync(), _output, _errors).WaitAsync(deadline);
        }
        catch (TimeoutException e)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{_name}: wanted its end within {deadline}, found it running. Standard error: {await _errors}", e);
        }

        return new ProgramRun(_process.ExitCode, await _output, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Signal(string name)
    {
        // .NET has no way to send a signal; every shell has.
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{name} {_process.Id}")]);
        kill.WaitForExit();
    }

    private async Task<string> ReadErrorsAsync()
    {
        var read = new char[1 << 12];
        while (await _process.StandardError.ReadAsync(read) is var length and > 0)
        {
            lock (_errorsRead)
            {
                _errorsRead.Append(read, 0, length);
            }
        }

        return ErrorsSoFar;
    }

    private static async Task FeedAsync(StreamWriter standardInput, string input)
    {
        try
        {
            await using (standardInput)
            {
                await standardInput.WriteAsync(input);
            }
        }
        catch (IOException)
        {
            // The program ended without reading it all: whether that was right shows in its exit code.
        }
    }
}
