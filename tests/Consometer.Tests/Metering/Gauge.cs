namespace Consometer.Tests.Metering;

/// <summary>
/// Counts who is inside at once, and lets nobody out until a full house has been there: less than full is a test that never
/// ends, more is a figure that is too high. No time is measured.
/// </summary>
internal sealed class Gauge(int full)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _inside;

    public int InsideMax { get; private set; }

    public async Task PassAsync()
    {
        lock (_lock)
        {
            InsideMax = Math.Max(InsideMax, ++_inside);
            if (_inside >= full)
            {
                _reached.TrySetResult();
            }
        }

        await _reached.Task;

        // Whoever would come in wrongly gets every chance to.
        for (var i = 0; i < 50; i++)
        {
            await Task.Yield();
        }

        lock (_lock)
        {
            _inside--;
        }
    }
}
