using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Samples;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Delivery;

/// <summary>Samples of containers in the store: they come page by page, and go with their round.</summary>
public sealed class ContainerSamplesTests : IDisposable
{
    private static readonly RoundTime Time = RoundTime.At(ManualClock.Start, TimeSpan.FromHours(1));
    private static readonly Account Account = new("AUTH_a", "a", "a");
    private static readonly SampleMaker Maker = new(MeterCatalogue.All, "RegionOne", absentIsZero: true);

    private readonly TempFolder _folder = new();

    private string File => _folder.Find("consometer.db");

    public void Dispose() => _folder.Dispose();

    /// <summary>Pages come while their account is under way, some before its own figures and some after, and one may come again.</summary>
    [Fact]
    public void Pages_are_the_round_s_before_and_after_the_account_s_own_figures()
    {
        using var store = SampleStore.Open(File);
        using var entry = store.BeginRound(Time, "RegionOne");
        for (var page = 0; page < 6; page++)
        {
            entry.Keep(null, Page(first: page * 1000, count: 1000));
        }

        Assert.NotEqual("0", Assert.Single(StoredRows.Read(File, "SELECT count(*) FROM sample"))); // They do not pile up in memory.
        KeepAccount(entry);
        entry.Keep(null, Page(first: 5990, count: 20));
        entry.Keep(null, []);
        entry.End(StoredRows.Report());

        Assert.Equal(Page(first: 0, count: 6010).ToHashSet(), entry.Samples().Where(sample => sample.Meter is Meter<ContainerUsage>).ToHashSet());
        Assert.Equal((6010 * 2) + 3, entry.Samples().Count());
    }

    [Fact]
    public void Of_a_failed_round_they_go()
    {
        using var store = SampleStore.Open(File);
        using var entry = store.BeginRound(Time, "RegionOne");
        entry.Keep(null, Page(first: 0, count: 5000));
        KeepAccount(entry);
        entry.End(StoredRows.Report("all are absent"));

        Assert.Empty(entry.Samples());
    }

    private static void KeepAccount(RoundEntry entry)
    {
        var outcome = new AccountOutcome.Measured(Account, new AccountUsage(1, 2, 3));
        entry.Keep(outcome, [.. Maker.SamplesOf(outcome, Time)]);
    }

    private static Sample[] Page(int first, int count) =>
        [.. Maker.SamplesOf(Account, [.. Enumerable.Range(first, count).Select(i => new ContainerUsage($"c{i}", i, 2 * i, i % 2 == 0 ? "gold" : null))], Time)];
}
