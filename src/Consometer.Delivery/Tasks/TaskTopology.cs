using Consometer.Delivery.Publishing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Consometer.Delivery.Tasks;

/// <summary>Makes the exchange and the queues of shared rounds where they are missing.</summary>
internal static class TaskTopology
{
    /// <summary>
    /// What is there is taken as it is: it may have been made by another version of the broker, with fewer arguments. Bindings are made each time, which changes
    /// nothing where they are there.
    /// </summary>
    /// <exception cref="OperationInterruptedException">The broker refuses.</exception>
    public static async Task EnsureAsync(IConnection connection, TaskQueues queues, CancellationToken stopping)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stopping);
        await channel.ExchangeDeclareAsync(queues.Exchange, ExchangeType.Direct, durable: true, autoDelete: false, cancellationToken: stopping);
        var isNewer = BrokerVersion.Of(connection).HasExpiry;
        foreach (var queue in queues.All)
        {
            if (!await BrokerTopology.IsThereAsync(connection, own => own.QueueDeclarePassiveAsync(queue.Name, stopping), stopping))
            {
                await channel.QueueDeclareAsync(queue.Name, durable: true, exclusive: false, autoDelete: false, ArgumentsOf(queue, isNewer), cancellationToken: stopping);
            }

            foreach (var key in queue.Keys)
            {
                await channel.QueueBindAsync(queue.Name, queues.Exchange, key, cancellationToken: stopping);
            }
        }
    }

    private static Dictionary<string, object?> ArgumentsOf(QueueTerms queue, bool isNewer) =>
        new(isNewer ? queue.Arguments.Concat(queue.NewerArguments) : queue.Arguments);
}
