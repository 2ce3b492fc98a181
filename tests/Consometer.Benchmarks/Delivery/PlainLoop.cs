using System.Diagnostics;
using Consometer.Delivery.Publishing;
using RabbitMQ.Client;

namespace Consometer.Benchmarks.Delivery;

/// <summary>What RabbitMQ.Client does by itself: bodies that are made already are published, and their confirms awaited.</summary>
internal static class PlainLoop
{
    /// <param name="broker">The broker.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="bodies">The bodies.</param>
    /// <param name="window">How many are unconfirmed at most; with 1 each is confirmed before the next is sent.</param>
    public static async Task<TimeSpan> MeasureAsync(BrokerOptions broker, Destination destination, IReadOnlyList<byte[]> bodies, int window)
    {
        await EmptyAsync(broker, destination);
        await using var connection = await ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null));
        var properties = new BasicProperties { ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent };
        var started = Stopwatch.GetTimestamp();
        var unconfirmed = new Queue<Task>();
        foreach (var body in bodies)
        {
            unconfirmed.Enqueue(channel.BasicPublishAsync(destination.Exchange, destination.RoutingKey, mandatory: true, properties, body).AsTask());
            if (unconfirmed.Count == window)
            {
                await unconfirmed.Dequeue();
            }
        }

        await Task.WhenAll(unconfirmed);
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Has the queue, bound and empty.</summary>
    public static async Task EmptyAsync(BrokerOptions broker, Destination destination)
    {
        await using var connection = await ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(destination.Exchange, ExchangeType.Topic, durable: false);
        await channel.QueueDeclareAsync(destination.Queue!, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(destination.Queue!, destination.Exchange, destination.RoutingKey);
        await channel.QueuePurgeAsync(destination.Queue!);
    }

    private static Task<IConnection> ConnectAsync(BrokerOptions broker) => new ConnectionFactory
    {
        HostName = broker.Hosts[0].Name,
        Port = broker.Hosts[0].Port,
        UserName = broker.User,
        Password = broker.Password,
        VirtualHost = broker.VirtualHost,
    }.CreateConnectionAsync();
}
