using Consometer.Delivery.Store;
using Consometer.Metering;

namespace Consometer.Tests.Delivery;

/// <summary>Intervals of requests in a store that has rounds too: how long they stay, and what they are not.</summary>
public sealed class IntervalExpiryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => _folder.Find("consometer.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_stays_of_intervals_that_are_too_old_but_of_those_that_wait_and_the_last()
    {
        using var store = SampleStore.Open(File);
        using var outbox = Outbox.Open(File);
        for (var minute = 0; minute < 4; minute++)
        {
            KeptIntervals.Keep(store, "h1 log", minute, ($"AUTH_a{minute}", 1));
        }

        outbox.Delete(outbox.Next("consometer", 0, 1));
        store.Expire(KeptIntervals.Minute(2).Start);
        Assert.Equal(["a1", "a2", "a3"], StoredRows.Read(File, "SELECT resource_id FROM sample ORDER BY 1"));

        outbox.Delete(outbox.Next("consometer", 0, 10));
        store.Expire(DateTimeOffset.MaxValue);
        Assert.Equal(["a3"], StoredRows.Read(File, "SELECT resource_id FROM sample ORDER BY 1"));
        Assert.Equal(["interval"], StoredRows.Read(File, "SELECT state FROM round"));
    }

    [Fact]
    public void Names_of_resources_go_with_intervals_too()
    {
        using var store = SampleStore.Open(File);
        using var outbox = Outbox.Open(File);
        KeptIntervals.Keep(store, "h1 log", 0, ("AUTH_a0", 1));
        StoredRows.Read(File, "UPDATE sqlite_sequence SET seq = 99 WHERE name = 'round'");
        KeptIntervals.Keep(store, "h1 log", 1, ("AUTH_a1", 1));
        KeptIntervals.Keep(store, "h1 log", 2, ("AUTH_a2", 1));
        outbox.Delete(outbox.Next("consometer", 0, 10));

        store.Expire(DateTimeOffset.MaxValue);

        Assert.Equal(["a2"], StoredRows.Read(File, "SELECT resource_id FROM resource"));
    }

    [Fact]
    public void A_crash_in_the_middle_of_expiring_leaves_nothing_for_long()
    {
        using var store = SampleStore.Open(File);
        KeptIntervals.Keep(store, "h1 log", 0, ("AUTH_a", 1));
        KeptIntervals.Keep(store, "h1 log", 1, ("AUTH_a", 2));
        StoredRows.Read(File, "DELETE FROM outbox; UPDATE round SET state = 'expiring' WHERE id = 1");

        store.Expire(DateTimeOffset.MinValue);

        Assert.Equal(["2"], StoredRows.Read(File, "SELECT volume FROM sample"));
    }

    [Fact]
    public void Rounds_are_told_as_if_there_were_no_intervals()
    {
        using var store = SampleStore.Open(File);
        var time = RoundTime.At(ManualClock.Start, TimeSpan.FromHours(1));
        KeptIntervals.Keep(store, "h1 log", 0, ("AUTH_a", 1));
        Assert.Null(store.LastRound(KeptIntervals.Region));

        using (var round = store.BeginRound(time, KeptIntervals.Region))
        {
            for (var minute = 1; minute < 12; minute++)
            {
                KeptIntervals.Keep(store, "h1 log", minute, ("AUTH_a", 1));
            }

            using var before = RoundHistory.Open(File, KeptIntervals.Region);
            var stamp = before.Stamp();
            round.End(StoredRows.Report() with { Projects = 1 });
            using var after = RoundHistory.Open(File, KeptIntervals.Region);
            Assert.NotEqual(stamp, after.Stamp());
            Assert.Equal(time, Assert.Single(after.Last(10)).Time);
            Assert.Equal(time.Start, after.LastComplete());
        }

        Assert.Equal(time.Start, store.LastRound(KeptIntervals.Region));
        KeptIntervals.Keep(store, "h1 log", 100, ("AUTH_a", 1));
        Assert.Equal(time.Start, store.LastRound(KeptIntervals.Region));
    }
}
