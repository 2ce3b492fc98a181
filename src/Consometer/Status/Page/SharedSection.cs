using Consometer.Daemon.Tasks;
using Consometer.Metering.Rounds;

namespace Consometer.Status.Page;

/// <summary>What this daemon is among those that share rounds, and what became of the last round's tasks. Nothing where it meters alone.</summary>
internal static class SharedSection
{
    private static readonly string[] Columns = ["Daemon", "#Tasks", "#Redelivered", "#Accounts", "Ring"];

    public static Html Of(StatusView view)
    {
        if (view.Board.Shared is not { State: var state })
        {
            return Html.Nothing;
        }

        return Parts.Section("cluster", "Shared rounds", Remark(view), Html.Of($"""
            <p class="gauge">This daemon, {WorkerName.Own}, {Role(state)}. Since it started it did {Count(state.Done, "task")}{Own(state)}.</p>
            {(view.Report is { Tasks: { } tasks } report ? LastRound(view, report, tasks) : Html.Of($"""<p class="empty">No shared round has ended yet.</p>"""))}
            """));
    }

    private static string Remark(StatusView view) =>
        view.Options.Sharing is { } sharing ? $"With all daemons whose prefix is {sharing.Prefix}; what is above is of all of them together." : "";

    private static Html Role(SharedState state)
    {
        if (state is { Role: SharedRole.Apart, Trouble: null })
        {
            return Html.Of($"""<span class="quiet">has not joined the others yet</span>""");
        }

        var (word, tone) = state.Role switch
        {
            SharedRole.Coordinator => ("coordinates", "ok"),
            SharedRole.Worker => ("does tasks", "ok"),
            _ => ("is apart from the others", "alarm"),
        };
        return Html.Of($"""<span class="{tone}">{word}</span> since {Parts.Time(state.Since)}{(state.Trouble is { } trouble ? Html.Of($": {trouble}") : Html.Nothing)}""");
    }

    private static Html Own(SharedState state)
    {
        (long Tasks, string Remark)[] counts = [(state.Redelivered, "of them redelivered"), (state.Late, "came late"), (state.Refused, "left to others")];
        return Html.Each(counts.Where(count => count.Tasks > 0), count => Html.Of($", {Parts.Count(count.Tasks)} {count.Remark}"));
    }

    private static Html LastRound(StatusView view, RoundReport report, TaskCounts tasks) => Html.Of($"""
        {Parts.Table("Daemons of the last round", Columns, Html.Each(report.Workers, worker => Row(view, worker)))}
        <p class="gauge">The round of {Parts.Time(view.Rounds!.Latest!.Time)} had {Count(tasks.Published, "task")}: {Parts.Count(tasks.Done)} done{Rest(tasks)}.</p>
        """);

    /// <summary>What there is beside those that were done at once.</summary>
    private static Html Rest(TaskCounts tasks)
    {
        (int Tasks, string Word, string Tone)[] counts =
            [(tasks.Redelivered, "of them redelivered", "warn"), (tasks.Late, "late", "alarm"), (tasks.Poison, "poison", "alarm"), (tasks.NotReported, "not reported", "alarm")];
        return Html.Each(counts.Where(count => count.Tasks > 0), count => Html.Of($""", <span class="{count.Tone}">{Parts.Count(count.Tasks)} {count.Word}</span>"""));
    }

    private static Html Row(StatusView view, WorkerReport worker) => Parts.Row(
        Columns,
        Html.Of($"{worker.Worker}{(worker.Worker == WorkerName.Own ? Html.Of($"<small>this one</small>") : Html.Nothing)}"),
        Parts.Count(worker.Tasks),
        Parts.Count(worker.Redelivered),
        Parts.Count(worker.Accounts),
        Ring(worker.RingMd5, view.Board.Ring?.File.Md5));

    /// <summary>By its first digits, marked where it is not this daemon's.</summary>
    private static Html Ring(string? md5, string? own) =>
        md5 is null ? Parts.Text("none")
        : own is null || own == md5 ? Html.Of($"""<code title="{md5}">{SharedText.Ring(md5)}</code>""")
        : Html.Of($"""<code class="warn" title="{md5}">{SharedText.Ring(md5)}</code><small>not this daemon's</small>""");

    private static Html Count(long count, string noun) => Html.Of($"{Parts.Count(count)} {noun}{(count == 1 ? "" : "s")}");
}
