using System.Text;
using Consometer.Delivery.Formats;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Samples;

namespace Consometer.Tests.Delivery;

/// <summary>Messages in the store: what is to be sent, and when.</summary>
public sealed class OutboxTests : IDisposable
{
    private static readonly RoundTime Time = RoundTime.At(ManualClock.Start, TimeSpan.FromHours(1));
    private static readonly Destination Nowhere = new("exchange", "key", Queue: null, Durability: null);

    private readonly TempFolder _folder = new();

    private string File => _folder.Find("consometer.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Messages_are_seen_with_their_round_and_in_the_order_they_were_made()
    {
        using var store = SampleStore.Open(File);
        using var outbox = Outbox.Open(File);
        using (var entry = Begin(store, batchSize: 3))
        {
            Keep(entry, 7);
            Assert.Empty(Next(outbox));
            entry.End(StoredRows.Report());
        }

        var messages = Next(outbox);
        Assert.Equal([3, 3, 1], messages.Select(message => message.Samples));
        Assert.Equal(["a0 a1 a2", "a3 a4 a5", "a6"], messages.Select(message => Encoding.UTF8.GetString(message.Body)));
        Assert.Equal(messages[1].Id, Assert.Single(outbox.Next("named", messages[0].Id, 1)).Id);
        Assert.Empty(outbox.Next("other", 0, 10));
    }

    /// <summary>Samples come by the ten thousand before they are committed: a message must not be made of one transaction's alone.</summary>
    [Fact]
    public void Every_sample_of_a_large_round_is_in_one_message_and_only_the_last_is_smaller()
    {
        using var store = SampleStore.Open(File);
        using var outbox = Outbox.Open(File);
        using (var entry = Begin(store, batchSize: 700))
        {
            Keep(entry, 25_000);
            entry.End(StoredRows.Report());
        }

        var messages = outbox.Next("named", 0, 100);
        Assert.All(messages.SkipLast(1), message => Assert.Equal(700, message.Samples));
        Assert.Equal(
            Enumerable.Range(0, 25_000).Select(i => $"a{i}"),
            messages.SelectMany(message => Encoding.UTF8.GetString(message.Body).Split(' ')));
    }

    [Fact]
    public void What_is_deleted_is_gone_and_may_be_deleted_again()
    {
        using var store = SampleStore.Open(File);
        using var outbox = Outbox.Open(File);
        using (var entry = Begin(store, batchSize: 1))
        {
            Keep(entry, 3);
            entry.End(StoredRows.Report());
        }

        var messages = Next(outbox);
        outbox.Delete(messages.Take(2));
        outbox.Delete(messages.Take(1));

        Assert.Equal(messages[2].Id, Assert.Single(Next(outbox)).Id);
        Assert.Equal([new Backlog("named", 1, 1, Time.ToString())], outbox.Waiting());
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("abandoned")]
    [InlineData("crashed")]
    public void Of_a_round_that_is_not_complete_nothing_is_ever_sent_and_nothing_stays(string end)
    {
        using var store = SampleStore.Open(File);
        using var outbox = Outbox.Open(File);
        var entry = Begin(store, batchSize: 2);
        Keep(entry, 20_000);
        if (end == "failed")
        {
            entry.End(StoredRows.Report("all are absent"));
        }

        Assert.Empty(Next(outbox));
        if (end == "crashed")
        {
            entry.Lock!.Dispose();
        }
        else
        {
            entry.Dispose();
        }

        Begin(store, batchSize: 2).Dispose();
        Assert.Empty(outbox.Waiting());
        Assert.Equal(["0"], StoredRows.Read(File, $"SELECT count(*) FROM outbox"));
    }

    [Fact]
    public void A_round_that_another_process_is_at_keeps_its_messages()
    {
        using var store = SampleStore.Open(File);
        using var outbox = Outbox.Open(File);
        using var entry = Begin(store, batchSize: 2);
        Keep(entry, 20_000);

        using (var other = SampleStore.Open(File))
        {
            Begin(other, batchSize: 2).Dispose();
        }

        entry.End(StoredRows.Report());
        Assert.Equal(20_000, Assert.Single(outbox.Waiting()).Samples);
    }

    [Fact]
    public void A_round_of_some_accounts_is_sent_and_its_period_waits_for_its_round()
    {
        using var store = SampleStore.Open(File);
        using var outbox = Outbox.Open(File);
        using (var entry = store.BeginRound(NewRound(1) with { IsPartial = true }))
        {
            Keep(entry, 2);
            entry.End(StoredRows.Report());
        }

        Assert.Equal(2, Next(outbox).Count);
        Assert.Null(store.LastRound("RegionOne"));
    }

    [Fact]
    public void A_sample_that_no_consumer_could_read_is_in_no_message()
    {
        using var store = SampleStore.Open(File);
        using var outbox = Outbox.Open(File);
        using (var entry = Begin(store, batchSize: 2))
        {
            entry.Keep(null, [Of("good"), Of("half \ud800 of a pair"), Of("better")]);
            entry.End(StoredRows.Report());
        }

        Assert.Equal("good better", Encoding.UTF8.GetString(Assert.Single(Next(outbox)).Body));
    }

    [Fact]
    public void What_waits_is_told_by_format_with_the_oldest_round()
    {
        using var store = SampleStore.Open(File);
        foreach (var (time, name) in new[] { (Time.Next, "named"), (Time, "named"), (Time, "another") })
        {
            using var entry = store.BeginRound(new NewRound(time, "RegionOne") { Publications = [new Publication(new Names(name), 2, Nowhere)] });
            Keep(entry, 3);
            entry.End(StoredRows.Report());
        }

        Assert.Equal([new Backlog("another", 2, 3, Time.ToString()), new Backlog("named", 4, 6, Time.ToString())], store.Waiting());
    }

    private static NewRound NewRound(int batchSize) => new(Time, "RegionOne") { Publications = [new Publication(new Names("named"), batchSize, Nowhere)] };

    private static RoundEntry Begin(SampleStore store, int batchSize) => store.BeginRound(NewRound(batchSize));

    private static void Keep(RoundEntry entry, int count)
    {
        foreach (var page in Enumerable.Range(0, count).Select(i => Of($"a{i}")).Chunk(1000))
        {
            entry.Keep(null, page);
        }
    }

    private static Sample Of(string resource) => new(MeterCatalogue.All[0], 1, resource, "p", "RegionOne", Time);

    private static IReadOnlyList<OutboxMessage> Next(Outbox outbox) => outbox.Next("named", 0, 10);

    /// <summary>A format to be read at a glance: the resources.</summary>
    private sealed class Names(string name) : IMessageFormat
    {
        public string Name => name;

        public int DefaultBatchSize => 1;

        public byte[] Encode(IReadOnlyList<Sample> samples) => Encoding.UTF8.GetBytes(string.Join(' ', samples.Select(sample => sample.ResourceId)));
    }
}
