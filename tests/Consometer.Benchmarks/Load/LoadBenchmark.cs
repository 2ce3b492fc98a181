using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Consometer.Benchmarks.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks.Load;

/// <summary>
/// Whole rounds of the built program over nginx in the place of account-servers, against what nginx gives to wrk, and against a loop that
/// sends the same requests and does nothing else.
/// </summary>
internal static class LoadBenchmark
{
    /// <summary>Takes other sizes, for trying something out: <c>CONSOMETER_ACCOUNTS=10000,100000</c>.</summary>
    private const string SizesVariable = "CONSOMETER_ACCOUNTS";
    private const string Sizes = "10000,100000,1000000";
    private const int Repetitions = 3;

    public static async Task<JsonNode?> RunAsync()
    {
        var install = await Programs.LabAsync("install", "load");
        if (install.ExitCode == ProgramRun.CannotRunHere)
        {
            Console.WriteLine($"load: not run: {install.Errors.Trim()}");
            return null;
        }

        install.Succeeded();
        await using var nginx = await Nginx.StartAsync();
        var medians = new List<(int Accounts, LoadRepetition Median)>();
        var figures = new JsonObject { ["connections"] = LoadCluster.Connections };
        foreach (var size in (Environment.GetEnvironmentVariable(SizesVariable) ?? Sizes).Split(','))
        {
            var accounts = int.Parse(size, CultureInfo.InvariantCulture);
            using var cluster = LoadCluster.Make(accounts, nginx.Port);
            var repetitions = await MeasureAsync(cluster, nginx, accounts);
            medians.Add((accounts, LoadRepetition.Median(repetitions)));
            figures[size] = new JsonObject
            {
                ["repetitions"] = JsonSerializer.SerializeToNode(repetitions, LabRepetition.Json),
                ["median"] = JsonSerializer.SerializeToNode(medians[^1].Median, LabRepetition.Json),
            };
        }

        await File.WriteAllTextAsync(Path.Combine(Artifacts.Folder, "load.svg"), LoadChart.Draw(medians));
        return figures;
    }

    private static async Task<IReadOnlyList<LoadRepetition>> MeasureAsync(LoadCluster cluster, Nginx nginx, int accounts)
    {
        var requests = File.ReadLines(cluster.Requests).LongCount();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"load: {accounts} accounts, {requests} requests, {LoadCluster.Connections} connections to {LoadCluster.Nodes} addresses of one nginx"));
        Console.WriteLine(LoadRepetition.Header);
        var repetitions = new List<LoadRepetition>();
        for (var i = 0; i < Repetitions; i++)
        {
            repetitions.Add(await LoadRepetition.MeasureAsync(cluster, nginx, requests));
            Console.WriteLine(repetitions[^1].Row($"{i + 1}"));
        }

        Console.WriteLine(LoadRepetition.Median(repetitions).Row("median"));
        return repetitions;
    }
}
