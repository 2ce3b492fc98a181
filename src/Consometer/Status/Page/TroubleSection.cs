using Consometer.Daemon;
using Consometer.Delivery.Store;

namespace Consometer.Status.Page;

/// <summary>What went wrong lately: rounds, and the log's warnings and errors. What goes well pushes nothing out of these lists.</summary>
internal static class TroubleSection
{
    private const int RoundsMax = 12;

    private static readonly string[] RoundColumns = ["Round", "What was wrong"];
    private static readonly string[] LogColumns = ["Last", "Warning or error", "#Times", "First"];

    public static Html Of(StatusView view)
    {
        PastRound[] rounds = [.. view.Rounds?.Rounds.Where(round => !round.IsComplete || round.Unknown > 0).Take(RoundsMax) ?? []];
        var log = view.Board.Trouble.Latest;
        return Parts.Section("trouble", "Trouble", "", rounds.Length == 0 && log.Count == 0
            ? Html.Of($"""<p class="empty">None: no round that is known had an unknown account, and nothing was logged as a warning since the daemon started.</p>""")
            : Html.Of($"""
                {(rounds.Length == 0 ? Html.Nothing : Parts.Table("Rounds that failed or have unknown accounts", RoundColumns, Html.Each(rounds, Row)))}
                {(log.Count == 0 ? Html.Nothing : Parts.Table("Warnings and errors since the daemon started", LogColumns, Html.Each(log, Row)))}
                """));
    }

    private static Html Row(PastRound round) => Parts.Row(
        RoundColumns,
        Parts.Time(round.Time),
        round.IsComplete
            ? Html.Of($"{Parts.Count(round.Unknown)} unknown: {string.Join(", ", round.UnknownByReason.Select(reason => $"{reason.Key} {Shown.Count(reason.Value)}"))}")
            : Html.Of($"""<span class="alarm">failed</span>: {round.Failure ?? "every account is unknown"}"""));

    private static Html Row(Trouble trouble) => Parts.Row(
        LogColumns,
        Parts.Time(trouble.Last),
        Html.Of($"""<span class="{(trouble.IsError ? "alarm" : "warn")}">{(trouble.IsError ? "error" : "warning")}</span> {trouble.Text}"""),
        Parts.Count(trouble.Times),
        trouble.Times == 1 ? Html.Nothing : Parts.Time(trouble.First));
}
