namespace Consometer.Status.Page;

/// <summary>The status page, whole: one document that asks for nothing else.</summary>
internal static class StatusPage
{
    private const string Icon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M2 10h3v4H2zM6.5 6h3v8h-3zM11 2h3v12h-3z' fill='%232f6fd0'/%3E%3C/svg%3E";

    /// <summary>What the page is asked for with that is not to load itself anew.</summary>
    public const string Still = "still";

    public static Html Of(StatusView view)
    {
        var verdict = Verdict.Of(view);
        return Html.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{verdict.Headline} · {view.Options.Region} · Consometer</title>
            <link rel="icon" href="{Html.OfProgram(Icon)}">
            <style>{Html.OfProgram(PageStyle.Text)}</style>
            </head>
            <body>
            {Patterns}
            <main>
            <header class="top"><p class="name">Consometer</p><p>{view.Options.Region}</p><p class="now">{Parts.Time(view.Now)} UTC</p></header>
            {VerdictSection.Of(verdict, view)}
            {(view.Options.HasRounds ? Rounds(view) : Html.Nothing)}
            {SharedSection.Of(view)}
            {RequestsSection.Of(view)}
            {DeliverySection.Of(view)}
            {NodesSection.Of(view)}
            {LargestSection.Of(view)}
            {TroubleSection.Of(view)}
            {(view.Options.HasRounds ? RingSection.Of(view) : Html.Nothing)}
            {ConfigurationSection.Of(view)}
            </main>
            <footer><p>Consometer {ProgramVersion.Text}. This page loads itself anew each minute (<a href="{StatusPaths.Page}?{Still}">let it stand still</a>).</p>
            <nav aria-label="For programs">{Html.Each(Links, link => Html.Of($"""<a href="{link}">{link}</a> """))}</nav></footer>
            </body>
            </html>

            """);
    }

    private static Html Rounds(StatusView view) => Html.Of($"""
        {RoundsPicture.Of(view)}
        {TotalsPicture.Of(view)}
        {AccountsSection.Of(view)}
        """);

    private static readonly string[] Links = [StatusPaths.Metrics, StatusPaths.Health, StatusPaths.Ready, StatusPaths.Version];

    /// <summary>What tells the parts of pictures from each other where colours do not.</summary>
    private static Html Patterns { get; } = Html.Of($"""
        <svg class="defs" width="0" height="0" aria-hidden="true"><defs>
        <pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="deleted-ground" width="4" height="4"/><rect class="deleted-line" width="1.6" height="4"/></pattern>
        <pattern id="cross" width="3" height="3" patternUnits="userSpaceOnUse"><rect class="unknown-ground" width="3" height="3"/><rect class="unknown-line" width="1" height="1"/></pattern>
        </defs></svg>
        """);
}
