using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Consometer.Delivery.Publishing;

/// <summary>
/// The exchange and the queue. They are asked for passively first, which needs no right and changes nothing; only what is missing is
/// made, and only where the destination says how.
/// </summary>
internal static class BrokerTopology
{
    private const int AccessRefused = 403;
    private const int NotFound = 404;

    /// <exception cref="BrokerException">Something is missing and may not be made.</exception>
    /// <exception cref="OperationInterruptedException">The broker refuses.</exception>
    public static async Task EnsureAsync(IConnection connection, BrokerOptions broker, Destination destination, CancellationToken stopping)
    {
        if (!await IsThereAsync(connection, channel => channel.ExchangeDeclarePassiveAsync(destination.Exchange, stopping), stopping))
        {
            if (destination.Durability is not { } durability)
            {
                throw new BrokerException(broker, $"exchange {destination.Exchange}", "none: its consumer makes it when it starts, or publish.declare has it made");
            }

            await DoAsync(connection, channel => channel.ExchangeDeclareAsync(destination.Exchange, ExchangeType.Topic, durability.Exchange, autoDelete: false, cancellationToken: stopping), stopping);
        }

        if (destination is { Queue: { } queue, Durability: { } made })
        {
            await EnsureQueueAsync(connection, destination, queue, made, stopping);
        }
    }

    /// <summary>
    /// Looks at the destination and leaves no trace there: whether this user may publish is tried within a transaction that is rolled back.
    /// The broker looks at the rights as it takes the message, and routes none before the commit; any other message would be somebody's, since
    /// a binding may match every key.
    /// </summary>
    /// <exception cref="OperationInterruptedException">The broker closes the connection.</exception>
    public static async Task<DestinationFinding> InspectAsync(IConnection connection, Destination destination, CancellationToken stopping)
    {
        var missing = new List<string>();
        if (!await IsThereAsync(connection, channel => channel.ExchangeDeclarePassiveAsync(destination.Exchange, stopping), stopping))
        {
            missing.Add($"exchange {destination.Exchange}");
        }

        if (destination.Queue is { } queue && !await IsThereAsync(connection, channel => channel.QueueDeclarePassiveAsync(queue, stopping), stopping))
        {
            missing.Add($"queue {queue}");
        }

        return new DestinationFinding(missing, await RefusalToPublishAsync(connection, destination.Exchange, destination.RoutingKey, stopping));
    }

    /// <summary>
    /// Whether this user may publish, tried in a transaction that is rolled back. To be the last thing that a connection is used for: the broker closes the channel when it
    /// refuses, and the connection (504) when the rollback reaches it after the client has agreed to that.
    /// </summary>
    /// <returns>The broker's words if it refuses; null if it does not, or the exchange is missing: that is found out after the rights.</returns>
    /// <exception cref="OperationInterruptedException">The broker closes the connection for something else.</exception>
    internal static async Task<string?> RefusalToPublishAsync(IConnection connection, string exchange, string key, CancellationToken stopping)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: stopping);
        try
        {
            await channel.TxSelectAsync(stopping);
            await channel.BasicPublishAsync(exchange, key, mandatory: false, ReadOnlyMemory<byte>.Empty, stopping);
            await channel.TxRollbackAsync(stopping);
            return null;
        }
        catch (Exception e) when (e is OperationInterruptedException or OperationCanceledException && !stopping.IsCancellationRequested && channel.CloseReason is { ReplyCode: AccessRefused or NotFound })
        {
            return channel.CloseReason.ReplyCode == AccessRefused ? BrokerFailure.Describe(channel.CloseReason) : null;
        }
    }

    private static async Task EnsureQueueAsync(IConnection connection, Destination destination, string queue, Durability durability, CancellationToken stopping)
    {
        if (!await IsThereAsync(connection, channel => channel.QueueDeclarePassiveAsync(queue, stopping), stopping))
        {
            Dictionary<string, object?> arguments = durability.IsQuorum ? new() { ["x-queue-type"] = "quorum" } : [];
            await DoAsync(
                connection, channel => channel.QueueDeclareAsync(queue, durability.Queue, exclusive: false, autoDelete: false, arguments, cancellationToken: stopping), stopping);
        }

        try
        {
            await DoAsync(connection, channel => channel.QueueBindAsync(queue, destination.Exchange, destination.RoutingKey, cancellationToken: stopping), stopping);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == AccessRefused)
        {
            // Who may not bind finds out by what is returned whether somebody else has.
        }
    }

    /// <summary>Whether a passive declaration succeeds. RabbitMQ closes the channel where not, so each has one of its own.</summary>
    internal static async Task<bool> IsThereAsync(IConnection connection, Func<IChannel, Task> declare, CancellationToken stopping)
    {
        try
        {
            await DoAsync(connection, declare, stopping);
            return true;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == NotFound)
        {
            return false;
        }
    }

    private static async Task DoAsync(IConnection connection, Func<IChannel, Task> work, CancellationToken stopping)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stopping);
        await work(channel);
    }
}
