using System.Text.Json;
using Consometer.Benchmarks.Load;

/// <summary>
/// Runs inside the program that is measured, before its first line (<c>DOTNET_STARTUP_HOOKS</c>; the runtime wants this name and no
/// namespace), and writes what the program has taken when it ends. So the built program is what is measured, and it knows nothing of it.
/// </summary>
internal static class StartupHook
{
    /// <summary>Names the file.</summary>
    public const string Variable = "CONSOMETER_PROCESS_FIGURES";

    public static void Initialize()
    {
        var file = Environment.GetEnvironmentVariable(Variable)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.WriteAllText(file, JsonSerializer.Serialize(ProcessFigures.OfThisProcess()));
    }
}
