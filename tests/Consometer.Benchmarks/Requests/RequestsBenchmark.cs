using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks.Requests;

/// <summary>How fast an access log is read and added up, against <c>wc -l</c> on the same file.</summary>
internal static class RequestsBenchmark
{
    private const int Lines = 1_000_000;
    private const int Repetitions = 5;

    /// <summary>Containers in the log: those of an ordinary one, and another one in each line, ten times as many as are held.</summary>
    private static readonly int[] Containers = [1_000, Lines];

    public static async Task<JsonNode?> RunAsync()
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"requests: {Lines:N0} lines, read in one thread; medians of {Repetitions}"));
        Console.WriteLine("  containers       MB    lines/s   of processor   ns/line   B/line   peak MB    held   wc lines/s");
        var figures = new JsonArray();
        foreach (var containers in Containers)
        {
            var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
            try
            {
                MadeLog.Write(path, Lines, containers);
                figures.Add(await MeasureAsync(path, containers));
            }
            finally
            {
                File.Delete(path);
            }
        }

        return figures;
    }

    private static async Task<JsonNode> MeasureAsync(string path, int containers)
    {
        var (readings, counts) = (new List<LogReading>(), new List<double>());
        for (var i = 0; i < Repetitions; i++)
        {
            counts.Add(await CountAsync(path));
            readings.Add(await LogReading.MeasureAsync(path));
        }

        var count = counts.Order().ElementAt(Repetitions / 2);
        double Median(Func<LogReading, double> figure) => readings.Select(figure).Order().ElementAt(Repetitions / 2);
        var (seconds, processor, allocated, resident) = (Median(reading => reading.Seconds), Median(reading => reading.ProcessorSeconds), Median(reading => reading.AllocatedBytes), Median(reading => reading.ResidentBytes));
        var bytes = new FileInfo(path).Length;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {containers,10:N0} {bytes / 1e6,8:0} {Lines / seconds,10:N0} {Lines / processor,14:N0} {seconds / Lines * 1e9,9:0} {allocated / Lines,8:0} {resident / 1e6,9:0} {readings[0].Held,7} {Lines / count,12:N0}"));
        return new JsonObject
        {
            ["lines"] = Lines,
            ["bytes"] = bytes,
            ["containers"] = containers,
            ["requests_counted"] = readings[0].Requests,
            ["held"] = readings[0].Held,
            ["lines_per_second"] = Lines / seconds,
            ["lines_per_processor_second"] = Lines / processor,
            ["allocated_bytes_per_line"] = allocated / Lines,
            ["resident_bytes"] = resident,
            ["wc_lines_per_second"] = Lines / count,
            ["wc_ratio"] = count / seconds,
        };
    }

    private static async Task<double> CountAsync(string path)
    {
        var watch = Stopwatch.StartNew();
        (await Programs.OtherAsync("wc", ["-l", path])).Succeeded();
        return watch.Elapsed.TotalSeconds;
    }
}
