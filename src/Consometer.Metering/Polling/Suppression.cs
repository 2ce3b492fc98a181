using Consometer.Swift.Accounts;

namespace Consometer.Metering.Polling;

/// <summary>When something that fails is set aside.</summary>
/// <param name="Limit">Failures in a row (<c>swift.error_suppression_limit</c>; the proxy's counts any within the interval).</param>
/// <param name="Interval">For how long. Then it is tried again, and one failure is enough (<c>swift.error_suppression_interval</c>).</param>
public sealed record SuppressionOptions(int Limit, TimeSpan Interval)
{
    /// <summary>The proxy's (<c>swift/common/error_limiter.py</c>).</summary>
    public static SuppressionOptions Default { get; } = new(10, TimeSpan.FromSeconds(60));
}

/// <summary>
/// Sets aside a server or a device that keeps failing: accounts are asked elsewhere, or are told at once that it cannot be asked.
/// </summary>
/// <param name="options">When it is set aside.</param>
/// <param name="clock">What that is timed by.</param>
/// <param name="series">Told of each time.</param>
internal sealed class Suppression(SuppressionOptions options, TimeProvider clock, NodeSeries? series = null)
{
    private int _failures;
    private int _times;
    private volatile Setback? _setback;

    /// <summary>What it suffers from, while it is set aside; else null.</summary>
    public Unavailability? Reason => _setback is { } setback && clock.GetUtcNow() < setback.Until ? setback.Reason : null;

    /// <summary>How often it was set aside.</summary>
    public int Times => Volatile.Read(ref _times);

    /// <summary>It failed: once more in a row, and it is set aside if that is enough.</summary>
    public void Fail(Unavailability reason)
    {
        if (Interlocked.Increment(ref _failures) >= options.Limit)
        {
            SetAside(reason);
        }
    }

    /// <summary>It is set aside, whatever it did before.</summary>
    public void SetAside(Unavailability reason)
    {
        // What was in flight meanwhile fails too; that is no second time.
        if (Reason is null)
        {
            Interlocked.Increment(ref _times);
            series?.SetAside();
        }

        _setback = new Setback(clock.GetUtcNow() + options.Interval, reason);
    }

    /// <summary>It answered, whatever it said.</summary>
    public void Recover() => Volatile.Write(ref _failures, 0);

    private sealed record Setback(DateTimeOffset Until, Unavailability Reason);
}
