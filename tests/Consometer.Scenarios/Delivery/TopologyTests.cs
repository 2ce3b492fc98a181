using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;
using RabbitMQ.Client;

namespace Consometer.Scenarios.Delivery;

/// <summary>Exchange, queue and binding of <c>publish.format: consometer</c>.</summary>
public sealed class TopologyTests(RealSwift lab, RealBroker broker) : DeliveryTest(lab, broker)
{
    [Fact]
    public async Task Where_there_is_nothing_all_is_made_as_the_older_program_made_it()
    {
        Folder.Write(Few());
        (await PublishAsync()).Succeeded();

        await AssertMadeAsync(exchangeIsDurable: false, queueIsDurable: true);
        await AssertReceivedAsync();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task What_is_there_is_used_as_it_is(bool exchangeIsDurable, bool queueIsDurable)
    {
        await Host.OnChannelAsync(async channel =>
        {
            await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, exchangeIsDurable);
            await channel.QueueDeclareAsync(Queue, queueIsDurable, exclusive: false, autoDelete: false);
        });
        Folder.Write(Few());
        (await PublishAsync()).Succeeded();

        await AssertMadeAsync(exchangeIsDurable, queueIsDurable);
        await AssertReceivedAsync();
    }

    /// <summary>Without <c>queue</c> the queue is the consumers' affair; no sample goes where nobody is.</summary>
    [Fact]
    public async Task What_is_returned_stays_and_the_log_names_exchange_and_key()
    {
        await using var daemon = StartDaemon(Few(Host.Settings(RealBroker.Admin) + $", exchange: {Exchange}, routing_key: {Queue}"));
        await daemon.SaysAsync($"wanted a confirm from exchange {Exchange}, routing key {Queue}, found a message returned: no queue is bound there");
        await Eventually.TrueAsync("messages that wait", () => Store.Waiting() > 0);

        await Host.DeclareAsync(Exchange, Queue, Queue, durable: false);
        await DeliveredAsync();

        await AssertReceivedAsync();
        await daemon.StopAsync();
    }

    /// <summary>One that is deleted while the daemon runs is made again; until then what was in no queue is returned.</summary>
    [Fact]
    public async Task A_queue_that_is_deleted_is_made_again_and_no_round_after_is_missing()
    {
        var configuration = Few() with { Timeout = "2s", PollingShare = "1" };
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        await using var daemon = StartDaemon(configuration);
        await MoreRoundsAsync(Store, 2);
        await DeliveredAsync(received);
        await Host.OnChannelAsync(channel => channel.QueueDeleteAsync(Queue));

        await daemon.SaysAsync("a message returned");
        await MoreRoundsAsync(Store, 1);
        await daemon.StopAsync();
        await DeliverRestAsync(configuration, Store, received);

        new Delivered(received.Messages).AssertAll(Store.All(), FewFigures);
    }

    private Task<ProgramRun> PublishAsync() => Programs.ConsometerAsync(["poll", "--publish", "--config", Folder.Path]);

    /// <summary>To declare again what is there is allowed if it is the same in every respect, and closes the channel if not.</summary>
    private Task AssertMadeAsync(bool exchangeIsDurable, bool queueIsDurable) => Host.OnChannelAsync(async channel =>
    {
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, exchangeIsDurable);
        await channel.QueueDeclareAsync(Queue, queueIsDurable, exclusive: false, autoDelete: false);
    });

    private async Task AssertReceivedAsync()
    {
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        await received.DrainedAsync();
        Assert.All(received.Messages, message => Assert.Equal((Exchange, Queue, true), (message.Exchange, message.RoutingKey, message.Persistent)));
        new Delivered(received.Messages).AssertAll(Store.All(), FewFigures);
    }
}
