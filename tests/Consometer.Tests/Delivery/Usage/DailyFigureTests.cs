using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Samples;
using static Consometer.Tests.Delivery.Usage.KeptRounds;

namespace Consometer.Tests.Delivery.Usage;

/// <summary>Figures day by day: whoever bills by them must see what is missing.</summary>
public sealed class DailyFigureTests : IDisposable
{
    private readonly KeptRounds _rounds = new();

    public void Dispose() => _rounds.Dispose();

    [Fact]
    public void A_day_ends_before_midnight_UTC()
    {
        _rounds.Keep(-14, ("a", 1)).Keep(-13, ("a", 10)).Keep(10, ("a", 20)).Keep(11, ("a", 100));

        Assert.Equal(
            ["2026-11-20 a 1 1..1 1 1/1 of 24", "2026-11-21 a 15 10..20 20 2/2 of 24", "2026-11-22 a 100 100..100 100 1/1 of 24"],
            Read(Ever()));
    }

    [Fact]
    public void A_round_without_a_figure_is_counted_and_is_not_0_and_one_that_failed_is_neither()
    {
        _rounds.Keep(0, ("a", 1), ("b", 7)).Keep(1, ("b", 7)).Keep(2, ("a", 0), ("b", 7)).Keep(3, ("a", 1), ("b", 8)).Keep(Hour(4), Region, "bad", Size("a", 99));

        Assert.Equal(["2026-11-21 a 0.666667 0..1 1 3/4 of 24", "2026-11-21 b 7.25 7..8 8 4/4 of 24"], Read(Ever()));
    }

    [Fact]
    public void A_period_counts_once_with_its_first_figure()
    {
        _rounds.Keep(0, ("a", 2)).Keep(0, ("a", 100), ("b", 5)).Keep(1, ("a", 4));

        Assert.Equal(["2026-11-21 a 3 2..4 4 2/2 of 24", "2026-11-21 b 5 5..5 5 1/2 of 24"], Read(Ever()));
    }

    [Fact]
    public void The_largest_figures_there_are_have_an_exact_mean()
    {
        _rounds.Keep(0, ("a", long.MaxValue)).Keep(1, ("a", long.MaxValue)).Keep(2, ("a", long.MaxValue - 3));

        Assert.Equal([$"2026-11-21 a {long.MaxValue - 1} {long.MaxValue - 3}..{long.MaxValue} {long.MaxValue - 3} 3/3 of 24"], Read(Ever()));
    }

    [Fact]
    public void Without_a_beginning_it_is_the_day_of_the_last_round()
    {
        _rounds.Keep(-14, ("a", 1)).Keep(0, ("a", 2)).Keep(1, ("b", 4));

        Assert.Equal(["2026-11-21 a 2 2..2 2 1/2 of 24", "2026-11-21 b 4 4..4 4 1/2 of 24"], Read(All()));
        Assert.Equal(["2026-11-21 a 2 2..2 2 1/1 of 24"], Read(All() with { Until = Hour(1).Start }));
        Assert.Empty(Read(All() with { Region = "another" }));
    }

    /// <summary>Counted one by one here: periods stand on 1970, and not on midnight.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(7 * 60)]
    [InlineData(24 * 60)]
    [InlineData(36 * 60)]
    [InlineData(25)]
    public void A_day_has_as_many_periods_as_start_in_it(int minutes)
    {
        var first = RoundTime.At(ManualClock.Start, TimeSpan.FromMinutes(minutes));
        var day = first.Start.UtcDateTime.Date;
        var periods = 0;
        for (var time = RoundTime.At(first.Start.AddDays(-3), first.Period); time.Start.UtcDateTime < day.AddDays(1); time = time.Next)
        {
            periods += time.Start.UtcDateTime >= day ? 1 : 0;
        }

        _rounds.Keep(first, Region, null, Size("a", 1));

        using var query = UsageQuery.Open(_rounds.File);
        Assert.Equal(periods, Assert.Single(query.Daily(All())).Periods);
    }

    [Fact]
    public void The_largest_come_first_and_of_equals_the_first_name_and_all_are_counted()
    {
        _rounds.Keep(0, ("z", 1000)).Keep(1, ("b", 5), ("a", 5), ("c", 90)).Keep(1, ("c", 1), ("d", 0));

        using var query = UsageQuery.Open(_rounds.File);
        UsageFilter size = All() with { Meters = [Meter(MeterCatalogue.Size)] };
        var top = query.Top(size, 2);
        Assert.Equal(["c 90", "a 5"], top.Samples.Select(sample => $"{sample.ResourceId} {sample.Volume}"));
        Assert.Equal((4, 100), (top.Resources, top.Total));
        Assert.Equal("z", Assert.Single(query.Top(size with { Until = Hour(1).Start }, 9).Samples).ResourceId);
        Assert.Equal(0, query.Top(size with { Region = "another" }, 9).Resources);
        Assert.Equal(0, query.Top(size with { Meters = [Meter("storage.objects")] }, 9).Total);
    }

    [Fact]
    public void A_total_may_be_more_than_64_bits_hold()
    {
        _rounds.Keep(0, ("a", long.MaxValue), ("b", long.MaxValue));

        using var query = UsageQuery.Open(_rounds.File);
        Assert.Equal(2.0 * long.MaxValue, query.Top(All() with { Meters = [Meter(MeterCatalogue.Size)] }, 1).Total);
    }

    private string[] Read(UsageFilter filter)
    {
        using var query = UsageQuery.Open(_rounds.File);
        return [.. query.Daily(filter).Select(figure => string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{figure.Day:yyyy-MM-dd} {figure.Last.ResourceId} {figure.Mean} {figure.Min}..{figure.Max} {figure.Last.Volume} {figure.RoundsWithFigure}/{figure.RoundsComplete} of {figure.Periods}"))];
    }
}
