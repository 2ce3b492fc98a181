using System.Text;
using Consometer.Scenarios.Samples;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Consometer.Scenarios.Lab;

/// <summary>All that arrives in a queue, acknowledged as it comes. When the broker or the queue is gone it waits until they are back.</summary>
internal sealed class ReceivedMessages : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly VirtualHost _host;
    private readonly string _queue;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly List<ReceivedMessage> _messages = [];
    private readonly Task _running;

    private ReceivedMessages(VirtualHost host, string queue)
    {
        _host = host;
        _queue = queue;
        _running = ConsumeAsync();
    }

    /// <summary>In the order in which they came; what was delivered again is there again.</summary>
    public ReceivedMessage[] Messages
    {
        get
        {
            lock (_lock)
            {
                return [.. _messages];
            }
        }
    }

    /// <summary>Every sample of every message.</summary>
    public ReceivedSample[] Samples => [.. Messages.SelectMany(message => message.Samples)];

    /// <param name="host">Where the queue is.</param>
    /// <param name="queue">The queue, which somebody else may declare later.</param>
    public static ReceivedMessages Subscribe(VirtualHost host, string queue) => new(host, queue);

    /// <summary>Until all that is in the queue has come here.</summary>
    public Task DrainedAsync() => Eventually.TrueAsync(
        $"an empty queue {_queue}", async () => (await _host.QueuesAsync()).Any(queue => queue.Name == _queue && queue.Messages == 0));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task ConsumeAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await ConsumeUntilLostAsync();
            }
            catch (Exception e) when (e is RabbitMQClientException or IOException or TimeoutException or OperationCanceledException)
            {
                // No broker, no queue, or the end.
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private async Task ConsumeUntilLostAsync()
    {
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task Lose()
        {
            lost.TrySetResult();
            return Task.CompletedTask;
        }

        await using var connection = await _host.Factory(RealBroker.Admin).CreateConnectionAsync(_stopping.Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: _stopping.Token);
        channel.ChannelShutdownAsync += (_, _) => Lose();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.UnregisteredAsync += (_, _) => Lose();
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            Add(delivery);
            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
        };
        await channel.BasicConsumeAsync(_queue, autoAck: false, consumer, _stopping.Token);
        await lost.Task.WaitAsync(_stopping.Token);
    }

    private void Add(BasicDeliverEventArgs delivery)
    {
        var properties = delivery.BasicProperties;
        var message = new ReceivedMessage(
            delivery.Exchange, delivery.RoutingKey, properties.ContentType, properties.Persistent, delivery.Redelivered,
            Encoding.UTF8.GetString(delivery.Body.Span));
        lock (_lock)
        {
            _messages.Add(message);
        }
    }
}
