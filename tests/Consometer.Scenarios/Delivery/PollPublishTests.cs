using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;
using Consometer.Scenarios.Samples;

namespace Consometer.Scenarios.Delivery;

/// <summary><c>poll --publish</c>: one round, kept and delivered.</summary>
public sealed class PollPublishTests(RealSwift lab, RealBroker broker) : DeliveryTest(lab, broker)
{
    [Fact]
    public async Task When_it_returns_all_is_delivered_as_it_was_printed()
    {
        Folder.Write(Few(publish: "format: [consometer, ceilometer], declare: durable"));
        var run = (await PublishAsync()).Succeeded();

        Assert.Equal(0, Store.Waiting());
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        await using var agents = ReceivedMessages.Subscribe(Host, CeilometerAgent.SampleQueue);
        await DeliveredAsync(received, agents);
        var printed = PrintedSample.FromNdjson(run.Output).Select(sample => (sample.MessageId, sample.Figure)).ToHashSet();
        Assert.Equal(FewFigures.Length, printed.Count);
        Assert.All([received, agents], all => Assert.Equal(printed, all.Samples.Select(sample => (sample.MessageId, sample.Figure)).ToHashSet()));
        new Delivered(received.Messages).AssertAll(Store.All(), FewFigures);
        new Delivered(agents.Messages).AssertAll(Store.All(), FewFigures);
    }

    [Theory]
    [InlineData("poll")]
    [InlineData("run")]
    public async Task What_a_broker_that_is_down_could_not_take_the_next_one_delivers(string next)
    {
        await Host.DeclareAsync(Exchange, Queue, Queue);
        Folder.Write(Few());
        await using (await RealBroker.StopAsync())
        {
            var run = await PublishAsync();
            Assert.Equal(5, run.ExitCode);
            Assert.Equal(FewFigures.Length, PrintedSample.FromNdjson(run.Output).Length);
            Assert.Contains("wanted a connection, found", Assert.Single(run.ErrorLines, line => line.StartsWith("consometer: ", StringComparison.Ordinal)), StringComparison.Ordinal);
            Assert.Contains("1 messages of format consometer wait in", run.Errors, StringComparison.Ordinal);
            Assert.NotEqual(0, Store.Waiting());
        }

        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        if (next == "poll")
        {
            (await PublishAsync()).Succeeded();
            await DeliveredAsync(received);
            new Delivered(received.Messages).AssertOneIdEach();
        }
        else
        {
            await DeliverRestAsync(Few(), Store, received);
            new Delivered(received.Messages).AssertAll(Store.All(), FewFigures);
        }

        Figure.AssertSame(FewFigures, received.Samples.DistinctBy(sample => sample.MessageId).Select(sample => sample.Figure));
    }

    [Fact]
    public async Task Without_a_broker_in_the_configuration_it_is_refused()
    {
        Folder.Write(Few(rabbit: ""));
        var run = await PublishAsync();

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("credentials.rabbit", Assert.Single(run.ErrorLines, line => line.StartsWith("consometer: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Empty(run.Output);
        Assert.False(File.Exists(Folder.Store));
    }

    /// <summary>A look that is published too is no round: the period still gets its own, of all accounts, with the same ids.</summary>
    [Fact]
    public async Task Of_an_account_that_is_named_only_its_samples_are_delivered_and_the_period_waits_for_its_round()
    {
        var named = FewAccounts.First(account => account.Bytes > 0);
        Folder.Write(Few());
        (await PublishAsync("--account", named.Account)).Succeeded();
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        await DeliveredAsync(received);
        var first = received.Samples;
        Figure.AssertSame(named.Figures, first.Select(sample => sample.Figure));
        Assert.Empty(Store.Whole());

        await using var daemon = StartDaemon(Few());
        await MoreRoundsAsync(Store, 1);
        await DeliveredAsync(received);
        await daemon.StopAsync();

        Figure.AssertSame(FewFigures, received.Samples.Skip(first.Length).Select(sample => sample.Figure));
        new Delivered(received.Messages).AssertOneIdEach();
    }

    private Task<ProgramRun> PublishAsync(params string[] more) =>
        Programs.ConsometerAsync(["poll", "--publish", "--format", "ndjson", "--config", Folder.Path, .. more]);
}
