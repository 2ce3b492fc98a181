using System.Diagnostics;
using System.Text.Json;
using Consometer.Metering;
using Consometer.Metering.Requests;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks.Requests;

/// <summary>
/// What it takes to read a log and to add it up, in one thread of a fresh process that has read it once before: a daemon has been at it for hours, and
/// with the program's settings code is compiled for speed only when it has run some hundred thousand times.
/// </summary>
/// <param name="Seconds">Wall clock.</param>
/// <param name="ProcessorSeconds">Of the process while it read: also what compiles and collects beside it.</param>
/// <param name="AllocatedBytes">In all.</param>
/// <param name="ResidentBytes">The most that was resident.</param>
/// <param name="Requests">Requests counted, so that nobody measures a reader that reads nothing.</param>
/// <param name="Held">Accounts and containers with figures at the end.</param>
internal sealed record LogReading(double Seconds, double ProcessorSeconds, long AllocatedBytes, long ResidentBytes, long Requests, int Held)
{
    /// <summary>The name by which this program, started anew, measures one reading.</summary>
    public const string Name = "read-log";

    /// <summary>As the daemon reads a file.</summary>
    private const int PieceBytes = 1 << 20;

    private const int ContainersMax = 100_000;

    /// <summary>Measured by this program, started anew.</summary>
    public static async Task<LogReading> MeasureAsync(string path)
    {
        var run = await Programs.OtherAsync(Environment.ProcessPath!, [Name, path]);
        return JsonSerializer.Deserialize<LogReading>(run.Succeeded().Output)!;
    }

    /// <summary>The part of the program that was started anew.</summary>
    public static void Print(string path)
    {
        ReadAll(path, NewReader(out _));
        GC.Collect();
        var reader = NewReader(out var tally);
        var process = Process.GetCurrentProcess();
        var (allocated, processor, watch) = (GC.GetTotalAllocatedBytes(), process.TotalProcessorTime, Stopwatch.StartNew());
        ReadAll(path, reader);
        var seconds = watch.Elapsed.TotalSeconds;
        process.Refresh();
        Console.WriteLine(JsonSerializer.Serialize(new LogReading(
            seconds, (process.TotalProcessorTime - processor).TotalSeconds, GC.GetTotalAllocatedBytes() - allocated, process.PeakWorkingSet64,
            reader.Counts.Counted, tally.Intervals.Sum(interval => interval.All.Count))));
    }

    private static AccessLogReader NewReader(out TrafficTally tally)
    {
        tally = new TrafficTally(TimeSpan.FromMinutes(5), ContainersMax, new ResellerPrefixes(["AUTH_"]));
        return new AccessLogReader(LogLayout.Parse(LogLayout.Default, out _)!, new ClientNetworks(ClientNetworks.Private, []), tally);
    }

    private static void ReadAll(string path, AccessLogReader reader)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var buffer = new byte[PieceBytes];
        for (var kept = 0; ;)
        {
            var length = file.Read(buffer, kept, buffer.Length - kept);
            if (length == 0)
            {
                return;
            }

            var text = buffer.AsSpan(0, kept + length);
            var whole = text.LastIndexOf((byte)'\n') + 1;
            reader.Read(text[..whole], DateTimeOffset.MaxValue);
            reader.Settle(reader.Latest);
            kept = text.Length - whole;
            text[whole..].CopyTo(buffer);
        }
    }
}
