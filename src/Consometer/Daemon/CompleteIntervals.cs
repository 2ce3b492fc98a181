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
        while (count.Tally.Due(time) is { } due)
        {
            Close(log, due);
            count.Tally.Close(due);
        }
    }

    /// <summary>Makes complete what another log left, or this one when its intervals were of another length: nobody counts on there.</summary>
    /// <exception cref="StoreException">The store is full, or cannot be read or written.</exception>
    public void CloseLeft()
    {
        foreach (var (region, origin) in store.LogsLeft())
        {
            using var log = store.CountedLog(region, origin);
            var count = RequestCount.Restore(log, requests, Prefixes, clock.GetUtcNow());
            if (region != options.Region || origin != requests.Origin)
            {
                Close(log, count, DateTimeOffset.MaxValue);
            }

            foreach (var interval in count.Tally.Intervals.Where(interval => interval.Time.Period != requests.Interval).ToArray())
            {
                Close(log, interval);
            }
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
