using Consometer.Delivery.Formats;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Samples;
using Consometer.Metering.Tasks;

namespace Consometer.Tests.Delivery;

/// <summary>Tasks of a shared round in the store of the daemon that did them, and the round itself, when it has ended.</summary>
public sealed class TaskRoundTests : IDisposable
{
    private const string Region = "RegionOne";

    private static readonly RoundTime Time = RoundTime.At(ManualClock.Start, TimeSpan.FromHours(1));
    private static readonly Publication Publication = new(new ConsometerFormat(), 10, new Destination("exchange", "key", Queue: null, Durability: null));

    private readonly TempFolder _folder = new();

    private string File => _folder.Find("consometer.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_task_is_sent_is_delivered_when_all_of_it_is_confirmed_and_is_nobodys_round()
    {
        using var store = SampleStore.Open(File);
        using var outbox = Outbox.Open(File);
        var first = KeepTask(store, Time, 1, "a", "b");
        var second = KeepTask(store, Time, 1, "c");

        Assert.Null(store.LastRound(Region));
        Assert.Equal(2, Assert.Single(store.Waiting()).Messages);
        Assert.False(outbox.IsDelivered(first));
        outbox.Delete(outbox.Next("consometer", 0, 1));
        Assert.True(outbox.IsDelivered(first));
        Assert.False(outbox.IsDelivered(second));
        using var history = RoundHistory.Open(File, Region);
        Assert.Empty(history.Last(10));
    }

    [Fact]
    public void A_task_that_was_not_ended_leaves_nothing_and_is_delivered()
    {
        using var store = SampleStore.Open(File);
        using var outbox = Outbox.Open(File);
        long id;
        using (var entry = store.BeginRound(NewTask(Time)))
        {
            entry.Keep(null, [Of("a", 1, Time)]);
            id = entry.Id;
        }

        KeepTask(store, Time, 1, "b");
        Assert.True(outbox.IsDelivered(id));
        Assert.Equal(["b"], StoredRows.Read(File, "SELECT resource_id FROM sample"));
    }

    [Fact]
    public void The_round_takes_over_the_figures_of_its_own_tasks_and_the_first_of_each_id()
    {
        using var store = SampleStore.Open(File);
        KeepTask(store, Time, 1, "a", "b");
        KeepTask(store, Time, 2, "b", "c");
        KeepTask(store, Time.Next, 3, "d");

        KeepEnded(store, Time);

        using var usage = UsageQuery.Open(File);
        var found = usage.Samples(new UsageFilter(Region, [MeterCatalogue.All[0]]));
        Assert.Equal([("a", 1L), ("b", 1L), ("c", 2L)], found.Select(sample => (sample.ResourceId, sample.Volume)));
        Assert.Equal(Time.Start, store.LastRound(Region));
    }

    [Fact]
    public void A_round_that_failed_takes_no_figures_so_that_the_next_attempt_has_them()
    {
        using var store = SampleStore.Open(File);
        KeepTask(store, Time, 1, "a");
        using (var entry = store.BeginRound(Time, Region))
        {
            entry.End(StoredRows.Report("nobody came"));
        }

        KeepEnded(store, Time);

        Assert.Equal(["complete"], StoredRows.Read(File, "SELECT state FROM round WHERE state <> 'task'"));
        Assert.Equal(["a"], StoredRows.Read(File, "SELECT resource_id FROM sample JOIN round ON round.id = sample.round WHERE state = 'complete'"));
    }

    [Fact]
    public void What_a_task_has_to_say_of_accounts_is_what_the_round_says_in_another_store()
    {
        RoundRemark[] said;
        using (var store = SampleStore.Open(File))
        using (var entry = store.BeginRound(NewTask(Time)))
        {
            entry.Keep(new AccountOutcome.Unknown(new Account("AUTH_u", "u", "u"), []) { IsOutOfTime = true }, []);
            entry.Keep(new AccountOutcome.Absent(new Account("AUTH_n", "n", "n")), []);
            entry.Keep(new AccountOutcome.Deleted(new Account("AUTH_d", "d", "d")), []);
            entry.Keep(null, [Of("half \ud800 of a pair", 1, Time)]);
            entry.End(StoredRows.Report());
            said = [.. entry.Remarks()];
        }

        Assert.Equal(["unknown AUTH_u", "withheld half \ufffd of a pair"], said.Select(remark => $"{remark.Outcome} {remark.Account}").Order());

        var other = _folder.Find("other.db");
        using var others = SampleStore.Open(other);
        using var round = others.BeginRound(Time, Region);
        Assert.All([.. said, new RoundRemark(RoundRemark.Disagreeing, "AUTH_x", "x", "n1 says this, n2 that")], round.Keep);
        round.End(StoredRows.Report());
        Assert.Equal("AUTH_u", Assert.Single(round.Unknown()).Account);
        Assert.Equal(new AccountRemark("AUTH_x", "n1 says this, n2 that"), Assert.Single(round.Disagreeing()));
    }

    [Fact]
    public void Nothing_stays_of_tasks_that_are_too_old_but_of_those_that_wait_and_the_last_rounds()
    {
        using var store = SampleStore.Open(File);
        using var outbox = Outbox.Open(File);
        KeepTask(store, Time, 1, "a");
        KeepTask(store, Time, 1, "b");
        KeepTask(store, Time.Next, 1, "c");
        outbox.Delete(outbox.Next("consometer", 0, 1));

        store.Expire(DateTimeOffset.MaxValue);
        Assert.Equal(["b", "c"], StoredRows.Read(File, "SELECT resource_id FROM sample ORDER BY 1"));

        outbox.Delete(outbox.Next("consometer", 0, 10));
        store.Expire(DateTimeOffset.MaxValue);
        Assert.Equal(["c"], StoredRows.Read(File, "SELECT resource_id FROM sample"));
        Assert.Equal(["task"], StoredRows.Read(File, "SELECT state FROM round"));
    }

    private static NewRound NewTask(RoundTime time) => new(time, Region) { Publications = [Publication], IsTask = true };

    private static long KeepTask(SampleStore store, RoundTime time, long volume, params string[] resources)
    {
        using var entry = store.BeginRound(NewTask(time));
        entry.Keep(null, [.. resources.Select(resource => Of(resource, volume, time))]);
        entry.End(StoredRows.Report());
        return entry.Id;
    }

    private static void KeepEnded(SampleStore store, RoundTime time)
    {
        using var entry = store.BeginRound(new NewRound(time, Region) { KeepsSamples = false });
        entry.TakeTasks();
        entry.End(StoredRows.Report());
    }

    private static Sample Of(string resource, long volume, RoundTime time) => new(MeterCatalogue.All[0], volume, resource, "p", Region, time);
}
