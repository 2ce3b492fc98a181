using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Rounds;
using Consometer.Metering.Samples;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Delivery;

/// <summary>Rounds in the store: what is to be seen of them, and when.</summary>
public sealed class SampleStoreTests : IDisposable
{
    private const string Region = "RegionOne";

    private static readonly int MetersOfAccounts = MeterCatalogue.All.OfType<Meter<AccountUsage>>().Count();
    private static readonly RoundTime Time = RoundTime.At(new DateTimeOffset(2026, 11, 21, 13, 37, 0, TimeSpan.Zero), TimeSpan.FromHours(1));
    private static readonly ReplicaReading Silent = new ReplicaReading.Unavailable(TestRing.DeviceAt(3, 6202, ip: "192.0.2.1"), Unavailability.TimedOut);
    private static readonly ReplicaReading Missing = new ReplicaReading.Missing(TestRing.DeviceAt(4, 6202, ip: "192.0.2.2", name: "sdb"));

    private readonly TempFolder _folder = new();

    private string File => _folder.Find("consometer.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_round_is_seen_once_it_has_ended_and_not_before()
    {
        using var store = SampleStore.Open(File);
        using (var entry = store.BeginRound(Time, Region))
        {
            // More accounts than one transaction takes: part of the round is on disk already, and the rest locks nobody out.
            for (var i = 0; i < 1500; i++)
            {
                Keep(entry, $"AUTH_{i}", i);
            }

            Assert.Null(LastRound());
            entry.End(StoredRows.Report());
        }

        Assert.Equal(Time.Start, LastRound());
        Assert.Equal(1500 * MetersOfAccounts, Count("sample"));
    }

    [Fact]
    public void A_complete_round_loses_nothing_to_a_later_one_of_its_period()
    {
        using var store = SampleStore.Open(File);
        KeepRound(store, Time, StoredRows.Report(), "AUTH_a", "AUTH_b");
        KeepRound(store, Time, StoredRows.Report() with { Accounts = 4, Unknown = 3 }, "AUTH_a");
        KeepRound(store, Time, StoredRows.Report("all are absent"), "AUTH_bad");

        Assert.Equal(["AUTH_a", "AUTH_b"], Read("SELECT DISTINCT resource_id FROM sample ORDER BY 1"));
        Assert.Equal(["complete", "complete", "failed"], Read("SELECT state FROM round ORDER BY id"));
    }

    [Fact]
    public void Rounds_of_two_regions_are_two_rounds()
    {
        using var store = SampleStore.Open(File);
        KeepRound(store, Time, StoredRows.Report(), "AUTH_a");

        Assert.Equal(Time.Start, store.LastRound(Region));
        Assert.Null(store.LastRound("another"));
    }

    [Fact]
    public void A_round_in_which_every_account_is_unknown_is_none_and_keeps_the_reasons()
    {
        using var store = SampleStore.Open(File);
        KeepRound(store, Time, StoredRows.Report() with { Accounts = 1, Unknown = 1 });

        Assert.Null(store.LastRound(Region));
        Assert.Equal(["failed"], Read("SELECT state FROM round"));
        Assert.Equal(1, Count("not_measured"));
    }

    [Fact]
    public void Of_a_failed_round_the_samples_go_and_the_report_says_why()
    {
        using var store = SampleStore.Open(File);
        KeepRound(store, Time, StoredRows.Report("all are absent"), "AUTH_bad");

        Assert.Null(store.LastRound(Region));
        Assert.Equal(0, Count("sample"));
        Assert.Contains("all are absent", Assert.Single(Read("SELECT report FROM round WHERE state = 'failed'")), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_comes_after_a_failed_round_takes_its_place()
    {
        using var store = SampleStore.Open(File);
        KeepRound(store, Time, StoredRows.Report("bad"), "AUTH_bad");
        KeepRound(store, Time, StoredRows.Report("worse"), "AUTH_worse");
        Assert.Equal(["failed"], Read("SELECT state FROM round"));

        KeepRound(store, Time, StoredRows.Report(), "AUTH_good");
        Assert.Equal(["complete"], Read("SELECT state FROM round"));
        Assert.Equal(1, Count("not_measured"));
    }

    /// <summary>Stopped: the entry is let go of. Killed: it is not, and only the connection ends.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_a_round_that_was_never_ended_nothing_is_seen_and_nothing_is_left_when_the_next_begins(bool killed)
    {
        using (var store = SampleStore.Open(File))
        {
            var entry = store.BeginRound(Time, Region);
            for (var i = 0; i < 2500; i++)
            {
                Keep(entry, $"AUTH_{i}", i);
            }

            if (killed)
            {
                // All that the system does when a process is killed.
                entry.Lock!.Dispose();
            }
            else
            {
                entry.Dispose();
            }
        }

        Assert.NotEqual(0, Count("sample"));
        Assert.Null(LastRound());

        using (var store = SampleStore.Open(File))
        {
            KeepRound(store, new RoundTime(Time.Start.AddDays(2), Time.Period), StoredRows.Report(), "AUTH_a");
        }

        Assert.Equal(["AUTH_a"], Read("SELECT DISTINCT resource_id FROM sample"));
        Assert.Equal((1, 1), (Count("round"), Count("not_measured")));
    }

    /// <summary>One is late; the other is of the next period, and of another process.</summary>
    [Fact]
    public void Two_rounds_at_once_leave_each_other_whole()
    {
        using var late = SampleStore.Open(File);
        using var next = SampleStore.Open(File);
        using var lateRound = late.BeginRound(Time, Region);
        for (var i = 0; i < 1500; i++)
        {
            Keep(lateRound, $"AUTH_{i}", i);
        }

        KeepRound(next, Time.Next, StoredRows.Report(), "AUTH_next");
        lateRound.End(StoredRows.Report());

        Assert.Equal(1500 * MetersOfAccounts, lateRound.Samples().Count());
        Assert.DoesNotContain(lateRound.Samples(), sample => sample.ResourceId == "AUTH_next");
        Assert.Equal(["complete", "complete"], Read("SELECT state FROM round"));
    }

    [Fact]
    public void Samples_come_back_equal_and_with_the_same_ids()
    {
        string[] names = ["AUTH_'; DROP TABLE sample; --", "AUTH_ü漢😀", "AUTH_ a\tb\n", " ", "AUTH_" + new string('x', 5000)];
        var outcomes = names.Select((name, i) => new AccountOutcome.Measured(new Account(name, $"p{i}", name), new AccountUsage(i, long.MaxValue - i, long.MaxValue)
        {
            Policies = [new PolicyUsage("gold", i, 1, 2), new PolicyUsage("Silver-3x", null, 3, 4)],
        })).ToArray();
        var maker = new SampleMaker(MeterCatalogue.All, Region, absentIsZero: true);
        var samples = outcomes.SelectMany(outcome => maker.SamplesOf(outcome, Time)).ToArray();
        using var store = SampleStore.Open(File);
        using var entry = store.BeginRound(Time, Region);
        Array.ForEach(outcomes, outcome => entry.Keep(outcome, [.. maker.SamplesOf(outcome, Time)]));
        entry.End(StoredRows.Report());

        var read = entry.Samples().ToArray();

        Assert.Equal(samples.ToHashSet(), read.ToHashSet());
        Assert.Equal(samples.Select(sample => sample.MessageId).ToHashSet(), read.Select(sample => sample.MessageId).ToHashSet());
        Assert.Equal(samples.Length, read.Length);
        Assert.Equal(["", "Silver-3x", "gold"], read.Select(sample => sample.StoragePolicy ?? "").Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_sample_that_no_consumer_could_read_is_withheld_and_named()
    {
        using var store = SampleStore.OpenTemporary();
        using var entry = store.BeginRound(Time, Region);
        Keep(entry, "AUTH_a", 1);
        Keep(entry, "AUTH_\ud800", 1);
        entry.End(StoredRows.Report());

        Assert.Equal(["AUTH_a"], entry.Samples().Select(sample => sample.ResourceId).Distinct());
        Assert.Equal(MetersOfAccounts, entry.WithheldCount);
        Assert.Equal("storage.objects: resource_id is not valid Unicode", Assert.Single(entry.Withheld()).Replicas);
    }

    [Fact]
    public void Unknown_accounts_are_kept_with_what_each_replica_said()
    {
        using var store = SampleStore.OpenTemporary();
        using var entry = store.BeginRound(Time, Region);
        entry.Keep(new AccountOutcome.Unknown(new Account("AUTH_u", "u", "u"), [Silent, Missing]), []);
        entry.Keep(new AccountOutcome.Deleted(new Account("AUTH_d", "d", "d")), []);
        entry.End(StoredRows.Report());

        Assert.Equal([new AccountRemark("AUTH_u", "192.0.2.1:6202/sda timed_out, 192.0.2.2:6202/sdb missing")], entry.Unknown());
    }

    [Fact]
    public void A_temporary_store_is_nobody_else_s()
    {
        using var one = SampleStore.OpenTemporary();
        using var other = SampleStore.OpenTemporary();
        KeepRound(one, Time, StoredRows.Report(), "AUTH_a");

        Assert.Equal(Time.Start, one.LastRound(Region));
        Assert.Null(other.LastRound(Region));
    }

    private static void KeepRound(SampleStore store, RoundTime time, RoundReport report, params string[] accounts)
    {
        using var entry = store.BeginRound(time, Region);
        Array.ForEach(accounts, account => Keep(entry, account, 1));
        entry.Keep(new AccountOutcome.Unknown(new Account("AUTH_silent", "silent", "silent"), [Silent]), []);
        entry.End(report);
    }

    private static void Keep(RoundEntry entry, string account, long bytes)
    {
        var outcome = new AccountOutcome.Measured(new Account(account, account, account), new AccountUsage(1, 1, bytes));
        entry.Keep(outcome, [.. new SampleMaker(MeterCatalogue.All, Region, absentIsZero: true).SamplesOf(outcome, Time)]);
    }

    /// <summary>As another process sees it.</summary>
    private DateTimeOffset? LastRound()
    {
        using var store = SampleStore.Open(File);
        return store.LastRound(Region);
    }

    private long Count(string table) => long.Parse(Assert.Single(Read($"SELECT count(*) FROM {table}")), System.Globalization.CultureInfo.InvariantCulture);

    private List<string> Read(string sql) => StoredRows.Read(File, sql);
}
