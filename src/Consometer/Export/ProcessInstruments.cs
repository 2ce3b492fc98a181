using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Consometer.Export;

/// <summary>The process itself, as Prometheus' own clients name it (its manual, "Writing client libraries").</summary>
internal static class ProcessInstruments
{
    public static void Add(Meter meter)
    {
        using var process = Process.GetCurrentProcess();
        var started = (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
        meter.CreateObservableGauge("process.start_time", () => started, "s", "When the process began. Seconds since 1970.");
        meter.CreateObservableCounter("process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time of the process, its own and the kernel's for it.");
        meter.CreateObservableGauge("process.resident_memory", () => Environment.WorkingSet, "By", "Memory of the process that is in RAM.");
        meter.CreateObservableGauge(
            "consometer.build.info", () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", ProgramVersion.Text)), null, "1, by the program's version.");
    }
}
