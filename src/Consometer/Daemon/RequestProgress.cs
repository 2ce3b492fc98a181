using Consometer.Metering.Requests;
using Consometer.Metering.Requests.Sources;

namespace Consometer.Daemon;

/// <summary>How far the counting of requests is: written by its loop, read by whoever asks, on any thread.</summary>
/// <param name="heartbeat">Shows that the loop is alive.</param>
internal sealed class RequestProgress(Heartbeat heartbeat)
{
    private long _latestTicks;
    private long _closedUntilTicks;
    private bool _isMissing;

    public Heartbeat Heartbeat => heartbeat;

    /// <summary>What became of lines.</summary>
    public LineCounts Counts { get; set; } = new();

    /// <summary>Where lines come from; null while nothing is open.</summary>
    public ILogSource? Source { get; set; }

    /// <summary>The last interval that is complete; null while none is.</summary>
    public RequestNews.Closed? Last { get; private set; }

    /// <summary>Intervals that are complete.</summary>
    public long Intervals { get; private set; }

    /// <summary>Samples of those.</summary>
    public long Samples { get; private set; }

    /// <summary>Samples kept back because no consumer could read them.</summary>
    public long Withheld { get; private set; }

    /// <summary>Why the store does not take what is counted; null if it does.</summary>
    public string? Failure { get; private set; }

    /// <summary>Why the log cannot be read; null if it can.</summary>
    public string? Trouble { get; private set; }

    /// <summary>When the latest request that was read had ended; null before the first.</summary>
    public DateTimeOffset? Latest => Instant(ref _latestTicks);

    /// <summary>The intervals before it are complete; null while none is known to be. What ended before it counts in the first interval after it.</summary>
    public DateTimeOffset? ClosedUntil => Instant(ref _closedUntilTicks);

    /// <summary>Bytes of a file that are not read yet; null of datagrams.</summary>
    public long? BytesBehind => (Source as FileSource)?.BytesBehind;

    /// <summary>Datagrams that the system had no room for; null where nobody knows.</summary>
    public long? Lost => (Source as DatagramSource)?.LostDatagrams;

    /// <summary>The log was read.</summary>
    /// <param name="lines">What was read.</param>
    /// <param name="latest">When the latest request so far had ended; the beginning of time if there was none.</param>
    /// <param name="closedUntil">The intervals before it are complete.</param>
    public void Move(LogLines lines, DateTimeOffset latest, DateTimeOffset closedUntil)
    {
        heartbeat.Move();
        Volatile.Write(ref _latestTicks, latest.UtcTicks);
        Volatile.Write(ref _closedUntilTicks, closedUntil.UtcTicks);

        // A file that cannot be read is told of, and then tried again or passed over; one that is missing is told when it is found.
        if (!_isMissing && (!lines.Text.IsEmpty || lines.IsCaughtUp))
        {
            Trouble = null;
        }
    }

    public void Tell(RequestNews news)
    {
        switch (news)
        {
            case RequestNews.Closed closed:
                Last = closed;
                Intervals++;
                Samples += closed.Samples - closed.Withheld;
                Withheld += closed.Withheld;
                break;
            case RequestNews.OfLog { News: LogSourceNews.Missing or LogSourceNews.Unreadable } of:
                Trouble = LogSourceText.Of(of.News);
                _isMissing = of.News is LogSourceNews.Missing;
                break;
            case RequestNews.OfLog { News: LogSourceNews.Found }:
                Trouble = null;
                _isMissing = false;
                break;
            case RequestNews.Failed failed:
                Failure = failed.Reason;
                break;
            case RequestNews.Recovered:
                Failure = null;
                break;
        }
    }

    /// <summary>Ticks are read whole on any thread, which an instant is not.</summary>
    private static DateTimeOffset? Instant(ref long ticks) => Volatile.Read(ref ticks) is > 0 and var at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
}
