using Consometer.Cli;

namespace Consometer;

/// <summary>Runs a command. An operator's failure is one line and an exit code; anything else unexpected is a defect.</summary>
internal static class Program
{
    /// <summary>SIGTERM stops a round between two requests; more time than that is a defect, and the process is ended.</summary>
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(10);

    private static async Task<int> Main(string[] args)
    {
        var parsed = ConsometerCommand.Make().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"consometer: {error.Message}");
            }

            return ExitCode.Configuration;
        }

        try
        {
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TerminationTimeout });
        }
        catch (Exception e) when (OperatorFailure.ExitCodeOf(e) is { } code)
        {
            foreach (var line in OperatorFailure.LinesOf(e))
            {
                await Console.Error.WriteLineAsync($"consometer: {line}");
            }

            return code;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("consometer: stopped");
            return ExitCode.Done;
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync($"consometer: this is a defect of consometer, please report it: {e}");
            return ExitCode.Defect;
        }
    }
}
