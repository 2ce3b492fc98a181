using Consometer.Configuration;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Requests;

namespace Consometer.Daemon;

/// <summary>Makes samples of intervals that are over.</summary>
/// <param name="options">The configuration.</param>
/// <param name="requests">The log.</param>
/// <param name="store">Where they are kept.</param>
/// <param name="tell">Told of each.</param>
/// <param name="clock">What is expired by.</param>
internal sealed class CompleteIntervals(ConsometerOptions options, RequestsOptions requests, SampleStore store, Action<RequestNews> tell, TimeProvider clock)
{
    private readonly RequestMeter[] _meters = [.. options.Meters.OfType<RequestMeter>()];

    /// <summary>Whether others may have left intervals: nobody leaves any while this one counts.</summary>
    private bool _isLeft = true;

    /// <summary>What makes accounts of projects.</summary>
    public ResellerPrefixes Prefixes { get; } = new(options.Swift.ResellerPrefixes);

    /// <summary>Keeps what was counted, and makes the intervals complete that are over.</summary>
    /// <param name="log">The log.</param>
    /// <param name="count">What was counted of it.</param>
    /// <param name="time">What the log is at.</param>
    /// <exception cref="StoreException">The store is full, or cannot be written: they stay open.</exception>
    public void Close(CountedLog log, RequestCount count, DateTimeOffset time)
    {
        count.Reader.Settle(time);

        // How far the log is read must be known before figures of it go.
        count.Keep();
        CloseDue(log, count, time);
        CloseLeft(log, count);
    }

    /// <summary>
    /// Makes complete, once, what other logs left that nobody reads any more, and what this one has of intervals of another length: nobody counts on there.
    /// </summary>
    /// <param name="log">The log.</param>
    /// <param name="count">What was counted of it.</param>
    /// <exception cref="StoreException">The store is full, or cannot be read or written: it is left.</exception>
    public void CloseLeft(CountedLog log, RequestCount count)
    {
        if (!_isLeft)
        {
            return;
        }

        // There are file systems without locks, where nobody is seen to be at anything: this one's own is not left.
        foreach (var (region, origin) in store.LogsLeft().Where(left => left != (log.Region, log.Origin)))
        {
            using var left = store.CountedLog(region, origin);
            var counted = RequestCount.Restore(left, requests, Prefixes, clock.GetUtcNow());
            counted.Reader.Settle(DateTimeOffset.MaxValue);
            counted.Keep();
            CloseDue(left, counted, DateTimeOffset.MaxValue);
        }

        foreach (var interval in count.Tally.Intervals.Where(interval => interval.Time.Period != requests.Interval).ToArray())
        {
            Close(log, interval);
            count.Tally.Close(interval);
        }

        _isLeft = false;
    }

    private void CloseDue(CountedLog log, RequestCount count, DateTimeOffset time)
    {
        while (count.Tally.Due(time) is { } due)
        {
            Close(log, due);
            count.Tally.Close(due);
        }
    }

    private void Close(CountedLog log, IntervalTraffic interval)
    {
        StoredRound.MakeRoom(store, options, clock);
        var plan = StoredRound.Plan(interval.Time, options) with { Region = log.Region };
        var samples = interval.All.SelectMany(traffic => interval.SamplesOf(traffic, _meters, log.Region, log.Origin));
        var (made, withheld) = log.Close(interval.Time, samples, plan);
        tell(new RequestNews.Closed(interval.Time, made, withheld));
    }
}
