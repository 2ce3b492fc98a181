using Consometer.Configuration;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Requests;
using Consometer.Metering.Requests.Sources;

namespace Consometer.Daemon;

/// <summary>What is counted of a log, in memory, and how far it is read; put back from the store, and kept there.</summary>
internal sealed class RequestCount
{
    private readonly CountedLog _log;
    private LogPosition? _kept;
    private bool _hasHeld;

    private RequestCount(CountedLog log, TrafficTally tally, AccessLogReader reader)
    {
        _log = log;
        Tally = tally;
        Reader = reader;
        Position = _kept = log.Position();
        _hasHeld = reader.Held.Any();
    }

    public TrafficTally Tally { get; }

    public AccessLogReader Reader { get; }

    /// <summary>How far the log is read; null if it cannot be read again.</summary>
    public LogPosition? Position { get; set; }

    /// <summary>Goes on where it was left.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public static RequestCount Restore(CountedLog log, RequestsOptions requests, ResellerPrefixes prefixes, DateTimeOffset now)
    {
        var tally = new TrafficTally(requests.Interval, requests.ContainersMax, prefixes);
        tally.Restore(log.ClosedUntil() ?? default);
        foreach (var figure in log.Open())
        {
            tally.Open(figure.Interval).Restore(figure.Account, figure.Container, figure.Meter, figure.Volume);
        }

        var reader = new AccessLogReader(requests.Layout, new ClientNetworks(requests.InternalNetworks, requests.TrustedProxies), tally);
        foreach (var line in log.HeldLines())
        {
            reader.Read(line, now);
        }

        return new RequestCount(log, tally, reader);
    }

    /// <summary>Keeps what has changed, in one transaction.</summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public void Keep()
    {
        byte[][] held = [.. Reader.Held];
        if (Position != _kept || held.Length > 0 || _hasHeld || Tally.Intervals.Any(interval => interval.Changed.Count > 0))
        {
            _log.Keep(Tally.Intervals, Position, held);
            _kept = Position;
            _hasHeld = held.Length > 0;
        }
    }
}
