using Consometer.Metering;
using Consometer.Metering.Samples;

namespace Consometer.Delivery.Store;

/// <summary>
/// What the rounds of one UTC day say of one meter of one resource. A round that has no figure of it counts for nothing here: not
/// for 0, and not for what the round before said.
/// </summary>
/// <param name="Day">The day, UTC: its rounds are those whose periods start in it.</param>
/// <param name="Last">Its last sample of the day; it names resource, project, meter, unit and region.</param>
/// <param name="Mean">Of the rounds that have a figure, in the meter's unit, rounded to six decimals.</param>
/// <param name="Min">In the meter's unit.</param>
/// <param name="Max">In the meter's unit.</param>
/// <param name="RoundsWithFigure">In how many periods it has a figure.</param>
/// <param name="RoundsComplete">How many periods of the day have a complete round, in the range asked for.</param>
/// <param name="Periods">How many periods start in a whole day, with a round or without; by the day's last round.</param>
public sealed record DailyFigure(DateOnly Day, Sample Last, decimal Mean, long Min, long Max, int RoundsWithFigure, int RoundsComplete, int Periods)
{
    private const int MeanDecimals = 6;

    /// <summary>All of them together, in the meter's unit: of a delta, what there was that day; of a gauge it means nothing.</summary>
    public decimal Sum { get; private init; }

    /// <summary>Goes through a day's samples once, without keeping them.</summary>
    /// <param name="samples">By resource and meter, and each's by time; one of a period at most.</param>
    /// <param name="rounds">The times of the day's complete rounds, one a period; the last one last.</param>
    internal static IEnumerable<DailyFigure> Of(IEnumerable<Sample> samples, IReadOnlyList<RoundTime> rounds)
    {
        DailyFigure? figure = null;
        var sum = 0m;
        foreach (var sample in samples)
        {
            if (figure is not null && (figure.Last.ResourceId != sample.ResourceId || figure.Last.Meter.Name != sample.Meter.Name))
            {
                yield return figure.WithMean(sum);
                figure = null;
                sum = 0;
            }

            figure = figure is null
                ? new DailyFigure(DayOf(sample.Time), sample, 0, sample.Volume, sample.Volume, 1, rounds.Count, PeriodsOf(rounds[^1]))
                : figure with
                {
                    Last = sample,
                    Min = Math.Min(figure.Min, sample.Volume),
                    Max = Math.Max(figure.Max, sample.Volume),
                    RoundsWithFigure = figure.RoundsWithFigure + 1,
                };

            // Exact: a day has 86,400 rounds at most, and a decimal holds as many of the largest figures there are.
            sum += sample.Volume;
        }

        if (figure is not null)
        {
            yield return figure.WithMean(sum);
        }
    }

    internal static DateOnly DayOf(RoundTime time) => DateOnly.FromDateTime(time.Start.UtcDateTime);

    private DailyFigure WithMean(decimal sum) => this with { Mean = Math.Round(sum / RoundsWithFigure, MeanDecimals), Sum = sum };

    /// <summary>How many multiples of the period since 1970 are in the day: not 86,400 through the period where that has a rest.</summary>
    private static int PeriodsOf(RoundTime round)
    {
        var day = round.Start.UtcDateTime.Date - DateTime.UnixEpoch;
        return (int)(Before(day + TimeSpan.FromDays(1)) - Before(day));

        long Before(TimeSpan time) => (time.Ticks + round.Period.Ticks - 1) / round.Period.Ticks;
    }
}
