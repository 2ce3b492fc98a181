namespace Consometer.Status.Page;

/// <summary>The answer to whether billing data is complete, and the figures that one looks for next.</summary>
internal static class VerdictSection
{
    public static Html Of(Verdict verdict, StatusView view)
    {
        string[] notices = [.. Notices.Of(view)];
        return Html.Of($"""
            <section id="verdict" class="verdict {ClassOf(verdict.Level)}" aria-label="Verdict">
            {MarkOf(verdict.Level)}
            <div><h1>{verdict.Headline}</h1><p>{verdict.Sentence}</p>
            {(notices.Length == 0 ? Html.Nothing : Html.Of($"""<ul class="notices">{Html.Each(notices, notice => Html.Of($"<li>{notice}</li>"))}</ul>"""))}</div>
            </section>
            {Figures(view)}
            """);
    }

    private static Html Figures(StatusView view)
    {
        if (view is not { Report: { } report, Rounds.Latest: { } latest })
        {
            return Html.Nothing;
        }

        (string Name, Html Value, string Remark)[] figures =
        [
            ("Accounts measured", Parts.Count(report.Measured), $"of {Shown.Count(report.Accounts)}"),
            ("Stored", report.Totals is { } totals ? Parts.Bytes(totals.Bytes) : Parts.Text("not known"), report.Totals is { } t ? $"in {Shown.Count(t.Objects, "object")}" : ""),
            ("The round took", Parts.Text(Shown.Seconds(report.Seconds)), $"{Shown.Percent(report.Seconds / latest.Time.Period.TotalSeconds)} of the period"),
            view.Options.Delivery is null
                ? ("Samples made", Parts.Count(report.Samples), "kept in the store")
                : ("Waiting for the broker", Parts.Count(view.Waiting.Sum(backlog => backlog.Samples)), view.Waiting.Count == 0 ? "all is delivered" : "samples"),
        ];
        return Html.Of($"""
            <dl class="figures">{Html.Each(figures, figure => Html.Of($"""<div><dt>{figure.Name}</dt><dd>{figure.Value}<small>{figure.Remark}</small></dd></div>"""))}</dl>
            """);
    }

    private static string ClassOf(VerdictLevel level) => level switch
    {
        VerdictLevel.Good => "good",
        VerdictLevel.Open => "open",
        VerdictLevel.Warning => "warning",
        _ => "bad",
    };

    /// <summary>A tick, a clock, a triangle, a cross: told by form.</summary>
    private static Html MarkOf(VerdictLevel level)
    {
        var path = level switch
        {
            VerdictLevel.Good => "M7 12.5l3.5 3.5L17 9",
            VerdictLevel.Open => "M12 7v5l3.5 2",
            VerdictLevel.Warning => "M12 7v6M12 16.5v.01",
            _ => "M8.5 8.5l7 7M15.5 8.5l-7 7",
        };
        return Html.Of($"""<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="11"/><path d="{path}"/></svg>""");
    }
}
