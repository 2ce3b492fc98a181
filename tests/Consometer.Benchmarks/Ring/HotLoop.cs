using System.Diagnostics;

namespace Consometer.Benchmarks.Ring;

/// <summary>A loop in one thread, when it is warm.</summary>
/// <param name="CallsPerSecond">The median of some passes.</param>
/// <param name="BytesPerCall">Allocated in the last pass.</param>
internal readonly record struct HotLoop(double CallsPerSecond, double BytesPerCall)
{
    /// <summary>In these it compiles, and compiles again.</summary>
    private const int ColdPasses = 3;
    private const int Passes = 3;

    public double NanosecondsPerCall => 1e9 / CallsPerSecond;

    /// <param name="calls">How many calls a pass makes.</param>
    /// <param name="pass">Makes them, and gives back something of each, so that none can be left out.</param>
    public static HotLoop Measure(int calls, Func<long> pass)
    {
        var expected = pass();
        for (var i = 1; i < ColdPasses; i++)
        {
            pass();
        }

        var rates = new double[Passes];
        long allocated = 0;
        for (var i = 0; i < Passes; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            var found = pass();
            rates[i] = calls / Stopwatch.GetElapsedTime(start).TotalSeconds;
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (found != expected)
            {
                throw new InvalidOperationException($"wanted {expected} of every pass, found {found}");
            }
        }

        return new HotLoop(rates.Order().ElementAt(Passes / 2), (double)allocated / calls);
    }
}
