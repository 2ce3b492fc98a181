namespace Consometer.Metering.Requests;

/// <summary>What is counted of the intervals that are open.</summary>
/// <param name="interval">How long an interval is.</param>
/// <param name="containersMax">Containers that are held apart in all open intervals; what is of more of them is held with their accounts.</param>
/// <param name="prefixes">What makes accounts of projects.</param>
public sealed class TrafficTally(TimeSpan interval, int containersMax, ResellerPrefixes prefixes)
{
    private readonly SortedDictionary<DateTimeOffset, IntervalTraffic> _open = [];
    private IntervalTraffic? _last;
    private int _containersElsewhere;

    /// <summary>How long after the end of an interval lines of it may still come: syslog daemons and the proxy's processes are not of one mind.</summary>
    public TimeSpan Grace { get; } = TimeSpan.FromTicks(Math.Clamp(interval.Ticks / 10, TimeSpan.FromSeconds(1).Ticks, TimeSpan.FromSeconds(30).Ticks));

    /// <summary>All intervals before it are closed.</summary>
    public DateTimeOffset ClosedUntil { get; private set; }

    /// <summary>The intervals that are open, the first one first.</summary>
    public IReadOnlyCollection<IntervalTraffic> Intervals => _open.Values;

    /// <summary>Goes on where another one was.</summary>
    /// <param name="closedUntil">All intervals before it are closed.</param>
    public void Restore(DateTimeOffset closedUntil) => ClosedUntil = closedUntil;

    /// <summary>An interval that was open before.</summary>
    public IntervalTraffic Open(RoundTime time)
    {
        if (!_open.TryGetValue(time.Start, out var traffic))
        {
            traffic = new IntervalTraffic(time, prefixes);
            _open.Add(time.Start, traffic);
        }

        return traffic;
    }

    /// <summary>The interval of an instant; that of a closed one is the first that is not.</summary>
    public IntervalTraffic Of(DateTimeOffset time)
    {
        var start = time < ClosedUntil ? ClosedUntil : time;
        if (_last is null || start < _last.Time.Start || start >= _last.Time.Next.Start)
        {
            // One that began before has samples with that time already: intervals were of another length then.
            var at = RoundTime.At(start, interval);
            _last = Open(at.Start < ClosedUntil ? at.Next : at);
            _containersElsewhere = _open.Values.Sum(open => open.Containers) - _last.Containers;
        }

        return _last;
    }

    /// <summary>How many containers the interval of <see cref="Of"/> may have.</summary>
    internal int Room => Math.Max(0, containersMax - _containersElsewhere);

    /// <summary>The first interval that no more lines are waited for; null if there is none.</summary>
    /// <param name="time">What the log is at.</param>
    public IntervalTraffic? Due(DateTimeOffset time) => _open.Values.FirstOrDefault() is { } first && first.Time.Next.Start + Grace <= time ? first : null;

    /// <summary>An interval is told, and gone: what comes of it later counts in the next one.</summary>
    public void Close(IntervalTraffic closed)
    {
        _open.Remove(closed.Time.Start);
        _last = null;
        if (closed.Time.Next.Start > ClosedUntil)
        {
            ClosedUntil = closed.Time.Next.Start;
        }
    }
}
