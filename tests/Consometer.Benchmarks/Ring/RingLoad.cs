using System.Diagnostics;
using System.Text.Json;
using Consometer.Rings;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks.Ring;

/// <summary>What it takes to read a ring.</summary>
/// <param name="Seconds">In a fresh process, that compiles as it goes.</param>
/// <param name="WarmSeconds">The second time in that process: what a daemon pays when its ring changes.</param>
/// <param name="KeptBytes">By how much the heap has grown while nothing but the ring is held.</param>
internal sealed record RingLoad(double Seconds, double WarmSeconds, long KeptBytes)
{
    /// <summary>The name by which this program, started anew, measures one load.</summary>
    public const string Name = "load-ring";

    /// <summary>Measured by this program, started anew.</summary>
    public static async Task<RingLoad> MeasureAsync(string path)
    {
        var run = await Programs.OtherAsync(Environment.ProcessPath!, [Name, path]);
        return JsonSerializer.Deserialize<RingLoad>(run.Succeeded().Output)!;
    }

    /// <summary>The part of the program that was started anew.</summary>
    public static void Print(string path)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (seconds, ring) = Load(path);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(ring);
        Console.WriteLine(JsonSerializer.Serialize(new RingLoad(seconds, Load(path).Seconds, kept)));
    }

    private static (double Seconds, RingFile Ring) Load(string path)
    {
        var watch = Stopwatch.StartNew();
        var ring = RingFile.Load(path);
        return (watch.Elapsed.TotalSeconds, ring);
    }
}
