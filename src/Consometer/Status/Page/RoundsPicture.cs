using Consometer.Delivery.Store;

namespace Consometer.Status.Page;

/// <summary>The last periods as a picture: what became of the accounts, and how much of the period that took.</summary>
internal static class RoundsPicture
{
    private const int SlotWidth = 10;
    private const int BarWidth = 8;
    private const int Width = Periods.Max * SlotWidth;
    private const int SharesHeight = 120;
    private const int DurationHeight = 48;

    /// <summary>An account among a million is to be seen.</summary>
    private const double MarkMin = 4;

    /// <summary>What of the period is at the top of the durations: the least that all of them fit under.</summary>
    private static readonly double[] Tops = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

    public static Html Of(StatusView view)
    {
        if (view.Rounds?.Latest is null)
        {
            return Parts.Section("rounds", "Rounds", "", Html.Of($"""<p class="empty">No round has ended yet. The first one shows here when it has.</p>"""));
        }

        var top = Tops.First(top => top == 1 || view.Periods.All(period => period.Round is null || ShareOfPeriod(period.Round) <= top));
        var period = view.Options.Period;
        return Parts.Section("rounds", "Rounds", $"The last {Periods.Max} periods of {Shown.Span(period)}, each with what became of its accounts, and how long that took.", Html.Of($"""
            <figure class="picture">
            <div class="plot"><span class="y top">100 %</span>
            <svg role="img" aria-labelledby="rounds-svg-title rounds-svg-desc" viewBox="0 0 {Width} {SharesHeight}" preserveAspectRatio="none" class="shares">
            <title id="rounds-svg-title">Outcomes of the accounts in the last {Periods.Max} periods</title><desc id="rounds-svg-desc">{Description(view)}</desc>
            {Html.Each(view.Periods.Index(), slot => Shares(slot.Item, slot.Index * SlotWidth))}</svg></div>
            <div class="plot"><span class="y top">{Shown.Span(top * period)}</span>
            <svg role="img" aria-labelledby="durations-title" viewBox="0 0 {Width} {DurationHeight}" preserveAspectRatio="none" class="durations">
            <title id="durations-title">How long the rounds took; the top is {Shown.Percent(top)} of the period</title>
            <line class="grid" x1="0" x2="{Width}" y1="0.5" y2="0.5"/>
            {Html.Each(view.Periods.Index(), slot => Duration(slot.Item, slot.Index * SlotWidth, top))}</svg></div>
            <div class="x">{Parts.Time(view.Periods[0].Time)}<span>time of the round, UTC; duration below, the line is {Shown.Percent(top)} of the period</span>{Parts.Time(view.Periods[^1].Time)}</div>
            <figcaption>{Html.Each(Legend, entry => Html.Of($"""<span><svg viewBox="0 0 12 12" class="key" aria-hidden="true"><rect class="{entry.Class}" width="12" height="12"/></svg>{entry.Name}</span>"""))}</figcaption>
            </figure>
            {Table(view)}
            """));
    }

    private static (string Class, string Name)[] Legend => [("measured", "measured"), ("absent", "absent"), ("deleted", "deleted"), ("unknown", "unknown"), ("failed", "failed"), ("lost", "no round")];

    private static double ShareOfPeriod(PastRound round) => round.Seconds / round.Time.Period.TotalSeconds;

    private static Html Shares(Period period, int x)
    {
        if (period.Round is not { } round)
        {
            return period.IsLost ? Html.Of($"""<rect class="lost" x="{x + 1}" y="{SharesHeight - 6}" width="{BarWidth}" height="6"><title>{Shown.Time(period.Time.Start)}: no round</title></rect>""") : Html.Nothing;
        }

        var accounts = Math.Max(1, round.Measured + round.Absent + round.Deleted + round.Unknown);
        (string Class, double Height)[] parts = [("unknown", Height(round.Unknown)), ("deleted", Height(round.Deleted)), ("absent", Height(round.Absent)), ("measured", 0)];
        parts[^1].Height = round.Measured == 0 ? 0 : SharesHeight - parts.Sum(part => part.Height);
        var y = 0.0;
        return Html.Of($"""<g><title>{Told(period)}</title>{(round.IsComplete ? Html.Each(parts.Where(part => part.Height > 0), Part) : Html.Of($"""<rect class="failed" x="{x + 1}" y="0" width="{BarWidth}" height="{SharesHeight}"/>"""))}</g>""");

        double Height(long count) => count == 0 ? 0 : Math.Max(MarkMin, (double)SharesHeight * count / accounts);

        Html Part((string Class, double Height) part)
        {
            var drawn = Html.Of($"""<rect class="{part.Class}" x="{x + 1}" y="{y}" width="{BarWidth}" height="{part.Height}"/>""");
            y += part.Height;
            return drawn;
        }
    }

    private static Html Duration(Period period, int x, double top)
    {
        if (period.Round is not { } round)
        {
            return Html.Nothing;
        }

        var height = Math.Clamp(DurationHeight * ShareOfPeriod(round) / top, 1.5, DurationHeight);
        return Html.Of($"""<rect class="duration" x="{x + 1}" y="{DurationHeight - height}" width="{BarWidth}" height="{height}"><title>{Shown.Time(period.Time.Start)}: {Shown.Seconds(round.Seconds)}</title></rect>""");
    }

    private static string Told(Period period) => period.Round switch
    {
        null => $"{Shown.Time(period.Time.Start)}: no round",
        { IsComplete: false } round => $"{Shown.Time(period.Time.Start)}: failed: {round.Failure ?? "every account is unknown"}",
        { } round => $"{Shown.Time(period.Time.Start)}: {Shown.Count(round.Measured)} measured, {Shown.Count(round.Absent)} absent, {Shown.Count(round.Deleted)} deleted, {Shown.Count(round.Unknown)} unknown, in {Shown.Seconds(round.Seconds)}",
    };

    private static string Description(StatusView view)
    {
        var complete = view.Periods.Count(period => period.Round is { IsComplete: true });
        var unknown = view.Periods.Count(period => period.Round is { IsComplete: true, Unknown: > 0 });
        var lost = view.Periods.Count(period => period.IsLost);
        return $"{Shown.Count(complete, "period")} with a complete round, {Shown.Count(unknown)} of them with unknown accounts; {Shown.Count(lost)} without a complete round. The latest: {Told(view.Periods.LastOrDefault(period => period.Round is not null) ?? view.Periods[^1])}.";
    }

    /// <summary>The same in words and figures.</summary>
    private static Html Table(StatusView view)
    {
        string[] columns = ["Round", "#Measured", "#Absent", "#Deleted", "#Unknown", "#Took", "Remark"];
        return Html.Of($"""<details><summary>The same as a table</summary>{Parts.Table("The last rounds", columns, Html.Each(view.Periods.Reverse().Where(period => period.IsLost || period.Round is not null), period => Row(columns, period)))}</details>""");
    }

    private static Html Row(string[] columns, Period period) => period.Round is not { } round
        ? Parts.Row(columns, Parts.Time(period.Time), Html.Nothing, Html.Nothing, Html.Nothing, Html.Nothing, Html.Nothing, Parts.Text("no round"))
        : Parts.Row(
            columns,
            Parts.Time(period.Time),
            Parts.Count(round.Measured),
            Parts.Count(round.Absent),
            Parts.Count(round.Deleted),
            Parts.Count(round.Unknown),
            Parts.Text(Shown.Seconds(round.Seconds)),
            Parts.Text(round.IsComplete ? "" : round.Failure ?? "failed: every account is unknown"));
}
