using Consometer.Delivery.Formats;

namespace Consometer.Delivery.Publishing;

/// <summary>What is published, and where to. Each has its own place in the outbox: one that is stuck holds up no other.</summary>
/// <param name="Format">How samples become messages.</param>
/// <param name="BatchSize">Samples in a message at most.</param>
/// <param name="Destination">Where the messages go.</param>
public sealed record Publication(IMessageFormat Format, int BatchSize, Destination Destination);

/// <summary>Where messages go in a broker.</summary>
/// <param name="Exchange">The exchange, of type topic.</param>
/// <param name="RoutingKey">The routing key of all messages.</param>
/// <param name="Queue">The queue that should be bound to it; null where that is the consumers' affair.</param>
/// <param name="Durability">
/// How exchange and queue are made if they are not there; null if they are never made. What is there is used as it is: to declare it
/// otherwise is an error in AMQP, and a consumer that finds its own exchange made otherwise may not start
/// (<c>ceilometer-agent-notification</c>).
/// </param>
public sealed record Destination(string Exchange, string RoutingKey, string? Queue, Durability? Durability)
{
    public override string ToString() => $"exchange {Exchange}, routing key {RoutingKey}";
}

/// <summary>Whether what is made outlives the broker's restart.</summary>
/// <param name="Exchange">The exchange does.</param>
/// <param name="Queue">The queue does.</param>
/// <param name="IsQuorum">The queue is a quorum queue.</param>
public sealed record Durability(bool Exchange, bool Queue, bool IsQuorum = false);
