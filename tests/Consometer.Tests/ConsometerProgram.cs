using System.Diagnostics;
using System.Text;

namespace Consometer.Tests;

/// <summary>What a run of the program left behind.</summary>
internal sealed record Run(int ExitCode, string Output, string Error);

/// <summary>The built program, run as an operator runs it.</summary>
internal static class ConsometerProgram
{
    /// <summary>Built with these tests, so of the same configuration.</summary>
    public static string Path { get; } = Repository.Find(
        "src", "Consometer", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "consometer");

    public static Task<Run> RunAsync(params IReadOnlyList<string> arguments) => RunWithInputAsync([], arguments);

    /// <summary>Runs it until it has logged all of these, and ends it then; or until it ends by itself.</summary>
    public static async Task<Run> RunUntilAsync(string[] logged, params IReadOnlyList<string> arguments)
    {
        using var process = Start(arguments);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = new StringBuilder();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            while (!logged.All(text => error.ToString().Contains(text, StringComparison.Ordinal)) && await process.StandardError.ReadLineAsync(patience.Token) is { } line)
            {
                error.AppendLine(line);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"waited in vain for {string.Join(", ", logged)} in: {error}");
        }
        finally
        {
            process.Kill();
        }

        error.Append(await process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new Run(process.ExitCode, await output, error.ToString());
    }

    public static async Task<Run> RunWithInputAsync(byte[] input, params IReadOnlyList<string> arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input, which is its right.
        }

        await process.WaitForExitAsync();
        return new Run(process.ExitCode, await output, await error);
    }

    private static Process Start(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };

        // What the machine is configured with is none of the tests' business.
        foreach (var name in new[] { "SWIFT_REGION", "PERIOD", "WORKERS", "LOG_LEVEL", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY" })
        {
            start.Environment.Remove(name);
        }

        return Process.Start(start)!;
    }

    /// <summary>An operator's failure: this exit code, one line that says this, and nothing else anywhere.</summary>
    public static void AssertRefused(Run run, int exitCode, string line)
    {
        Assert.Equal((exitCode, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("consometer: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(run.Error.Length - 1, run.Error.IndexOf('\n', StringComparison.Ordinal));
        Assert.Contains(line, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }
}
