using System.Text.Json.Nodes;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks.Tasks;

/// <summary>Rounds that are shared over a RabbitMQ: what more daemons gain, and what a million accounts as tasks take.</summary>
internal static class TasksBenchmark
{
    /// <summary>Does one of both alone, for trying something out: <c>CONSOMETER_SHARED=scaling</c> or <c>many</c>.</summary>
    private const string PartVariable = "CONSOMETER_SHARED";

    public static async Task<JsonNode?> RunAsync()
    {
        var install = await Programs.LabAsync("install", "load");
        if (install.ExitCode == ProgramRun.CannotRunHere)
        {
            Console.WriteLine($"shared: not run: {install.Errors.Trim()}");
            return null;
        }

        install.Succeeded();
        await using var broker = await OwnBroker.StartAsync("shared");
        if (broker is null)
        {
            return null;
        }

        var part = Environment.GetEnvironmentVariable(PartVariable);
        var figures = new JsonObject();
        if (part is null or "scaling")
        {
            figures["scaling"] = await Scaling.MeasureAsync(broker);
        }

        if (part is null or "many")
        {
            figures["many_tasks"] = await ManyTasks.MeasureAsync(broker);
        }

        return figures;
    }
}
