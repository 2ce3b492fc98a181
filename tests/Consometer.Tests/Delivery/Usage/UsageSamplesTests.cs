using Consometer.Delivery.Store;
using Consometer.Metering;
using static Consometer.Tests.Delivery.Usage.KeptRounds;

namespace Consometer.Tests.Delivery.Usage;

/// <summary>Which figures a query gives: of which rounds, of which resources, and of several with one id the first.</summary>
public sealed class UsageSamplesTests : IDisposable
{
    private readonly KeptRounds _rounds = new();

    public void Dispose() => _rounds.Dispose();

    [Fact]
    public void Of_several_rounds_of_a_period_the_first_figure_of_an_id_counts_and_of_those_not_complete_none()
    {
        _rounds.Keep(0, ("b", 1), ("c", 2)).Keep(0, ("a", 10), ("b", 11)).Keep(0, ("c", 22), ("d", 23)).Keep(Hour(0), Region, "bad", Size("e", 9));
        StoredRows.Read(_rounds.File, """
            INSERT INTO round (id, time, period_seconds, region, state) VALUES (98, '2026-11-21T13:00:00Z', 3600, 'RegionOne', 'running'), (99, '2026-11-21T13:00:00Z', 3600, 'RegionOne', 'abandoned');
            INSERT INTO resource (resource_id, project_id, storage_policy) VALUES ('f', 'f', '');
            INSERT INTO figure SELECT round.id, resource.id, meter.id, 7 FROM round, resource, meter WHERE round.id > 90 AND resource_id = 'f' AND name = 'storage.objects.size';
            """);

        Assert.Equal(["0 a 10", "0 b 1", "0 c 2", "0 d 23"], _rounds.Read(All()));
        Assert.Equal(["0 b 1", "0 d 23"], _rounds.Read(All("d", "b")));
    }

    /// <summary>A period that was changed does not change ids: they are made of the round's time.</summary>
    [Fact]
    public void Rounds_of_one_time_are_of_one_period_however_long_theirs_were()
    {
        _rounds.Keep(RoundTime.At(Hour(0).Start, TimeSpan.FromMinutes(30)), Region, null, Size("a", 1)).Keep(0, ("a", 2));

        Assert.Equal(["0 a 1"], _rounds.Read(Ever()));
    }

    [Fact]
    public void Without_a_beginning_it_is_the_last_period_with_a_complete_round()
    {
        _rounds.Keep(0, ("a", 1)).Keep(2, ("a", 3)).Keep(1, ("a", 2)).Keep(Hour(3), Region, "bad", Size("a", 4)).Keep(Hour(4), "another", null, Size("a", 5));

        Assert.Equal(["2 a 3"], _rounds.Read(All()));
        Assert.Equal(["1 a 2"], _rounds.Read(All() with { Until = Hour(2).Start }));
        Assert.Equal(["4 a 5"], _rounds.Read(All() with { Region = "another" }));
        Assert.Empty(_rounds.Read(All() with { Region = "nowhere" }));
        Assert.Empty(_rounds.Read(All() with { Until = Hour(0).Start }));
    }

    /// <summary>From the beginning on, and not to the end itself; parts of a second too, though rounds have none.</summary>
    [Theory]
    [InlineData(0, 3, "0,1,2")]
    [InlineData(1, 2, "1")]
    [InlineData(1, 1, "")]
    [InlineData(0.9999999, 1.0000001, "1")]
    [InlineData(1.0000001, 2.0000001, "2")]
    [InlineData(-13, 11, "0,1,2")]
    [InlineData(2, 99, "2,11")]
    [InlineData(11, 12, "11")]
    public void A_range_has_its_beginning_and_not_its_end(double since, double until, string hours)
    {
        _rounds.Keep(0, ("a", 1)).Keep(1, ("a", 1)).Keep(2, ("a", 1)).Keep(11, ("a", 1));

        var read = _rounds.Read(All() with { Since = ManualClock.Start.AddHours(since), Until = ManualClock.Start.AddHours(until) });

        Assert.Equal(hours, string.Join(',', read.Select(sample => sample.Split(' ')[0])));
    }

    [Fact]
    public void The_ends_of_time_are_times()
    {
        _rounds.Keep(0, ("a", 1));

        Assert.Single(_rounds.Read(All() with { Since = DateTimeOffset.MinValue, Until = DateTimeOffset.MaxValue }));
        Assert.Empty(_rounds.Read(All() with { Since = DateTimeOffset.MaxValue }));
    }

    /// <summary>Names with what means something to SQL, to patterns, and to the order of names.</summary>
    [Theory]
    [InlineData("a", "a a/ a// a/% a/_ a/b a/漢😀 a/\U0010ffff")]
    [InlineData("a%", "a% a%/x")]
    [InlineData("a_", "a_ a_/x")]
    [InlineData("ab", "ab ab/c")]
    [InlineData("'; DROP TABLE sample; --", "'; DROP TABLE sample; --")]
    [InlineData("\"q\"", "\"q\"")]
    [InlineData("ü漢", "ü漢 ü漢/ü")]
    [InlineData("A", "")]
    [InlineData("a/b", "a/b")]
    [InlineData("a*", "")]
    public void An_account_is_itself_and_what_is_in_it_and_nobody_else(string resource, string found)
    {
        string[] all =
        [
            "a", "a/", "a//", "a/%", "a/_", "a/b", "a/漢😀", "a/\U0010ffff", "a%", "a%/x", "a_", "a_/x", "ab", "ab/c", "a-b", "a!", "a.x/y", "a0", "a0/x",
            "'; DROP TABLE sample; --", "\"q\"", "ü漢", "ü漢/ü", "ü漢x",
        ];
        _rounds.Keep(0, [.. all.Select(name => (name, 1L))]).Keep(1, [.. all.Select(name => (name, 1L))]);
        var names = all.Where(name => $" {found} ".Contains($" {name} ", StringComparison.Ordinal)).ToHashSet();
        Assert.Equal(found.Length == 0, names.Count == 0);

        using var query = UsageQuery.Open(_rounds.File);

        Assert.Equal(names, query.Samples(All(resource)).Select(sample => sample.ResourceId).ToHashSet());
        Assert.Equal(names.Count * 2, query.Samples(Ever(resource)).Count());
        Assert.Equal(names, query.Daily(All(resource)).Select(figure => figure.Last.ResourceId).ToHashSet());
        Assert.Equal(names.Count, query.Top(All(resource) with { Meters = [Meter("storage.objects.size")] }, 100).Resources);
    }

    [Fact]
    public void Only_the_meters_asked_for_are_given_whatever_else_the_store_has()
    {
        _rounds.Keep(Hour(0), Region, null, Size("a", 1), Of("storage.objects", "a", 2), Of("storage.policies.objects", "a/gold", 3, "gold"));
        StoredRows.Read(_rounds.File, "INSERT INTO meter (id, name) VALUES (99, 'storage.of.a.later.version'); INSERT INTO figure SELECT 1, id, 99, 4 FROM resource WHERE resource_id = 'a'");

        Assert.Equal(["0 a 2", "0 a 1", "0 a/gold 3"], _rounds.Read(All()));
        Assert.Equal(["0 a/gold 3"], _rounds.Read(All() with { Meters = [Meter("storage.policies.objects")] }));
    }

    [Fact]
    public void Samples_are_what_was_kept_with_their_ids()
    {
        var kept = Of("storage.policies.objects.size", "a/gold", long.MaxValue, "gold");
        _rounds.Keep(Hour(0), Region, null, kept);

        using var query = UsageQuery.Open(_rounds.File);

        var read = Assert.Single(query.Samples(All()));
        Assert.Equal(kept, read);
        Assert.Equal(kept.MessageId, read.MessageId);
    }
}
