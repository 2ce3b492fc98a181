using Consometer.Metering.Requests;

namespace Consometer.Status.Page;

/// <summary>The counting of requests: how far it is, and what became of the lines of the access log. Nothing where none are counted.</summary>
internal static class RequestsSection
{
    private static readonly string[] Columns = ["Lines", "#Since the start", "What they are"];

    public static Html Of(StatusView view)
    {
        if (view.Board.Requests is not { } requests || view.Options.Requests is not { } options)
        {
            return Html.Nothing;
        }

        var remark = requests.Latest is { } latest
            ? $"From {options.Log}; the latest request ended {Shown.Ago(view.Now - latest)}{(requests.BytesBehind is > 0 and var behind ? $", and {Shown.Bytes(behind)} are not read yet" : "")}."
            : $"From {options.Log}; nothing has come yet.";
        return Parts.Section("requests", "Requests", remark, Html.Of($"""
            {Parts.Table("Lines of the access log", Columns, Html.Each([.. Rows(requests.Counts)], row => Parts.Row(Columns, Html.Of($"{row.Name}"), Parts.Count(row.Count), Html.Of($"{row.Remark}"))))}
            <p class="gauge">{(requests.Last is { } last
                ? Html.Of($"The interval of {Parts.Time(last.Interval)} is the last that is complete, with {Parts.Count(last.Samples)} samples.")
                : Html.Of($"No interval is complete yet; each is of {Configuration.Duration.Show(options.Interval)}."))}</p>
            """));
    }

    /// <summary>Those that there are always, and others where there are some.</summary>
    private static IEnumerable<(string Name, long Count, string Remark)> Rows(LineCounts counts)
    {
        (string Name, long Count, string Remark)[] rows =
        [
            ("counted", counts.Counted, "requests of clients"),
            ("internal", counts.Internal, "requests that Swift makes itself"),
            ("refused", counts.Refused, "before anybody looked into an account: of nobody"),
            ("unattributed", counts.Unattributed, $"no account of ours is named; {Shown.Bytes(counts.UnattributedBytes)}"),
            ("anonymised", counts.Anonymised, "the proxy hides whose they are"),
            ("other", counts.Other, "other messages in the same log"),
            ("unreadable", counts.Unreadable, "not of the template's layout, or damaged"),
            ("late", counts.Late, "of the counted: in a later interval than their own"),
            ("folded", counts.Folded, "of the counted: with their account, since there were too many containers"),
        ];
        return rows.Where((row, i) => i < 2 || row.Count > 0);
    }
}
