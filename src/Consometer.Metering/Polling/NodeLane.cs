using System.Threading.Channels;

namespace Consometer.Metering.Polling;

/// <summary>The accounts that wait for one server. A slow server makes its own lane long, and nobody else's.</summary>
internal sealed class NodeLane
{
    private readonly Channel<Visit> _queue = Channel.CreateUnbounded<Visit>();
    private int _load;

    /// <summary>Visits queued and under way.</summary>
    public int Load => Volatile.Read(ref _load);

    public ChannelReader<Visit> Queue => _queue.Reader;

    public void Add(Visit visit)
    {
        Interlocked.Increment(ref _load);
        _queue.Writer.TryWrite(visit);
    }

    /// <summary>A visit that was taken from the queue is over.</summary>
    public void Leave() => Interlocked.Decrement(ref _load);

    public void Close() => _queue.Writer.TryComplete();
}
