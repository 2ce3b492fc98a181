using System.Threading.Channels;
using Consometer.Swift.Accounts;

namespace Consometer.Metering.Polling;

/// <summary>
/// The accounts that wait for one server. A slow server makes its own lane long, and nobody else's.
/// </summary>
/// <param name="options">How servers are asked.</param>
/// <param name="clock">What is timed by.</param>
/// <param name="series">What is measured of the server; null where nothing is.</param>
internal sealed class NodeLane(DirectPollsterOptions options, TimeProvider clock, NodeSeries? series = null) : IDisposable
{
    private readonly Channel<Visit> _queue = Channel.CreateUnbounded<Visit>();
    private readonly Suppression _suppression = new(options.Suppression, clock, series);
    private readonly LanePace _pace = new(options.WorkersPerNode, options.RequestsPerSecond, clock);
    private readonly NodeTally _tally = new(series);
    private long _answeredAt;
    private int _mute;
    private int _load;

    /// <summary>What is measured of the server; null where nothing is.</summary>
    public NodeSeries? Series { get; } = series;

    /// <summary>Requests in flight at most, for now.</summary>
    public int Width => _pace.Width;

    /// <summary>Visits queued and under way.</summary>
    public int Load => Volatile.Read(ref _load);

    /// <summary>What the server suffers from, while it is set aside; else null.</summary>
    public Unavailability? SetAsideFor => _suppression.Reason;

    /// <summary>Whether the server has said lately that it is asked too often.</summary>
    public bool IsSlowedDown => _pace.IsSlowedDown;

    public ChannelReader<Visit> Queue => _queue.Reader;

    public void Add(Visit visit)
    {
        Interlocked.Increment(ref _load);
        _queue.Writer.TryWrite(visit);
    }

    /// <summary>A visit that was taken from the queue is over.</summary>
    public void Leave() => Interlocked.Decrement(ref _load);

    /// <summary>Waits until the server may be asked once more.</summary>
    /// <returns>Null, and it may; or what it suffers from, if it was set aside meanwhile: then it is not asked.</returns>
    public async ValueTask<Unavailability?> EnterAsync(CancellationToken stopping)
    {
        await _pace.EnterAsync(stopping);
        var reason = SetAsideFor;
        if (reason is not null)
        {
            _pace.Withdraw();
        }

        return reason;
    }

    /// <summary>Takes in what became of a request.</summary>
    /// <param name="failure">Why the server could not tell; null where it could.</param>
    /// <param name="latency">How long it took.</param>
    public void Learn(Unavailability? failure, TimeSpan latency)
    {
        _tally.Count(failure, latency);
        switch (failure)
        {
            case Unavailability.TimedOut when IsMute(latency):
                _suppression.SetAside(Unavailability.TimedOut);
                break;
            case Unavailability.Unreachable or Unavailability.ConnectTimedOut or Unavailability.TimedOut or Unavailability.ConnectionLost:
                _suppression.Fail(failure.Value);
                break;
            default:
                // Answers, whatever they say, come from a server that is there; a 507 is about a device.
                _suppression.Recover();
                Volatile.Write(ref _mute, 0);
                Volatile.Write(ref _answeredAt, clock.GetTimestamp());
                break;
        }

        // Last: who is let in by this must find the server set aside if it is.
        _pace.Leave(failure, latency);
    }

    /// <summary>How it went with this server.</summary>
    /// <param name="node">The server.</param>
    /// <param name="devicesSetAside">How often a device of it was set aside.</param>
    public NodeReport Report(Node node, int devicesSetAside) => _tally.Report(node, _suppression.Times + devicesSetAside);

    public void Close() => _queue.Writer.TryComplete();

    public void Dispose() => _pace.Dispose();

    /// <summary>
    /// Whether it answered nobody while several waited for it as long as one waits at all. One alone may have met a locked
    /// database; several meet a server that hangs, and those behind them need not find that out one by one.
    /// </summary>
    private bool IsMute(TimeSpan latency)
    {
        const int Several = 2;
        var answeredAt = Volatile.Read(ref _answeredAt);
        return (answeredAt == 0 || clock.GetElapsedTime(answeredAt) >= latency) && Interlocked.Increment(ref _mute) >= Several;
    }
}
