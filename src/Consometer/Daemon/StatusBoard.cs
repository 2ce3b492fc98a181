using Consometer.Configuration;
using Consometer.Daemon.Tasks;
using Consometer.Delivery.Publishing;

namespace Consometer.Daemon;

/// <summary>How it is with the broker, for one format.</summary>
/// <param name="State">How it is.</param>
/// <param name="Detail">The host, or what is wrong; empty where there is nothing to say.</param>
/// <param name="Since">Since when.</param>
internal sealed record BrokerState(BrokerCondition State, string Detail, DateTimeOffset Since);

internal enum BrokerCondition
{
    /// <summary>Nothing is known yet.</summary>
    Connecting,
    Connected,

    /// <summary>It takes nothing for now.</summary>
    Blocked,

    /// <summary>It cannot be reached, or refuses.</summary>
    Interrupted,
}

/// <summary>What a daemon knows of itself that is not in its store: for whoever asks how it is, on any thread.</summary>
internal sealed class StatusBoard(ConsometerOptions options, LiveRing? ring, LiveProjects projects, Heartbeat heartbeat, RecentTrouble trouble, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, BrokerState> _brokers = [];
    private volatile RoundWork _work = new(UnderWay: null, Began: null, Failed: null, IsWaiting: false);

    public ConsometerOptions Options => options;

    /// <summary>Null where no ring is read.</summary>
    public LiveRing? Ring => ring;

    public LiveProjects Projects => projects;

    public Heartbeat Heartbeat => heartbeat;

    /// <summary>How far the counting of requests is; null where none are counted.</summary>
    public RequestProgress? Requests { get; init; }

    /// <summary>How it is with this daemon among those that share rounds; null where it meters alone.</summary>
    public SharedProgress? Shared { get; init; }

    public RecentTrouble Trouble => trouble;

    public TimeProvider Clock => clock;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>What the loop is at.</summary>
    public RoundWork Work => _work;

    /// <summary>How it is with the broker, for a format of the configuration.</summary>
    public BrokerState BrokerOf(string format)
    {
        lock (_lock)
        {
            return _brokers.GetValueOrDefault(format) ?? new BrokerState(BrokerCondition.Connecting, "", Now);
        }
    }

    public void Tell(RoundNews news) => _work = news switch
    {
        RoundNews.Begun begun => _work with { UnderWay = begun, Began = Now, IsWaiting = false },
        RoundNews.Ended => _work with { UnderWay = null, Began = null, Failed = null },
        RoundNews.Failed failed => _work with { UnderWay = null, Began = null, Failed = failed },
        RoundNews.Stopped => _work with { UnderWay = null, Began = null },
        RoundNews.Waiting => _work with { IsWaiting = true },
        _ => _work,
    };

    public void Tell(string format, PumpNews news)
    {
        (BrokerCondition State, string Detail)? told = news switch
        {
            PumpNews.Connected connected => (BrokerCondition.Connected, connected.Host),
            PumpNews.Blocked blocked => (BrokerCondition.Blocked, blocked.Reason),
            PumpNews.Unblocked => (BrokerCondition.Connected, ""),
            PumpNews.Interrupted interrupted => (BrokerCondition.Interrupted, interrupted.Reason),
            _ => null,
        };
        if (told is var (state, detail))
        {
            lock (_lock)
            {
                // Tried again every minute, it is interrupted since the first time.
                var since = _brokers.GetValueOrDefault(format) is { } before && before.State == state ? before.Since : Now;
                _brokers[format] = new BrokerState(state, detail, since);
            }
        }
    }
}

/// <summary>What the loop of rounds is at.</summary>
/// <param name="UnderWay">The round that is under way; null if none is.</param>
/// <param name="Began">When it began.</param>
/// <param name="Failed">The last round that came to nothing; null once another has ended.</param>
/// <param name="IsWaiting">Whether the loop waits, for the next period or for another try.</param>
internal sealed record RoundWork(RoundNews.Begun? UnderWay, DateTimeOffset? Began, RoundNews.Failed? Failed, bool IsWaiting);
