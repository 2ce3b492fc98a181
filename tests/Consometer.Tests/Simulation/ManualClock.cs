using System.Collections.Concurrent;

namespace Consometer.Tests.Simulation;

/// <summary>A clock that moves when told to, and at an odd frequency so that nobody takes its ticks for a TimeSpan's.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly ConcurrentDictionary<ManualTimer, DateTimeOffset> _due = new();
    private readonly TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => 7_919_000;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => (long)((_now - DateTimeOffset.UnixEpoch).TotalSeconds * TimestampFrequency);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Ends when somebody has begun to wait for this clock.</summary>
    public Task TimerArmedAsync() => _armed.Task.WaitAsync(TestContext.Current.CancellationToken);

    public void Advance(TimeSpan time)
    {
        _now += time;
        foreach (var (timer, due) in _due)
        {
            if (due <= _now && _due.TryRemove(timer, out _))
            {
                timer.Ring();
            }
        }
    }

    private sealed class ManualTimer(ManualClock clock, Action ring) : ITimer
    {
        public void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock._due.TryRemove(this, out _);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                clock._due[this] = clock._now + dueTime;
                clock._armed.TrySetResult();
            }

            return true;
        }

        public void Dispose() => clock._due.TryRemove(this, out _);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
