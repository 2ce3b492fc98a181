namespace Consometer.Delivery.Publishing;

/// <summary>Tells whoever waits that there is something to do. Ringing it twice is ringing it once.</summary>
public sealed class Wakeup
{
    private volatile TaskCompletionSource _rung = New();

    /// <summary>There is something new.</summary>
    public void Ring() => _rung.TrySetResult();

    /// <summary>Completes with the first ring since the last <see cref="Reset"/>. Who gives up waiting leaves nothing behind that could take a ring from the next.</summary>
    public Task Rung => _rung.Task;

    /// <summary>Before a look at what there is to do: a ring after this is seen by <see cref="Rung"/>, and what one before it told of by the look.</summary>
    public void Reset()
    {
        if (_rung.Task.IsCompleted)
        {
            _rung = New();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
