using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Delivery;

/// <summary>The broker in trouble, and a consumer that must not notice.</summary>
public sealed class BrokerTroubleTests(RealSwift lab, RealBroker broker) : DeliveryTest(lab, broker)
{
    private const int Rounds = 20;

    /// <summary>Each lasts until a round has been made while it does. Both formats at once, over all of the lab.</summary>
    [Fact]
    public async Task A_consumer_receives_every_sample_of_twenty_rounds_whatever_befalls_the_broker()
    {
        var chance = Chance.Seeded();
        await using var older = ReceivedMessages.Subscribe(Host, Queue);
        await using var agents = ReceivedMessages.Subscribe(Host, CeilometerAgent.SampleQueue);
        var configuration = new LabConfiguration
        {
            Timeout = "3s", PollingShare = "1", Rabbit = Rabbit, Publish = "format: [consometer, ceilometer], declare: durable, batch_size: 20",
        };
        await using var daemon = StartDaemon(configuration);
        await MoreRoundsAsync(Store, 1);

        Func<Task<Outage>>[] harms = [RealBroker.StopAsync, RealBroker.KillAsync, RealBroker.FillDiskAsync, RealBroker.FreezeAsync];
        Func<Task>[] troubles = [.. harms.Select(harm => (Func<Task>)(() => DuringARoundAsync(harm))), () => CloseWhileItSendsAsync(older)];
        chance.Shuffle(troubles);
        foreach (var trouble in troubles)
        {
            // A daemon that waits for its next try after one would not notice another.
            await DeliveredAsync();
            await trouble();
        }

        await Eventually.TrueAsync($"{Rounds} rounds", () => Store.Whole().Length >= Rounds);
        await daemon.SaysAsync("the broker takes nothing for now");
        await daemon.SaysAsync("samples wait in the outbox, next try in");
        await DeliveredAsync(older, agents);
        await daemon.StopAsync();
        await DeliverRestAsync(configuration, Store, older, agents);

        var (consometer, ceilometer) = (new Delivered(older.Messages), new Delivered(agents.Messages));
        Tell($"{Store.Whole().Length} rounds, {consometer.Messages} and {ceilometer.Messages} messages, {consometer.Repeats} and {ceilometer.Repeats} of them repeats");
        consometer.AssertAll(Store.All(), [.. AllFigures]);
        ceilometer.AssertAll(Store.All(), [.. AllFigures]);
        Assert.Equal(consometer.Ids, ceilometer.Ids);
    }

    /// <summary>Its connections live, and it has not said that it takes nothing: a defect of a broker, or of a client of it.</summary>
    [Fact]
    public async Task A_broker_that_confirms_nothing_is_named_and_tried_again()
    {
        var configuration = Few(Rabbit + ", heartbeat: 1s") with { Timeout = "2s", PollingShare = "1" };
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        await using (var daemon = StartDaemon(configuration))
        {
            await MoreRoundsAsync(Store, 1);
            await DeliveredAsync(received);
            await using (await Host.SuspendAsync(Queue))
            {
                await daemon.SaysAsync($"wanted a confirm from exchange {Exchange}, routing key {Queue}, found none within 10 s");
            }

            await daemon.SaysAsync("samples delivered", times: 2);
            await daemon.StopAsync();
        }

        await DeliverRestAsync(configuration, Store, received);
        new Delivered(received.Messages).AssertAll(Store.All(), FewFigures);
    }

    private async Task DuringARoundAsync(Func<Task<Outage>> harm)
    {
        await using (await harm())
        {
            await MoreRoundsAsync(Store, 1);
        }

        await MoreRoundsAsync(Store, 1);
    }

    /// <summary>What piled up while the broker was blocked is on its way when the connections close.</summary>
    private async Task CloseWhileItSendsAsync(ReceivedMessages received)
    {
        int before;
        await using (await RealBroker.FillDiskAsync())
        {
            await MoreRoundsAsync(Store, 1);
            before = received.Messages.Length;
        }

        await Eventually.TrueAsync("a message", () => received.Messages.Length > before);
        await RealBroker.CloseConnectionsAsync();
        await MoreRoundsAsync(Store, 1);
    }
}
