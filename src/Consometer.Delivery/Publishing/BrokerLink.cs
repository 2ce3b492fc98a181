using Consometer.Swift;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Consometer.Delivery.Publishing;

/// <summary>A connection to the broker, and a channel on it that confirms what is published. Not mended when it breaks: a new one is opened.</summary>
internal sealed class BrokerLink : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private static readonly BasicProperties Properties = new()
    {
        // Ceilometer's agent drops what has no such content type (oslo.messaging, amqpdriver).
        ContentType = "application/json",
        ContentEncoding = "utf-8",
        DeliveryMode = DeliveryModes.Persistent,
        Priority = 0,
    };

    private readonly BrokerOptions _broker;
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly LinkWatch _watch;
    private volatile bool _isBlocked;

    private BrokerLink(BrokerOptions broker, IConnection connection, IChannel channel, LinkWatch watch)
    {
        _broker = broker;
        _connection = connection;
        _channel = channel;
        _watch = watch;
    }

    /// <summary>The host that is spoken to.</summary>
    public string Host => _connection.Endpoint.ToString();

    /// <summary>Completes, with the reason, once connection or channel is closed. Nothing is confirmed after that.</summary>
    public Task<string> Closed => _watch.Closed;

    /// <summary>Whether the broker has said that it takes nothing for now.</summary>
    public bool IsBlocked => _isBlocked;

    /// <summary>Connects, and sees that the destination is there.</summary>
    /// <exception cref="BrokerException">No host answers, or the broker refuses, or the destination is missing.</exception>
    public static async Task<BrokerLink> OpenAsync(BrokerOptions broker, Destination destination, Action<PumpNews> tell, CancellationToken stopping)
    {
        var connection = await ConnectAsync(broker, stopping);
        BrokerLink? link = null;
        try
        {
            await BrokerTopology.EnsureAsync(connection, broker, destination, stopping);

            // The window is the pump's: the library's own limiter would have publishing wait where nobody sees it.
            var channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null),
                stopping);
            link = new BrokerLink(broker, connection, channel, LinkWatch.Start(connection, channel));
            link.TellOfBlocks(tell);
            return link;
        }
        catch (Exception e) when (BrokerFailure.Describe(e, stopping) is { } found)
        {
            throw new BrokerException(broker, "a channel that confirms", found, e);
        }
        finally
        {
            if (link is null)
            {
                await CloseAsync(connection);
            }
        }
    }

    /// <summary>
    /// Publishes a message; completes when the broker has confirmed or refused it. Where the connection is lost it may never complete
    /// (rabbitmq-dotnet-client issue 1930): wait for <see cref="Closed"/> as well.
    /// </summary>
    /// <returns>Null if it is confirmed, else why it is not.</returns>
    /// <exception cref="BrokerException">The connection or the channel is closed.</exception>
    public async Task<string?> PublishAsync(Destination destination, ReadOnlyMemory<byte> body)
    {
        try
        {
            await _channel.BasicPublishAsync(destination.Exchange, destination.RoutingKey, mandatory: true, Properties, body, CancellationToken.None);
            return null;
        }
        catch (PublishException e)
        {
            return e.IsReturn ? "a message returned: no queue is bound there with that key" : "a message refused: is a queue there full?";
        }
        catch (Exception e) when (BrokerFailure.Describe(e) is { } found)
        {
            throw new BrokerException(_broker, "a confirm", found, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        await CloseAsync(_connection);
    }

    /// <exception cref="BrokerException">No host answers, or the broker refuses.</exception>
    internal static async Task<IConnection> ConnectAsync(BrokerOptions broker, CancellationToken stopping)
    {
        var factory = new ConnectionFactory
        {
            UserName = broker.User,
            Password = broker.Password,
            VirtualHost = broker.VirtualHost,
            ClientProvidedName = "consometer",
            RequestedHeartbeat = broker.Heartbeat,
            RequestedConnectionTimeout = ConnectTimeout,
            HandshakeContinuationTimeout = AnswerTimeout,
            ContinuationTimeout = AnswerTimeout,

            // What was not confirmed is known to the outbox alone: it sends again, over a link of which all is known.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
        };
        try
        {
            return await factory.CreateConnectionAsync(broker.Hosts.Select(host => new AmqpTcpEndpoint(host.Name, host.Port, Ssl(broker.Tls, host))), stopping);
        }
        catch (Exception e) when (BrokerFailure.Describe(e, stopping) is { } found)
        {
            throw new BrokerException(broker, "a connection", found, e);
        }
    }

    private static SslOption Ssl(TlsTrust? tls, BrokerHost host) => tls is null
        ? new SslOption()
        : new SslOption(host.Name, enabled: true) { Certs = tls.ClientCertificates, CertificateValidationCallback = tls.Accepts };

    private void TellOfBlocks(Action<PumpNews> tell)
    {
        _connection.ConnectionBlockedAsync += (_, e) =>
        {
            _isBlocked = true;
            tell(new PumpNews.Blocked(e.Reason));
            return Task.CompletedTask;
        };
        _connection.ConnectionUnblockedAsync += (_, _) =>
        {
            _isBlocked = false;
            tell(new PumpNews.Unblocked());
            return Task.CompletedTask;
        };
    }

    /// <summary>A broker that is gone is not waited for long: it has confirmed all that it will.</summary>
    internal static async Task CloseAsync(IConnection connection)
    {
        try
        {
            await connection.AbortAsync(CloseTimeout).WaitAsync(CloseTimeout * 2);
            await connection.DisposeAsync().AsTask().WaitAsync(CloseTimeout * 2);
        }
        catch (Exception e) when (BrokerFailure.Describe(e) is not null)
        {
            // Nothing is lost with it but a socket that the system closes in time.
        }
    }
}
