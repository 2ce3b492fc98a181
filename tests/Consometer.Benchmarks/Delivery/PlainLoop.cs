using System.Diagnostics;
using Consometer.Delivery.Publishing;
using RabbitMQ.Client;

namespace Consometer.Benchmarks.Delivery;

/// <summary>What RabbitMQ.Client does by itself: each message is published and its confirm awaited, with as many at a time as it allows by default.</summary>
internal static class PlainLoop
{
    public static async Task<TimeSpan> MeasureAsync(BrokerOptions broker, Publication publication, IEnumerable<byte[]> bodies)
    {
        await using var connection = await ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var properties = new BasicProperties { ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent };
        var made = bodies.ToArray();
        var started = Stopwatch.GetTimestamp();
        var inFlight = new Queue<Task>();
        foreach (var body in made)
        {
            inFlight.Enqueue(channel.BasicPublishAsync(publication.Destination.Exchange, publication.Destination.RoutingKey, mandatory: true, properties, body).AsTask());
            if (inFlight.Count == int.Parse(Environment.GetEnvironmentVariable("W") ?? "128"))
            {
                await inFlight.Dequeue();
            }
        }

        while (inFlight.TryDequeue(out var confirm))
        {
            await confirm;
        }

        return Stopwatch.GetElapsedTime(started);
    }

    public static async Task PurgeAsync(BrokerOptions broker, Destination destination)
    {
        await using var connection = await ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(destination.Exchange, ExchangeType.Topic, durable: false);
        await channel.QueueDeclareAsync(destination.Queue!, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(destination.Queue!, destination.Exchange, destination.RoutingKey);
        await channel.QueuePurgeAsync(destination.Queue!);
    }

    private static Task<IConnection> ConnectAsync(BrokerOptions broker) =>
        new ConnectionFactory { HostName = broker.Hosts[0].Name, Port = broker.Hosts[0].Port, UserName = broker.User, Password = broker.Password, VirtualHost = broker.VirtualHost }.CreateConnectionAsync();
}
