namespace Consometer.Delivery.Publishing;

/// <summary>What happens to a pump, for whoever tells the operator.</summary>
public abstract record PumpNews
{
    private PumpNews()
    {
    }

    /// <summary>Connected, and the destination is there.</summary>
    /// <param name="Host">The host of the broker.</param>
    public sealed record Connected(string Host) : PumpNews;

    /// <summary>Messages were confirmed by the broker, and are gone from the outbox.</summary>
    /// <param name="Messages">How many.</param>
    /// <param name="Samples">How many samples were in them.</param>
    public sealed record Delivered(int Messages, int Samples) : PumpNews;

    /// <summary>Nothing waits any more.</summary>
    public sealed record Idle : PumpNews;

    /// <summary>Delivery has stopped, and goes on by itself: what is not confirmed is sent again.</summary>
    /// <param name="Reason">Where, what was wanted, what was found.</param>
    /// <param name="RetryIn">How long until the next try.</param>
    public sealed record Interrupted(string Reason, TimeSpan RetryIn) : PumpNews;

    /// <summary>The broker takes nothing until it has memory or disk again; messages wait.</summary>
    /// <param name="Reason">The broker's word.</param>
    public sealed record Blocked(string Reason) : PumpNews;

    /// <summary>The broker takes messages again.</summary>
    public sealed record Unblocked : PumpNews;
}
