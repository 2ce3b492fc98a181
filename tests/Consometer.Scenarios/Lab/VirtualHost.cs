using System.Globalization;
using System.Text;
using Consometer.Scenarios.Running;
using RabbitMQ.Client;

namespace Consometer.Scenarios.Lab;

/// <summary>What the broker says of a queue.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Messages">Those that wait and those that were delivered and not acknowledged; -1 for a quorum queue that has no leader.</param>
/// <param name="Consumers">How many there are.</param>
internal sealed record QueueState(string Name, int Messages, int Consumers);

/// <summary>A virtual host of the broker for one test: nobody else's messages are in it. Gone with the test.</summary>
internal sealed class VirtualHost : IAsyncDisposable
{
    private static readonly CreateChannelOptions Confirming = new(
        publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private VirtualHost(string name) => Name = name;

    public string Name { get; }

    public static async Task<VirtualHost> MakeAsync()
    {
        var host = new VirtualHost($"test-{Guid.NewGuid():N}");
        (await Programs.LabAsync("rabbit", "vhost", host.Name)).Succeeded();
        return host;
    }

    public async ValueTask DisposeAsync() => (await Programs.LabAsync("rabbit", "drop", Name)).Succeeded();

    /// <summary>For <see cref="LabConfiguration.Rabbit"/>: how to get here, without exchange and routing key.</summary>
    public string Settings(BrokerUser user) => Settings("127.0.0.1", RealBroker.Port, user);

    /// <summary>The same over TLS. Certificates are for the test to add, as in <c>cacert: FILE, cert: FILE, key: FILE</c>.</summary>
    public string TlsSettings(BrokerUser user) => Settings("localhost", RealBroker.TlsPort, user) + ", tls: true";

    /// <summary>A way here that does not mend itself.</summary>
    public ConnectionFactory Factory(BrokerUser user) => new()
    {
        HostName = "127.0.0.1",
        Port = RealBroker.Port,
        UserName = user.Name,
        Password = user.Password,
        VirtualHost = Name,
        AutomaticRecoveryEnabled = false,
    };

    /// <summary>Does something on a channel of its own, which confirms: a publish that was refused or went nowhere throws.</summary>
    public async Task OnChannelAsync(Func<IChannel, Task> work, BrokerUser? user = null)
    {
        await using var connection = await Factory(user ?? RealBroker.Admin).CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(Confirming);
        await work(channel);
    }

    /// <summary>A topic exchange and a queue bound to it.</summary>
    public Task DeclareAsync(string exchange, string queue, string routingKey, bool durable = true) => OnChannelAsync(async channel =>
    {
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Topic, durable);
        await channel.QueueDeclareAsync(queue, durable, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(queue, exchange, routingKey);
    });

    /// <summary>Has a classic queue do nothing, until disposed: what is published to it is not confirmed, and connections live.</summary>
    public Task<Outage> SuspendAsync(string queue) => Outage.BeginAsync("rabbit", ["eval", Ask("suspend", queue)], ["eval", Ask("resume", queue)]);

    /// <summary>A persistent message of JSON; when this ends the broker has confirmed it.</summary>
    public Task PublishAsync(string exchange, string routingKey, string body, BrokerUser? user = null)
    {
        var properties = new BasicProperties { ContentType = "application/json", Persistent = true };
        return OnChannelAsync(
            channel => channel.BasicPublishAsync(exchange, routingKey, mandatory: true, properties, Encoding.UTF8.GetBytes(body)).AsTask(), user);
    }

    /// <summary>All queues.</summary>
    public async Task<QueueState[]> QueuesAsync()
    {
        var run = (await Programs.LabAsync("rabbit", "queues", Name)).Succeeded();
        return [.. run.OutputLines.Select(line => line.Split('\t')).Select(row => new QueueState(row[0], Number(row[1]), Number(row[2])))];
    }

    private string Ask(string what, string queue) =>
        $"{{ok, Q}} = rabbit_amqqueue:lookup(rabbit_misc:r(<<\"{Name}\">>, queue, <<\"{queue}\">>)), sys:{what}(amqqueue:get_pid(Q))";

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private string Settings(string host, int port, BrokerUser user) => string.Create(
        CultureInfo.InvariantCulture, $"host: {host}, port: {port}, user: {user.Name}, password: {user.Password}, vhost: {Name}");
}
