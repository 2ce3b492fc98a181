using System.Threading.Channels;
using Consometer.Swift.Accounts;

namespace Consometer.Metering.Polling;

/// <summary>
/// The accounts that wait for one server. A slow server makes its own lane long, and nobody else's. One that keeps failing is
/// set aside for a while: its accounts are asked elsewhere, or are told at once that it cannot be asked.
/// </summary>
internal sealed class NodeLane(TimeProvider clock)
{
    /// <summary>As <c>error_suppression_limit</c> of the proxy (<c>swift/common/error_limiter.py</c>), but in a row.</summary>
    private const int FailuresMax = 10;

    /// <summary>More than any lane's load: while another server is left, one that is set aside is not chosen.</summary>
    private const int SetAsideCost = int.MaxValue / 2;

    /// <summary>As <c>error_suppression_interval</c> of the proxy. Then it is tried again, and one failure is enough.</summary>
    private static readonly TimeSpan SetAsideTime = TimeSpan.FromSeconds(60);

    private readonly Channel<Visit> _queue = Channel.CreateUnbounded<Visit>();
    private int _load;
    private int _failures;
    private volatile Setback? _setback;

    /// <summary>What choosing this lane costs: visits queued and under way.</summary>
    public int Cost => Volatile.Read(ref _load) + (SetAsideFor is null ? 0 : SetAsideCost);

    /// <summary>What the server suffers from, while it is set aside; else null.</summary>
    public Unavailability? SetAsideFor => _setback is { } setback && clock.GetUtcNow() < setback.Until ? setback.Reason : null;

    public ChannelReader<Visit> Queue => _queue.Reader;

    public void Add(Visit visit)
    {
        Interlocked.Increment(ref _load);
        _queue.Writer.TryWrite(visit);
    }

    /// <summary>A visit that was taken from the queue is over, with this reading.</summary>
    public void Leave(ReplicaReading reading)
    {
        Interlocked.Decrement(ref _load);
        switch (reading)
        {
            case ReplicaReading.Unavailable { IsSetAside: true }:
                break;
            case ReplicaReading.Unavailable
            {
                Reason: (Unavailability.Unreachable or Unavailability.ConnectTimedOut or Unavailability.TimedOut or Unavailability.ConnectionLost) and var reason
            }:
                if (Interlocked.Increment(ref _failures) >= FailuresMax)
                {
                    _setback = new Setback(clock.GetUtcNow() + SetAsideTime, reason);
                }

                break;
            default:
                // Answers, whatever they say, come from a server that is there; a 507 is about a device.
                Volatile.Write(ref _failures, 0);
                break;
        }
    }

    public void Close() => _queue.Writer.TryComplete();

    private sealed record Setback(DateTimeOffset Until, Unavailability Reason);
}
