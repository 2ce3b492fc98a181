using Consometer.Delivery.Formats;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Samples;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Delivery;

/// <summary>How long the store keeps samples.</summary>
public sealed class ExpiryTests : IDisposable
{
    private static readonly RoundTime First = RoundTime.At(ManualClock.Start, TimeSpan.FromHours(1));
    private static readonly Publication Publication = new(new ConsometerFormat(), 200, new Destination("exchange", "key", Queue: null, Durability: null));

    private readonly TempFolder _folder = new();

    private string File => _folder.Find("consometer.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Samples_of_rounds_that_are_too_old_go_and_their_reports_stay()
    {
        using var store = SampleStore.Open(File);
        Keep(store, First);
        Keep(store, First.Next);
        Keep(store, First.Next.Next);

        store.Expire(First.Next.Start);

        Assert.Equal([First.Next.ToString(), First.Next.Next.ToString()], RoundsWith("sample"));
        Assert.Equal([First.Next.ToString(), First.Next.Next.ToString()], RoundsWith("not_measured"));
        Assert.Equal(["expired", "complete", "complete"], StoredRows.Read(File, "SELECT state FROM round WHERE report IS NOT NULL ORDER BY id"));
    }

    /// <summary>The next round begins with the accounts that it had no time for, and an operator looks at it.</summary>
    [Fact]
    public void The_last_period_of_each_region_stays_however_old()
    {
        using var store = SampleStore.Open(File);
        Keep(store, First, "RegionTwo");
        Keep(store, First);
        Keep(store, First.Next);
        Keep(store, First.Next);

        store.Expire(DateTimeOffset.MaxValue);

        Assert.Equal([First.ToString(), First.Next.ToString(), First.Next.ToString()], RoundsWith("sample"));
        Assert.Equal(First.Next.Start, store.LastRound("RegionOne"));
        Assert.Equal(First.Start, store.LastRound("RegionTwo"));
    }

    [Fact]
    public void What_is_not_delivered_stays_until_it_is()
    {
        using var store = SampleStore.Open(File);
        using var outbox = Outbox.Open(File);
        Keep(store, First, publication: Publication);
        Keep(store, First.Next);
        store.Expire(DateTimeOffset.MaxValue);
        Assert.Equal([First.ToString(), First.Next.ToString()], RoundsWith("sample"));

        outbox.Delete(outbox.Next("consometer", 0, 10));
        store.Expire(DateTimeOffset.MaxValue);

        Assert.Equal([First.Next.ToString()], RoundsWith("sample"));
    }

    [Fact]
    public void Half_of_a_round_that_a_crash_left_goes_with_the_next_expiry()
    {
        using var store = SampleStore.Open(File);
        Keep(store, First);
        Keep(store, First.Next);
        StoredRows.Read(File, "UPDATE round SET state = 'expired' WHERE id = 1; DELETE FROM figure WHERE round = 1 AND meter = 1");

        store.Expire(DateTimeOffset.MinValue);

        Assert.Equal([First.Next.ToString()], RoundsWith("sample"));
    }

    [Fact]
    public void Names_of_resources_that_are_gone_go_every_hundred_rounds()
    {
        using var store = SampleStore.Open(File);
        Keep(store, First);
        StoredRows.Read(File, "UPDATE sqlite_sequence SET seq = 99 WHERE name = 'round'");
        Keep(store, First.Next);
        Keep(store, First.Next.Next);

        store.Expire(First.Next.Start);
        Assert.Equal(["6"], StoredRows.Read(File, "SELECT count(*) FROM resource"));

        store.Expire(First.Next.Next.Start);
        Assert.Equal(["2"], StoredRows.Read(File, "SELECT count(*) FROM resource"));
        Assert.Equal(["6"], StoredRows.Read(File, "SELECT count(*) FROM sample"));
    }

    [Fact]
    public void Bytes_in_use_are_those_of_what_is_kept_and_not_those_of_the_file()
    {
        using var store = SampleStore.Open(File);
        Keep(store, First);
        StoredRows.Read(File, "UPDATE sqlite_sequence SET seq = 99 WHERE name = 'round'");
        Keep(store, First, accounts: 20_000);
        Keep(store, First.Next);
        var before = store.UsedBytes();

        store.Expire(DateTimeOffset.MaxValue);

        Assert.InRange(store.UsedBytes(), 0, before / 2);
    }

    private static void Keep(SampleStore store, RoundTime time, string region = "RegionOne", Publication? publication = null, int accounts = 2)
    {
        using var entry = store.BeginRound(new NewRound(time, region) { Publications = publication is null ? [] : [publication] });
        var maker = new SampleMaker([.. MeterCatalogue.All.OfType<Meter<AccountUsage>>()], region, absentIsZero: true);
        for (var i = 0; i < accounts; i++)
        {
            var outcome = new AccountOutcome.Measured(new Account($"AUTH_{time.Start:HH}{i}", $"{i}", $"{time.Start:HH}{i}"), new AccountUsage(1, 2, 3));
            entry.Keep(outcome, [.. maker.SamplesOf(outcome, time)]);
        }

        entry.Keep(new AccountOutcome.Deleted(new Account("AUTH_d", "d", "d")), []);
        entry.End(StoredRows.Report());
    }

    private List<string> RoundsWith(string table) => StoredRows.Read(File, $"SELECT time FROM round WHERE id IN (SELECT round FROM {table}) ORDER BY time");
}
