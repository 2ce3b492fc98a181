using System.Diagnostics;
using System.Text.Json;
using Consometer.Benchmarks.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks.Load;

/// <summary>A round of the published program, as the daemon does it.</summary>
/// <param name="Report">The round's own.</param>
/// <param name="Seconds">From the program's start until the round is complete in the store.</param>
/// <param name="Program">What the program has taken, to its end.</param>
/// <param name="PeakBytes">The largest resident memory of it.</param>
/// <param name="EarlyBytes">Its resident memory when a tenth of the requests were answered.</param>
/// <param name="LateBytes">The same when nearly all were.</param>
internal sealed record LoadRound(StoredReport Report, double Seconds, ProcessFigures Program, long PeakBytes, long EarlyBytes, long LateBytes)
{
    private const string RoundIsComplete = " accounts in ";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public static async Task<LoadRound> MeasureAsync(LoadCluster cluster, Nginx nginx, long requests)
    {
        foreach (var file in Directory.GetFiles(cluster.Folder, Path.GetFileName(cluster.Store) + "*"))
        {
            File.Delete(file);
        }

        var figures = Path.Combine(cluster.Folder, "figures.json");
        var before = await nginx.RequestsAsync();
        var memory = new List<(double Done, long Bytes)>();
        var watch = Stopwatch.StartNew();
        await using var program = RunningProgram.Start(
            Artifacts.Program,
            ["run", "--config", cluster.Folder],
            environment: new Dictionary<string, string> { ["DOTNET_STARTUP_HOOKS"] = typeof(LoadRound).Assembly.Location, [StartupHook.Variable] = figures });
        while (!program.ErrorsSoFar.Contains(RoundIsComplete, StringComparison.Ordinal) && !program.HasEnded)
        {
            await Task.Delay(Interval);
            memory.Add(((double)(await nginx.RequestsAsync() - before) / requests, program.ResidentBytes()));
        }

        var seconds = watch.Elapsed.TotalSeconds;
        program.Terminate();
        (await program.WaitAsync(Programs.Deadline)).Succeeded();
        return new LoadRound(
            StoredReport.Last(cluster.Store),
            seconds,
            JsonSerializer.Deserialize<ProcessFigures>(await File.ReadAllTextAsync(figures))!,
            memory.Max(at => at.Bytes),
            memory.FirstOrDefault(at => at.Done >= 0.1, memory[^1]).Bytes,
            memory.LastOrDefault(at => at.Done <= 0.99, memory[^1]).Bytes);
    }
}
