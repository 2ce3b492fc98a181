namespace Consometer.Daemon;

/// <summary>
/// Whether the loop of rounds still moves. In a round every account is a move, and while it waits it has said for how long; so one that
/// hangs is found out after minutes, however long a period is.
/// </summary>
/// <param name="step">How long the longest step of a round may take: an answer of Keystone's, an account with all its replicas, the commit that ends it.</param>
/// <param name="clock">What it is timed by.</param>
internal sealed class Heartbeat(TimeSpan step, TimeProvider clock)
{
    private long _movedAt = clock.GetTimestamp();
    private long _waitTicks;

    /// <summary>How long the loop has not moved beyond what it said; null while all is well.</summary>
    public TimeSpan? Overdue
    {
        get
        {
            var late = clock.GetElapsedTime(Volatile.Read(ref _movedAt)) - step - TimeSpan.FromTicks(Volatile.Read(ref _waitTicks));
            return late > TimeSpan.Zero ? late : null;
        }
    }

    /// <summary>The loop has moved.</summary>
    public void Move() => Wait(TimeSpan.Zero);

    /// <summary>There is nothing to do until somebody brings something.</summary>
    public void Rest() => Wait(TimeSpan.FromDays(36500));

    /// <summary>Any news are a move, and some say how long there will be no other.</summary>
    public void Tell(RoundNews news) => Wait((news as RoundNews.Waiting)?.Wait ?? TimeSpan.Zero);

    private void Wait(TimeSpan wait)
    {
        Volatile.Write(ref _waitTicks, wait.Ticks);
        Volatile.Write(ref _movedAt, clock.GetTimestamp());
    }
}
