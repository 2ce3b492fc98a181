using System.Text;
using System.Threading.Channels;
using Consometer.Delivery.Publishing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Consometer.Delivery.Tasks;

/// <summary>
/// What comes from one queue. What is not acked when it is disposed, or its connection lost, the broker puts back to where it was, and gives to
/// whoever consumes the queue next.
/// </summary>
public sealed class Inbox : IAsyncDisposable
{
    private readonly BrokerOptions _broker;
    private readonly IChannel _channel;
    private readonly Channel<Letter> _letters = Channel.CreateUnbounded<Letter>(new UnboundedChannelOptions { SingleWriter = true });
    private string _consumer = "";

    private Inbox(BrokerOptions broker, IChannel channel)
    {
        _broker = broker;
        _channel = channel;
    }

    /// <summary>What has come; as many unacked at most as was asked for. Ends with a <see cref="BrokerException"/> where the broker ends it.</summary>
    public ChannelReader<Letter> Letters => _letters.Reader;

    /// <summary>Acks a letter.</summary>
    /// <exception cref="BrokerException">The connection or the channel is closed: the letter comes again, to somebody.</exception>
    public Task AckAsync(Letter letter) => DoAsync(() => _channel.BasicAckAsync(letter.Tag, multiple: false));

    /// <summary>Acks all that has come up to a letter.</summary>
    /// <exception cref="BrokerException">As <see cref="AckAsync"/>.</exception>
    public Task AckUpToAsync(Letter letter) => DoAsync(() => _channel.BasicAckAsync(letter.Tag, multiple: true));

    /// <summary>Gives a letter up: the queue puts it aside, to where it has its dead letters go.</summary>
    /// <exception cref="BrokerException">As <see cref="AckAsync"/>.</exception>
    public Task RejectAsync(Letter letter) => DoAsync(() => _channel.BasicRejectAsync(letter.Tag, requeue: false));

    /// <summary>Has no more come. What has come can be acked still.</summary>
    public async Task StopAsync()
    {
        // Before the consumer is cancelled: that the broker ends it is an error else. What it sends meanwhile it gives to another when the channel is closed.
        _letters.Writer.TryComplete();
        try
        {
            await _channel.BasicCancelAsync(_consumer);
        }
        catch (Exception e) when (BrokerFailure.Describe(e) is not null)
        {
            // Nothing comes over a channel that is closed.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _letters.Writer.TryComplete();
        try
        {
            await _channel.CloseAsync();
            await _channel.DisposeAsync();
        }
        catch (Exception e) when (BrokerFailure.Describe(e) is not null)
        {
            // It is closed already.
        }
    }

    /// <param name="broker">Its name in errors.</param>
    /// <param name="channel">A channel of its own, which it closes.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="unackedMax">Letters that are not acked yet, at most. Quorum queues take 0 for 2000.</param>
    /// <param name="stopping">Gives up.</param>
    internal static async Task<Inbox> OpenAsync(BrokerOptions broker, IChannel channel, string queue, ushort unackedMax, CancellationToken stopping)
    {
        var inbox = new Inbox(broker, channel);
        await channel.BasicQosAsync(prefetchSize: 0, unackedMax, global: false, stopping);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, e) =>
        {
            inbox._letters.Writer.TryWrite(Read(e));
            return Task.CompletedTask;
        };

        // The broker ends it too when the queue is deleted.
        consumer.UnregisteredAsync += (_, _) =>
        {
            inbox.End("the consumer was cancelled");
            return Task.CompletedTask;
        };
        channel.ChannelShutdownAsync += (_, e) =>
        {
            inbox.End(BrokerFailure.Describe(e));
            return Task.CompletedTask;
        };
        inbox._consumer = await channel.BasicConsumeAsync(queue, autoAck: false, consumer, stopping);
        return inbox;
    }

    /// <summary>The first letter of a queue, if it has one. It stays there: with the channel's end the broker puts it back.</summary>
    internal static async Task<Letter?> PeekAsync(IChannel channel, string queue, CancellationToken stopping)
    {
        await using var own = channel;
        return await own.BasicGetAsync(queue, autoAck: false, stopping) is { } first
            ? Read(first.BasicProperties, first.Body, first.Redelivered, first.DeliveryTag)
            : null;
    }

    /// <summary>A letter as the client gives it; the body is copied, since the client uses its memory again.</summary>
    private static Letter Read(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, bool isRedelivered, ulong tag)
    {
        var death = properties.Headers?.TryGetValue("x-first-death-reason", out var reason) == true && reason is byte[] text ? Encoding.UTF8.GetString(text) : null;
        return new Letter(properties.Type ?? "", body.ToArray(), isRedelivered, death, tag);
    }

    private static Letter Read(BasicDeliverEventArgs e) => Read(e.BasicProperties, e.Body, e.Redelivered, e.DeliveryTag);

    private void End(string reason) => _letters.Writer.TryComplete(new BrokerException(_broker, "a queue's messages", reason));

    private async Task DoAsync(Func<ValueTask> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (BrokerFailure.Describe(e) is { } found)
        {
            throw new BrokerException(_broker, "an ack", found, e);
        }
    }
}
