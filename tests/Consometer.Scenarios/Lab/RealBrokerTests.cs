using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Consometer.Scenarios.Samples;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Consometer.Scenarios.Lab;

/// <summary>The lab's broker and agent do what other tests take for granted. The program has no part in it.</summary>
public sealed class RealBrokerTests(RealSwift lab, RealBroker broker) : BrokerTest(lab, broker)
{
    private const string Exchange = "metering";
    private const string Queue = "metering.sample";

    /// <summary>The older format, of two samples.</summary>
    private const string Older = """
        {"args": {"data": [
          {"counter_name": "storage.objects.size", "resource_id": "84d0c2658332414c9108d62808e72d89",
           "message_id": "bf02a10d-335a-40f7-bbc4-34257ab60162", "timestamp": "2026-11-21T21:20:04Z", "counter_volume": "1290577769868",
           "user_id": null, "source": "openstack", "counter_unit": "B", "project_id": "84d0c2658332414c9108d62808e72d89",
           "counter_type": "gauge", "ressource_metadata": null, "region": "RegionOne"},
          {"counter_name": "storage.objects.size", "resource_id": "e0ec1a5d24884f4bb0d7ed917fa0312d",
           "message_id": "01a77236-2355-4bfe-b6c4-9c2c0114f021", "timestamp": "2026-11-21T21:20:05Z", "counter_volume": "1380826107248",
           "user_id": null, "source": "openstack", "counter_unit": "B", "project_id": "e0ec1a5d24884f4bb0d7ed917fa0312d",
           "counter_type": "gauge", "ressource_metadata": null, "region": "RegionOne"}
        ]}}
        """;

    private const string Notification = """
        {"message_id": "b0b2b1a4-7d3b-4b0b-8a9b-5d7c0f9f3e55", "publisher_id": "ceilometer.polling", "event_type": "telemetry.polling",
         "priority": "SAMPLE", "timestamp": "2026-11-21 21:30:00.000000", "_unique_id": "8d2f5a4e2a3b4c5d8e9f001122334455",
         "payload": {"samples": [
           {"source": "openstack", "counter_name": "storage.objects.size", "counter_type": "gauge", "counter_unit": "B",
            "counter_volume": 107374182400, "user_id": null, "project_id": "0123456789abcdef0123456789abcdef",
            "resource_id": "0123456789abcdef0123456789abcdef", "timestamp": "2026-11-21T21:30:00.000000", "resource_metadata": {},
            "message_id": "6f1c2d2e-5b1e-4b8e-9a51-0a6d1f7f2c11", "monotonic_time": null,
            "message_signature": "ac3d2c70660f82164d9395a877afdbd6f246625c7b489a5b43822914bb06ecf8"}
         ]}}
        """;

    /// <summary>What an agent of Ceilometer's reads: JSON in JSON.</summary>
    private static readonly string Enveloped = JsonSerializer.Serialize(
        new Dictionary<string, string> { ["oslo.version"] = "2.0", ["oslo.message"] = Notification });

    private static readonly ReceivedSample[] OlderSamples =
    [
        new(
            new Guid("bf02a10d-335a-40f7-bbc4-34257ab60162"), "storage.objects.size", "gauge",
            "84d0c2658332414c9108d62808e72d89", "84d0c2658332414c9108d62808e72d89", 1290577769868, "2026-11-21T21:20:04Z"),
        new(
            new Guid("01a77236-2355-4bfe-b6c4-9c2c0114f021"), "storage.objects.size", "gauge",
            "e0ec1a5d24884f4bb0d7ed917fa0312d", "e0ec1a5d24884f4bb0d7ed917fa0312d", 1380826107248, "2026-11-21T21:20:05Z"),
    ];

    private static readonly ReceivedSample NotifiedSample = new(
        new Guid("6f1c2d2e-5b1e-4b8e-9a51-0a6d1f7f2c11"), "storage.objects.size", "gauge",
        "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef", 107374182400, "2026-11-21T21:30:00.000000");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_confirmed_is_there_after_the_broker_was_stopped_or_killed(bool killed)
    {
        await Host.DeclareAsync(Exchange, Queue, Queue);
        await Host.PublishAsync(Exchange, Queue, Older);
        await using (killed ? await RealBroker.KillAsync() : await RealBroker.StopAsync())
        {
            await Assert.ThrowsAsync<BrokerUnreachableException>(() => Host.PublishAsync(Exchange, Queue, Older));
        }

        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        await received.DrainedAsync();

        Assert.Equal(OlderSamples, received.Samples);
        Assert.Equal(MessageFormat.Consometer, received.Messages[0].Format);
        Assert.True(received.Messages[0].Persistent);
    }

    [Fact]
    public async Task Who_consumes_goes_on_after_the_broker_was_away_and_connections_were_closed()
    {
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        await Host.DeclareAsync(Exchange, Queue, Queue);
        await PublishAndReceiveAsync(received);

        await (await RealBroker.KillAsync()).DisposeAsync();
        await PublishAndReceiveAsync(received);

        await RealBroker.CloseConnectionsAsync();
        await PublishAndReceiveAsync(received);

        await Host.OnChannelAsync(channel => channel.QueueDeleteAsync(Queue));
        await Host.DeclareAsync(Exchange, Queue, Queue);
        await PublishAndReceiveAsync(received);
    }

    [Fact]
    public async Task While_the_disk_is_full_or_the_broker_hangs_nothing_is_confirmed()
    {
        await Host.DeclareAsync(Exchange, Queue, Queue);
        await Host.OnChannelAsync(async channel =>
        {
            Task blocked;
            await using (await RealBroker.FillDiskAsync())
            {
                blocked = Publish(channel);
                await AssertUnconfirmedAsync(blocked);
            }

            await blocked;
            await using (await RealBroker.FreezeAsync())
            {
                blocked = Publish(channel);
                await AssertUnconfirmedAsync(blocked);
            }

            await blocked;
        });

        Assert.Equal([new QueueState(Queue, 2, 0)], await Host.QueuesAsync());

        static Task Publish(IChannel channel) => channel.BasicPublishAsync(Exchange, Queue, mandatory: true, "{}"u8.ToArray()).AsTask();

        static Task AssertUnconfirmedAsync(Task publish) => Assert.ThrowsAsync<TimeoutException>(
            () => publish.WaitAsync(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_writer_may_write_to_one_exchange_and_declare_nothing()
    {
        await Host.DeclareAsync(CeilometerAgent.Exchange, Queue, Queue);
        await Host.DeclareAsync(Exchange, Queue, Queue);

        await Host.PublishAsync(CeilometerAgent.Exchange, Queue, Older, RealBroker.Writer);
        await Host.OnChannelAsync(channel => channel.ExchangeDeclarePassiveAsync(CeilometerAgent.Exchange), RealBroker.Writer);
        await Assert.ThrowsAnyAsync<RabbitMQClientException>(() => Host.PublishAsync(Exchange, Queue, Older, RealBroker.Writer));
        await Assert.ThrowsAsync<OperationInterruptedException>(
            () => Host.OnChannelAsync(channel => channel.QueueDeclareAsync("another"), RealBroker.Writer));

        Assert.Equal([new QueueState(Queue, 1, 0)], await Host.QueuesAsync());
    }

    [Theory]
    [InlineData("client", "localhost", true)]
    [InlineData("client", "127.0.0.1", false)]
    [InlineData("stranger", "localhost", false)]
    [InlineData(null, "localhost", false)]
    public async Task Over_TLS_broker_and_client_know_each_other_by_certificate(string? certificate, string name, bool good)
    {
        async Task ConnectAsync()
        {
            await using var connection = await TlsFactory(certificate, name).CreateConnectionAsync();
        }

        if (good)
        {
            await ConnectAsync();
        }
        else
        {
            await Assert.ThrowsAsync<BrokerUnreachableException>(ConnectAsync);
        }
    }

    [Fact]
    public async Task The_agent_takes_a_sample_that_was_made_by_hand()
    {
        await using var agent = await CeilometerAgent.StartAsync(Host);
        Assert.Empty(CeilometerAgent.Samples);

        await Host.PublishAsync(CeilometerAgent.Exchange, CeilometerAgent.SampleQueue, Enveloped, RealBroker.Writer);
        await Eventually.TrueAsync("the agent's sample", () => CeilometerAgent.Samples.Length > 0);

        Assert.Equal([NotifiedSample], CeilometerAgent.Samples);
    }

    [Fact]
    public async Task What_the_agent_was_away_for_waits_in_its_queue_and_reads_the_same_there()
    {
        await (await CeilometerAgent.StartAsync(Host)).DisposeAsync();

        await Host.PublishAsync(CeilometerAgent.Exchange, CeilometerAgent.SampleQueue, Enveloped, RealBroker.Writer);
        Assert.Contains(new QueueState(CeilometerAgent.SampleQueue, 1, 0), await Host.QueuesAsync());
        await using var received = ReceivedMessages.Subscribe(Host, CeilometerAgent.SampleQueue);
        await received.DrainedAsync();

        Assert.Equal([NotifiedSample], received.Samples);
        Assert.Equal(MessageFormat.Ceilometer, received.Messages[0].Format);
    }

    private async Task PublishAndReceiveAsync(ReceivedMessages received)
    {
        var wanted = received.Samples.Length + OlderSamples.Length;
        await Host.PublishAsync(Exchange, Queue, Older);
        await Eventually.TrueAsync($"{wanted} samples", () => received.Samples.Length >= wanted);
        Assert.Equal(wanted, received.Samples.Length);
    }

    private ConnectionFactory TlsFactory(string? certificate, string name)
    {
        var factory = Host.Factory(RealBroker.Writer);
        factory.Port = RealBroker.TlsPort;
        factory.Ssl = new SslOption
        {
            Enabled = true,
            ServerName = name,
            CertificateValidationCallback = (_, server, _, errors) =>
                !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && IsOfTheLab(new X509Certificate2(server!)),
            Certs = certificate is null
                ? null
                : [X509Certificate2.CreateFromPemFile(RealBroker.TlsFile($"{certificate}.pem"), RealBroker.TlsFile($"{certificate}.key"))],
        };
        return factory;
    }

    private static bool IsOfTheLab(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(RealBroker.TlsFile("ca.pem")));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
