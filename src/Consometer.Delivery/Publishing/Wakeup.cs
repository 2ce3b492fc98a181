namespace Consometer.Delivery.Publishing;

/// <summary>Wakes whoever waits, or whoever waits next. Ringing it twice is ringing it once.</summary>
public sealed class Wakeup
{
    private volatile TaskCompletionSource _rung = New();

    public void Ring() => _rung.TrySetResult();

    /// <summary>Waits for a ring.</summary>
    internal async Task WaitAsync(CancellationToken stopping)
    {
        await _rung.Task.WaitAsync(stopping);

        // Exchanged after the wait: a ring between the two is one more look at the outbox that was to follow anyway.
        _rung = New();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
