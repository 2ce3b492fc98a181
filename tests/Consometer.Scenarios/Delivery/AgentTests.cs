using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;
using Consometer.Scenarios.Samples;

namespace Consometer.Scenarios.Delivery;

/// <summary>Ceilometer's own agent takes what is sent to it. As a user that may only write to its exchange, if nothing else is said.</summary>
public sealed class AgentTests(RealSwift lab, RealBroker broker) : DeliveryTest(lab, broker)
{
    private const int Accounts = 2000;

    private static readonly string[] Publish = ["poll", "--publish", "--format", "ndjson", "--config"];

    private string Writer => Host.Settings(RealBroker.Writer);

    [Fact]
    public async Task Of_a_round_of_2000_accounts_it_writes_every_sample()
    {
        await using var larger = await LargerLab.PopulateAsync(Accounts);
        await using var agent = await CeilometerAgent.StartAsync(Host);
        Folder.Write(new LabConfiguration { Rabbit = Writer, Publish = "format: ceilometer" });

        var run = (await Programs.ConsometerAsync([.. Publish, Folder.Path])).Succeeded();

        Assert.Equal(0, Store.Waiting());
        var printed = PrintedSample.FromNdjson(run.Output);
        await AgentHasAsync(printed.Length);
        Figure.AssertSame(larger.Truth.SelectMany(account => account.Figures), CeilometerAgent.Samples.Select(sample => sample.Figure));
        Assert.Equal(printed.Select(sample => (sample.MessageId, sample.ResourceId, sample.Meter, sample.Volume)).ToHashSet(), Written());
        Tell($"{printed.Length} samples of {larger.Truth.Length} projects");
    }

    /// <summary>Its exchange is its own affair: until it has made it, samples wait and the operator is told which one is missing.</summary>
    [Fact]
    public async Task Samples_wait_for_an_agent_that_starts_later()
    {
        await using var daemon = StartDaemon(Few(Writer, "format: ceilometer"));
        await daemon.SaysAsync("wanted exchange ceilometer, found none");
        await MoreRoundsAsync(Store, 0);
        await Eventually.TrueAsync("messages that wait", () => Store.Waiting() > 0);

        await using var agent = await CeilometerAgent.StartAsync(Host);
        await AgentHasAsync(FewFigures.Length);

        Figure.AssertSame(FewFigures, CeilometerAgent.Samples.Select(sample => sample.Figure));
        await DeliveredAsync();
        await daemon.StopAsync();
    }

    /// <summary>Made as the agent would have made it, so that it starts and finds what was sent before.</summary>
    [Theory]
    [InlineData(QueueKind.Transient, "transient")]
    [InlineData(QueueKind.Durable, "durable")]
    [InlineData(QueueKind.Quorum, "quorum")]
    public async Task What_is_declared_as_the_agent_does_keeps_samples_until_it_starts(QueueKind kind, string declare)
    {
        Folder.Write(Few(Host.Settings(RealBroker.Admin), $"format: ceilometer, declare: {declare}"));
        (await Programs.ConsometerAsync([.. Publish, Folder.Path])).Succeeded();
        Assert.Equal(0, Store.Waiting());

        await using var agent = await CeilometerAgent.StartAsync(Host, kind);
        await AgentHasAsync(FewFigures.Length);

        Figure.AssertSame(FewFigures, CeilometerAgent.Samples.Select(sample => sample.Figure));
    }

    private static Task AgentHasAsync(int samples) => Eventually.TrueAsync($"{samples} samples of the agent's", () => CeilometerAgent.Samples.Length >= samples);

    private static HashSet<(Guid, string, string, long)> Written() =>
        [.. CeilometerAgent.Samples.Select(sample => (sample.MessageId, sample.ResourceId, sample.Meter, sample.Volume))];
}
