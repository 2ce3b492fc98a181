using Consometer.Delivery.Store;
using Consometer.Metering.Rounds;

namespace Consometer.Status.Page;

/// <summary>The accounts that something is to be said of: those without a figure, and why, first.</summary>
internal static class AccountsSection
{
    /// <summary>What a replica says that does not have the account (<see cref="Swift.Accounts.ReadingWords"/>).</summary>
    private const string Missing = "missing";

    /// <summary>The others of those that are shown are folded away.</summary>
    private const int UnfoldedMax = 8;

    public static Html Of(StatusView view)
    {
        if (view is not { Rounds: { Latest: not null } rounds, Report: { } report })
        {
            return Html.Nothing;
        }

        (string Id, string Title, string Column, long Count, IReadOnlyList<AccountRemark> Remarks, Func<string, Html> Words)[] kinds =
        [
            ("unknown", "Accounts without a figure", "What its servers said", report.Unknown, rounds.Unknown, Readings),
            ("unlisted", "Containers not listed to the end", "Why", report.Unlisted, rounds.Unlisted, Parts.Text),
            ("withheld", "Samples kept back", "What is wrong with them", report.Withheld, rounds.Withheld, Parts.Text),
            ("disagreeing", "Replicas that disagree", "What they said", report.Disagreeing, rounds.Disagreeing, Readings),
            ("orphans", "Orphans: accounts of projects that Keystone lists no more", "What they hold", report.Orphans + report.OrphansUnknown, rounds.Orphans, Parts.Text),
        ];
        return Html.Each(kinds.Where(kind => kind.Count > 0 || kind.Id == "unknown"), kind => Parts.Section(
            kind.Id,
            kind.Title,
            kind.Id == "unknown" ? Reasons(report) : "",
            kind.Count == 0 ? Html.Of($"""<p class="empty">None: every account of the round of {Parts.Time(rounds.Latest.Time)} has its figure, or is known to be deleted.</p>""")
            : view.ShowsAccounts ? List(kind.Title, kind.Column, kind.Count, kind.Remarks, kind.Words)
            : Html.Of($"<p>{Parts.Count(kind.Count)}, which are not shown (status.accounts).</p>")));
    }

    private static string Reasons(RoundReport report) =>
        string.Join(", ", report.UnknownByReason.OrderByDescending(reason => reason.Value).Select(reason => $"{reason.Key} {Shown.Count(reason.Value)}"));

    private static Html List(string title, string column, long count, IReadOnlyList<AccountRemark> shown, Func<string, Html> words)
    {
        string[] columns = ["Account", column];
        Html Table(IEnumerable<AccountRemark> remarks) => Parts.Table(title, columns, Html.Each(remarks, remark => Parts.Row(columns, Html.Of($"<code>{remark.Account}</code>"), words(remark.Replicas))));
        return Html.Of($"""
            {Table(shown.Take(UnfoldedMax))}
            {(shown.Count > UnfoldedMax ? Html.Of($"""<details><summary>{Shown.Count(shown.Count - UnfoldedMax)} more</summary>{Table(shown.Skip(UnfoldedMax))}</details>""") : Html.Nothing)}
            {(count > shown.Count ? Html.Of($"<p class=\"more\">And {Parts.Count(count - shown.Count)} more: the store has all of them.</p>") : Html.Nothing)}
            """);
    }

    /// <summary>What replicas said, a line for each thing that was said; that one does not have the account tells least, and comes last.</summary>
    private static Html Readings(string readings)
    {
        var said = readings.Split(", ").Select(reading => reading.Split(' ', 2)).GroupBy(reading => reading[^1], reading => reading[0]).OrderBy(replicas => replicas.Key == Missing);
        return Html.Of($"""<ul class="words">{Html.Each(said, replicas => Html.Of($"""<li>{replicas.Key} <span class="quiet">{Who(replicas)}</span></li>"""))}</ul>""");
    }

    private static string Who(IGrouping<string, string> replicas) =>
        replicas.Key == Missing ? Shown.Count(replicas.Count(), "replica") : string.Join(", ", replicas.Where(replica => replica != replicas.Key));
}
