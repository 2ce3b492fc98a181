using System.Globalization;
using Consometer.Delivery.Store;

namespace Consometer.Status.Page;

/// <summary>What all measured accounts hold together, over the rounds that are known.</summary>
internal static class TotalsPicture
{
    private const int Width = 480;
    private const int Height = 90;

    /// <summary>Of what is shown the range is at least this share, so that a flat line looks flat.</summary>
    private const double RangeMin = 0.02;

    public static Html Of(StatusView view)
    {
        PastRound[] rounds = [.. view.Rounds?.Rounds.Where(round => round.IsComplete && round.Bytes is not null).DistinctBy(round => round.Time.Start).Reverse() ?? []];
        if (rounds.Length < 2)
        {
            return rounds.Length == 0 ? Html.Nothing : Parts.Section("totals", "Stored", "", Html.Of($"""<p class="empty">How it grows is shown from the second round on.</p>"""));
        }

        var span = Shown.Span(rounds[^1].Time.Start - rounds[0].Time.Start);
        return Parts.Section("totals", "Stored", $"Over {span}, of the measured accounts. A line breaks where rounds are missing.", Html.Of($"""
            <div class="pair">
            {Picture("bytes", "Bytes", rounds, round => round.Bytes!.Value, value => Shown.Bytes((decimal)value))}
            {Picture("objects", "Objects", rounds, round => round.Objects ?? 0, value => Shown.Count((decimal)value))}
            </div>
            """));
    }

    private static Html Picture(string id, string name, PastRound[] rounds, Func<PastRound, double> figure, Func<double, string> show)
    {
        var (min, max) = (rounds.Min(figure), rounds.Max(figure));
        var range = Math.Max(max - min, RangeMin * max);
        var (top, bottom) = (max + (range * 0.1), Math.Max(0, min - (range * 0.1)));
        return Html.Of($"""
            <figure class="picture">
            <figcaption><b>{name}</b> {show(figure(rounds[^1]))}</figcaption>
            <div class="plot"><span class="y top">{show(max)}</span>{(max > min ? Html.Of($"""<span class="y bottom">{show(min)}</span>""") : Html.Nothing)}
            <svg role="img" aria-labelledby="{id}-title" viewBox="0 0 {Width} {Height}" preserveAspectRatio="none" class="totals">
            <title id="{id}-title">{name} over time: from {show(figure(rounds[0]))} to {show(figure(rounds[^1]))}, at least {show(min)}, at most {show(max)}</title>
            <line class="grid" x1="0" x2="{Width}" y1="{Y(max)}" y2="{Y(max)}"/><line class="grid" x1="0" x2="{Width}" y1="{Y(min)}" y2="{Y(min)}"/>
            <path class="line" d="{Path(rounds, round => Y(figure(round)))}"/></svg></div>
            <div class="x">{Parts.Time(rounds[0].Time)}{Parts.Time(rounds[^1].Time)}</div>
            </figure>
            """);

        double Y(double value) => top > bottom ? Height * (top - value) / (top - bottom) : Height / 2.0;
    }

    /// <summary>A point by itself is a stroke of no length, which round ends make a dot.</summary>
    private static string Path(PastRound[] rounds, Func<PastRound, double> y)
    {
        var (first, span) = (rounds[0].Time.Start, (rounds[^1].Time.Start - rounds[0].Time.Start).TotalSeconds);
        return string.Concat(rounds.Select((round, i) =>
        {
            var isNext = i > 0 && round.Time.Start - rounds[i - 1].Time.Start <= 1.5 * round.Time.Period;
            var x = Width * (round.Time.Start - first).TotalSeconds / span;
            return string.Create(CultureInfo.InvariantCulture, $"{(isNext ? "L" : "M")}{x:0.##} {y(round):0.##}{(isNext ? "" : "h0")}");
        }));
    }
}
