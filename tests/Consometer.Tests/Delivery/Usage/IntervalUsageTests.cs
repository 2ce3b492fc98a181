using Consometer.Delivery.Store;
using Consometer.Metering.Requests;
using Consometer.Metering.Samples;

namespace Consometer.Tests.Delivery.Usage;

/// <summary>What the store tells of intervals of requests, beside rounds.</summary>
public sealed class IntervalUsageTests : IDisposable
{
    private static readonly Meter Outgoing = RequestMeters.All[RequestMeters.Outgoing];

    private readonly KeptRounds _kept = new();

    public void Dispose() => _kept.Dispose();

    [Fact]
    public void Each_kind_has_its_own_last_one()
    {
        _kept.Keep(0, ("a", 70));
        Keep("h1 log", 0, ("AUTH_a", 1));
        Keep("h1 log", 1, ("AUTH_a", 2));
        _kept.Keep(-1, ("a", 60));

        Assert.Equal(["a 70", "a 2"], Read(KeptRounds.All()));
        Assert.Equal(["a 2"], Read(Requests));
        Assert.Equal(["a 1", "a 2"], Read(Requests with { Since = DateTimeOffset.MinValue }));
        Assert.Equal(["a 2"], Read(Requests with { Since = KeptIntervals.Minute(1).Start }));
        Assert.Equal(["a 1"], Read(Requests with { Until = KeptIntervals.Minute(1).Start }));
        Assert.Equal(["a 60", "a 70", "a 1", "a 2"], Read(KeptRounds.Ever()));
    }

    /// <summary>Two proxies' figures of one account in one interval are two samples, each with an id of its own, and add up.</summary>
    [Fact]
    public void Two_origins_have_a_sample_each_and_add_up_day_by_day_and_at_the_top()
    {
        foreach (var (origin, bytes) in new[] { ("h1 log", 1L), ("h2 log", 10L) })
        {
            Keep(origin, 0, ("AUTH_a", 1000 * bytes), ("AUTH_b", bytes));
            Keep(origin, 1, ("AUTH_a", 2 * bytes), ("AUTH_b", 3 * bytes));
        }

        Assert.Equal(["a 2", "a 20", "b 3", "b 30"], Read(Requests));
        using var query = UsageQuery.Open(_kept.File);
        var all = query.Samples(Requests with { Since = DateTimeOffset.MinValue }).ToArray();
        Assert.Equal(8, all.DistinctBy(sample => sample.MessageId).Count());
        Assert.Equal(["h1 log", "h2 log"], all.Select(sample => sample.Origin).Distinct());

        Assert.Equal(
            [("a", 11022m, 22L, 11000L, 2, 2), ("b", 44m, 11L, 33L, 2, 2)],
            query.Daily(Requests).Select(day => (day.Last.ResourceId, day.Sum, day.Min, day.Max, day.RoundsWithFigure, day.RoundsComplete)));
        var top = query.Top(Requests, 1);
        Assert.Equal((2, 55), (top.Resources, top.Total));
        Assert.Equal([("b", 33L, null)], top.Samples.Select(sample => (sample.ResourceId, sample.Volume, sample.Origin)));
    }

    [Fact]
    public void Of_one_origin_the_top_has_the_samples_themselves()
    {
        Keep("h1 log", 0, ("AUTH_a", 1), ("AUTH_b", 5));
        using var query = UsageQuery.Open(_kept.File);

        Assert.Equal(query.Samples(Requests).Last(), Assert.Single(query.Top(Requests, 1).Samples));
    }

    [Fact]
    public void A_store_of_version_3_is_read_as_it_is_and_becomes_one_of_this_version()
    {
        _kept.Keep(0, ("a", 70));
        StoredRows.Read(
            _kept.File,
            "DROP TABLE held_line; DROP TABLE traffic; DROP TABLE access_log; DROP INDEX round_state; ALTER TABLE round DROP COLUMN origin; PRAGMA user_version = 3");

        Assert.Equal(["a 70"], Read(KeptRounds.All()));
        Assert.Empty(Read(Requests));
        using (var query = UsageQuery.Open(_kept.File))
        {
            Assert.Empty(query.Top(Requests, 3).Samples);
            Assert.Empty(query.Daily(Requests));
        }

        Assert.Equal(["3"], StoredRows.Read(_kept.File, "PRAGMA user_version"));
        Keep("h1 log", 0, ("AUTH_a", 1));
        Assert.Equal(["5"], StoredRows.Read(_kept.File, "PRAGMA user_version"));
        Assert.Equal(["a 70", "a 1"], Read(KeptRounds.All()));
    }

    private static UsageFilter Requests => new(KeptRounds.Region, [Outgoing]);

    private void Keep(string origin, int minute, params (string Account, long Bytes)[] figures)
    {
        using var store = SampleStore.Open(_kept.File);
        KeptIntervals.Keep(store, origin, minute, figures);
    }

    private string[] Read(UsageFilter filter)
    {
        using var query = UsageQuery.Open(_kept.File);
        return [.. query.Samples(filter).Select(sample => $"{sample.ResourceId} {sample.Volume}")];
    }
}
