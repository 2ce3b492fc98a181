using Consometer.Metering;

namespace Consometer.Status.Page;

/// <summary>What sections are made of.</summary>
internal static class Parts
{
    /// <summary>A count as people read it, and exactly for whoever reads the page by a program.</summary>
    public static Html Count(decimal count) => Html.Of($"""<data value="{count}">{Shown.Count(count)}</data>""");

    public static Html Bytes(decimal bytes) => Html.Of($"""<data value="{bytes}" title="{Shown.Count(bytes)} B">{Shown.Bytes(bytes)}</data>""");

    public static Html Time(DateTimeOffset time) => Html.Of($"""<time datetime="{Shown.Instant(time)}">{Shown.Time(time)}</time>""");

    public static Html Time(RoundTime time) => Time(time.Start);

    /// <param name="id">What it is linked and found by.</param>
    /// <param name="title">Its title.</param>
    /// <param name="remark">What there is to say in a line; empty for nothing.</param>
    /// <param name="content">What is in it.</param>
    public static Html Section(string id, string title, string remark, Html content) => Html.Of($"""
        <section id="{id}" aria-labelledby="{id}-title">
        <header><h2 id="{id}-title">{title}</h2>{(remark.Length == 0 ? Html.Nothing : Html.Of($"<p>{remark}</p>"))}</header>
        {content}
        </section>

        """);

    /// <summary>A wide table scrolls in its own place.</summary>
    /// <param name="caption">What is in it, for those who do not see it.</param>
    /// <param name="columns">Titles; of a column of figures with <c>#</c> before it.</param>
    /// <param name="rows">The rows, by <see cref="Row"/>.</param>
    public static Html Table(string caption, string[] columns, Html rows) => Html.Of($"""
        <div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table>
        <thead><tr>{Html.Each(columns, column => Html.Of($"""<th scope="col"{AttributesOf(column)}>{column.TrimStart('#')}</th>"""))}</tr></thead>
        <tbody>
        {rows}</tbody>
        </table></div>
        """);

    /// <param name="columns">Those of its table.</param>
    /// <param name="cells">As many; the first is what the row is about.</param>
    public static Html Row(string[] columns, params IReadOnlyList<Html> cells) => Html.Of($"""
        <tr><th scope="row">{cells[0]}</th>{Html.Each(cells.Skip(1).Zip(columns.Skip(1)), cell => Html.Of($"<td{AttributesOf(cell.Second)}>{cell.First}</td>"))}</tr>

        """);

    public static Html Text(string text) => Html.Of($"{text}");

    /// <summary>How much of something there is, as a bar beside its figure.</summary>
    public static Html Bar(double share) => Html.Of(
        $"""<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="6"/><rect class="fill" width="{Math.Clamp(share * 100, 0.5, 100)}" height="6"/></svg>""");

    /// <summary>On a phone a row is a few lines, and each figure has its column's title before it.</summary>
    private static Html AttributesOf(string column) => column.StartsWith('#') ? Html.Of($""" class="n" data-title="{column[1..]}" """) : Html.Nothing;
}
