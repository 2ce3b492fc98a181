using System.Globalization;
using Consometer.Delivery.Publishing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Consometer.Delivery.Tasks;

/// <summary>
/// A connection to the broker over which a daemon shares rounds with others. Not mended when it, or a channel on it, breaks: a new one is opened, and
/// the broker gives what was not acked to whoever is there.
/// </summary>
public sealed class TaskLink : IAsyncDisposable
{
    /// <summary>All that AMQP can count: of journal and reports all must come before one is acked.</summary>
    public const ushort UnackedMax = ushort.MaxValue;

    private readonly BrokerOptions _broker;
    private readonly IConnection _connection;
    private readonly IChannel _publishing;
    private readonly LinkWatch _watch;

    private TaskLink(BrokerOptions broker, TaskQueues queues, IConnection connection, IChannel publishing, LinkWatch watch)
    {
        _broker = broker;
        Queues = queues;
        _connection = connection;
        _publishing = publishing;
        _watch = watch;
    }

    /// <summary>The names of what is shared by.</summary>
    public TaskQueues Queues { get; }

    /// <summary>The host that is spoken to.</summary>
    public string Host => _connection.Endpoint.ToString();

    /// <summary>Completes, with the reason, once the connection is closed.</summary>
    public Task<string> Closed => _watch.Closed;

    /// <summary>Connects, and makes what is missing of exchange and queues.</summary>
    /// <exception cref="BrokerException">No host answers, or the broker refuses.</exception>
    public static async Task<TaskLink> OpenAsync(BrokerOptions broker, TaskQueues queues, CancellationToken stopping)
    {
        var connection = await BrokerLink.ConnectAsync(broker, stopping);
        TaskLink? link = null;
        try
        {
            await TaskTopology.EnsureAsync(connection, queues, stopping);
            var publishing = await connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null),
                stopping);
            return link = new TaskLink(broker, queues, connection, publishing, LinkWatch.Start(connection, publishing));
        }
        catch (Exception e) when (BrokerFailure.Describe(e, stopping) is { } found)
        {
            throw new BrokerException(broker, $"exchange and queues {queues.Exchange}", found, e);
        }
        finally
        {
            if (link is null)
            {
                await BrokerLink.CloseAsync(connection);
            }
        }
    }

    /// <summary>Publishes a message, and returns when every queue it goes to has it.</summary>
    /// <param name="key">The routing key.</param>
    /// <param name="type">What it is.</param>
    /// <param name="body">What is in it.</param>
    /// <param name="expires">How long until the queues drop it; null for never.</param>
    /// <param name="stopping">Gives up waiting: it may be there all the same.</param>
    /// <exception cref="BrokerException">It is not confirmed: it may be there all the same.</exception>
    public async Task PublishAsync(string key, string type, ReadOnlyMemory<byte> body, TimeSpan? expires = null, CancellationToken stopping = default)
    {
        var properties = new BasicProperties
        {
            Type = type,
            ContentType = "application/json",
            DeliveryMode = DeliveryModes.Persistent,
            Expiration = expires is { } span ? Math.Max(1, (long)span.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) : null,
        };
        try
        {
            // Where the connection is lost the client may wait for a confirm for ever (rabbitmq-dotnet-client issue 1930).
            var confirmed = _publishing.BasicPublishAsync(Queues.Exchange, key, mandatory: true, properties, body, CancellationToken.None).AsTask();
            await Task.WhenAny(confirmed, Closed).WaitAsync(stopping);
            if (!confirmed.IsCompleted)
            {
                throw new BrokerException(_broker, "a connection that stays", await Closed);
            }

            await confirmed;
        }
        catch (PublishException e)
        {
            throw new BrokerException(_broker, $"a message of key {key} to be taken", e.IsReturn ? "it returned: no queue is bound to that key" : "it was refused", e);
        }
        catch (Exception e) when (e is not BrokerException && BrokerFailure.Describe(e, stopping) is { } found)
        {
            throw new BrokerException(_broker, "a confirm", found, e);
        }
    }

    /// <summary>Consumes a queue.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="unackedMax">Letters that are not acked yet, at most.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="BrokerException">It cannot be consumed.</exception>
    public Task<Inbox> ReceiveAsync(QueueTerms queue, ushort unackedMax, CancellationToken stopping) =>
        OnChannelAsync(channel => Inbox.OpenAsync(_broker, channel, queue.Name, unackedMax, stopping), $"the messages of queue {queue.Name}", stopping);

    /// <summary>Consumes what is told of rounds that have ended from now on.</summary>
    /// <exception cref="BrokerException">It cannot be consumed.</exception>
    public Task<Inbox> HearEndedAsync(CancellationToken stopping)
    {
        var own = Queues.NameOfOwn(Guid.NewGuid());
        return OnChannelAsync(
            async channel =>
            {
                await channel.QueueDeclareAsync(own, durable: false, exclusive: true, autoDelete: true, cancellationToken: stopping);
                await channel.QueueBindAsync(own, Queues.Exchange, TaskQueues.EndedKey, cancellationToken: stopping);
                return await Inbox.OpenAsync(_broker, channel, own, UnackedMax, stopping);
            },
            $"a queue {own}",
            stopping);
    }


    /// <summary>How the last round ended; null if none has. It stays where it is, and is not to be acked.</summary>
    /// <exception cref="BrokerException">The broker does not answer.</exception>
    public Task<Letter?> LastAsync(CancellationToken stopping) =>
        OnChannelAsync(channel => Inbox.PeekAsync(channel, Queues.Last.Name, stopping), $"a look into queue {Queues.Last.Name}", stopping);

    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        await BrokerLink.CloseAsync(_connection);
    }

    /// <exception cref="BrokerException">The broker refuses, or is gone.</exception>
    private async Task<T> OnChannelAsync<T>(Func<IChannel, Task<T>> work, string wanted, CancellationToken stopping)
    {
        try
        {
            return await work(await _connection.CreateChannelAsync(cancellationToken: stopping));
        }
        catch (Exception e) when (BrokerFailure.Describe(e, stopping) is { } found)
        {
            throw new BrokerException(_broker, wanted, found, e);
        }
    }
}
