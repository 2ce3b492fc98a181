namespace Consometer.Delivery.Publishing;

/// <summary>How long to wait after one failure after another: twice as long each time, and never as long as others who lost the same broker.</summary>
/// <param name="max">As long as that at most; a minute where nothing is said.</param>
public sealed class Backoff(TimeSpan? max = null)
{
    private const double JitterMin = 0.5;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _max = max ?? TimeSpan.FromMinutes(1);

    private TimeSpan _next = First;

    /// <summary>How long to wait now: at least half a second.</summary>
    public TimeSpan Next()
    {
        var wait = _next * (JitterMin + (Random.Shared.NextDouble() * (1 - JitterMin)));
        _next = _next * 2 < _max ? _next * 2 : _max;
        return wait;
    }

    /// <summary>All is well again.</summary>
    public void Reset() => _next = First;
}
