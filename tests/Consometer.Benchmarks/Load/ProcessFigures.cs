namespace Consometer.Benchmarks.Load;

/// <summary>What a process has taken, from its start on.</summary>
/// <param name="ProcessorSeconds">Of all its threads, in the system too.</param>
/// <param name="AllocatedBytes">On the heap, with what was collected since.</param>
internal sealed record ProcessFigures(double ProcessorSeconds, long AllocatedBytes)
{
    public static ProcessFigures OfThisProcess() => new(Environment.CpuUsage.TotalTime.TotalSeconds, GC.GetTotalAllocatedBytes(precise: true));
}
