using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Delivery;

/// <summary>The daemon ends as by a crash, at any moment, and is started again.</summary>
public sealed class KillTests(RealSwift lab, RealBroker broker) : DeliveryTest(lab, broker)
{
    private const int Kills = 100;

    /// <summary>
    /// What a life has shown of itself before its last moments begin, and how long those last at most: a start, a round, and the sending
    /// that follows take about as long, on a machine that is not busy.
    /// </summary>
    private static readonly (string? Said, int Milliseconds)[] Lives = [(null, 400), ("metering region", 300), ("metering region", 600), ("INFO 1102 round", 150)];

    /// <summary>
    /// Small messages, few at a time, so that kills come while they are on their way. Ceilometer's say when they were made, so that a
    /// message of a round that was cut off would differ from the one of the round made anew.
    /// </summary>
    private LabConfiguration Configuration =>
        Few(publish: "format: [consometer, ceilometer], declare: durable, batch_size: 5, window: 4") with { Timeout = "1s", PollingShare = "1" };

    [Fact]
    public async Task After_a_hundred_kills_every_account_has_its_samples_for_every_round()
    {
        var chance = Chance.Seeded();
        await using var older = ReceivedMessages.Subscribe(Host, Queue);
        await using var agents = ReceivedMessages.Subscribe(Host, CeilometerAgent.SampleQueue);
        var (inARound, whileSending, seen) = (0, 0, new HashSet<long>());
        for (var i = 0; i < Kills; i++)
        {
            await using var killed = StartDaemon(Configuration);
            await LiveAsync(killed, chance);
            await killed.KillAsync();
            var rounds = Store.All();
            inARound += rounds.Any(round => round.State == "running" && seen.Add(round.Id)) ? 1 : 0;
            whileSending += rounds.Length > 0 && Store.Waiting() > 0 ? 1 : 0;
        }

        await using var daemon = StartDaemon(Configuration);
        await MoreRoundsAsync(Store, 2);
        await daemon.StopAsync();
        await DeliverRestAsync(Configuration, Store, older, agents);

        var (consometer, ceilometer) = (new Delivered(older.Messages), new Delivered(agents.Messages));
        Tell($"{Kills} kills, {inARound} in a round, {whileSending} with messages waiting; {Store.Whole().Length} rounds, "
            + $"{consometer.Messages} and {ceilometer.Messages} messages, {consometer.Repeats} and {ceilometer.Repeats} of them repeats");
        Assert.True(inARound > 0 && whileSending > 0, $"wanted kills in rounds and while it sends, found {inARound} and {whileSending}: nothing was tried");
        consometer.AssertAll(Store.All(), FewFigures);
        ceilometer.AssertAll(Store.All(), FewFigures);
        Assert.Equal(consometer.Ids, ceilometer.Ids);
        Assert.Empty(Directory.GetFiles(Folder.Path, "*.round-*"));
    }

    /// <summary>Until a moment of its start, of a round, or of what comes after, however busy the machine is.</summary>
    private static async Task LiveAsync(Daemon daemon, Random chance)
    {
        var (said, milliseconds) = Lives[chance.Next(Lives.Length)];
        if (said is not null)
        {
            await daemon.SaysAsync(said);
        }

        await Task.Delay(chance.Next(milliseconds), TestContext.Current.CancellationToken);
        Assert.False(daemon.HasEnded, string.Join('\n', daemon.Log));
    }

    /// <summary>
    /// A hung node holds a round up whose first ten thousand samples are written. Somebody else's <c>poll --publish</c> empties the outbox
    /// meanwhile, and finds nothing of it there; then it is cut off for good.
    /// </summary>
    [Fact]
    public async Task Nothing_is_sent_of_a_round_under_way_nor_of_one_that_was_cut_off()
    {
        const int Hung = 2;
        string[] meters = ["policies.objects", "policies.objects.size", "policies.containers", "containers.objects", "containers.objects.size"];
        var large = new LabConfiguration
        {
            Rabbit = Rabbit, Publish = "format: consometer", Swift = ["node_timeout: 5m"], Meters = string.Join(", ", meters.Select(meter => $"storage.{meter}: true")),
        };
        var placements = await SwiftPlacement.OfAsync(Truth.Select(account => account.Account));
        var named = Truth.Zip(placements).First(pair => pair.First.Bytes > 0 && !pair.Second.PrimaryNodes.Contains(Hung)).First;
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        await using (await RealSwift.FreezeNodeAsync(Hung))
        {
            await using var killed = StartDaemon(large);
            await Eventually.TrueAsync("messages of a round under way", () => Store.All().Length > 0 && Store.Unfinished() > 0);
            Folder.Write(Few());
            (await Programs.ConsometerAsync(["poll", "--publish", "--config", Folder.Path, named.Account])).Succeeded();
            Assert.NotEqual(0, Store.Unfinished());
            await killed.KillAsync();
        }

        await received.DrainedAsync();
        Figure.AssertSame(named.Figures, received.Samples.Select(sample => sample.Figure));
        await using var daemon = StartDaemon(Few());
        await MoreRoundsAsync(Store, 1);
        await daemon.StopAsync();
        await DeliverRestAsync(Few(), Store, received);
        Figure.AssertSame(FewFigures.Union(named.Figures), received.Samples.DistinctBy(sample => sample.MessageId).Select(sample => sample.Figure));
        Assert.Equal(0, Store.Unfinished());
    }
}
