namespace Consometer.Tests;

/// <summary>A clock that stands still until the test moves it, at an odd frequency so that nobody takes its ticks for a TimeSpan's.</summary>
internal sealed class ManualClock : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 13, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _now = Start;

    public override long TimestampFrequency => 7_919_000;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => (long)((_now - DateTimeOffset.UnixEpoch).TotalSeconds * TimestampFrequency);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Ends when somebody has begun to wait for this clock.</summary>
    public Task TimerArmedAsync() => _armed.Task.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Whether somebody waits for just this long from now, or just so many do.</summary>
    public bool IsWaitedFor(TimeSpan time, int? by = null)
    {
        lock (_lock)
        {
            var waiting = _timers.Count(timer => timer.Due == _now + time);
            return by is null ? waiting > 0 : waiting == by;
        }
    }

    /// <summary>When the first of those that wait is due; null if nobody waits.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count == 0 ? null : _timers.Min(timer => timer.Due);
            }
        }
    }

    public void Advance(TimeSpan time)
    {
        ManualTimer[] due;
        lock (_lock)
        {
            _now += time;
            due = [.. _timers.Where(timer => timer.Due <= _now)];
            _timers.RemoveAll(timer => timer.Due <= _now);
        }

        foreach (var timer in due)
        {
            timer.Ring();
        }
    }

    /// <summary>Lets time pass, for whoever waits first, until something holds.</summary>
    public Task PassUntilAsync(string reason, Func<bool> condition) => Eventually.HoldsAsync(reason, () =>
    {
        if (!condition() && NextDue is { } due && due > _now)
        {
            Advance(due - _now);
        }

        return condition();
    });

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Ring() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                if (dueTime >= TimeSpan.Zero)
                {
                    Due = clock._now + dueTime;
                    clock._timers.Add(this);
                    clock._armed.TrySetResult();
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
