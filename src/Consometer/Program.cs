using System.Runtime.InteropServices;
using Consometer.Cli;

namespace Consometer;

/// <summary>Runs a command. An operator's failure is one line and an exit code; anything else unexpected is a defect.</summary>
internal static class Program
{
    /// <summary>.NET reads it with the first socket, and can be told in no other way. With another value in the environment it is as .NET has it.</summary>
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private static async Task<int> Main(string[] args)
    {
        // What an answer leads to is done by the thread that sees it arrive: to hand each of a million to another costs a sixth of a round. So nothing that blocks, as
        // the store does, may follow upon an answer unless another thread goes on (a channel, Task.Yield), or other answers are waited for in vain.
        Environment.SetEnvironmentVariable(InlineCompletions, Environment.GetEnvironmentVariable(InlineCompletions) ?? "1");

        var parsed = ConsometerCommand.Make().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            // A word that is no command counts as a missing command too, and is told last.
            Tell(string.Join(' ', parsed.Errors[^1].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
            return ExitCode.Configuration;
        }

        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
        }
        catch (Exception e) when (OperatorFailure.ExitCodeOf(e) is { } code)
        {
            OperatorFailure.LinesOf(e).ToList().ForEach(Tell);
            return code;
        }
        catch (IOException e)
        {
            // Every file has its own failure by now; what is left is the output.
            Tell($"the output cannot be written: {e.Message}");
            return ExitCode.Service;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Tell("stopped before it was done");
            return ExitCode.Interrupted;
        }
        catch (Exception e)
        {
            Tell($"this is a defect of consometer, please report it: {e}");
            return ExitCode.Defect;
        }

        // The first signal ends a round between two requests. Who sends a second one does not want to wait for that.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }

    private static void Tell(string line) => Console.Error.WriteLine($"consometer: {line}");
}
