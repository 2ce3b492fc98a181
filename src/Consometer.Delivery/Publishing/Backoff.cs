namespace Consometer.Delivery.Publishing;

/// <summary>How long to wait after one failure after another: twice as long each time, and never as long as others who lost the same broker.</summary>
internal sealed class Backoff
{
    private const double JitterMin = 0.5;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Max = TimeSpan.FromMinutes(1);

    private TimeSpan _next = First;

    public TimeSpan Next()
    {
        var wait = _next * (JitterMin + (Random.Shared.NextDouble() * (1 - JitterMin)));
        _next = _next * 2 < Max ? _next * 2 : Max;
        return wait;
    }

    public void Reset() => _next = First;
}
