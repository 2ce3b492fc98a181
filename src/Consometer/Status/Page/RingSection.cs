using System.Globalization;

namespace Consometer.Status.Page;

/// <summary>The ring in use, and the list of projects.</summary>
internal static class RingSection
{
    public static Html Of(StatusView view) => Parts.Section("ring", "Ring and projects", "", Html.Of($"""
        <dl class="facts">{Html.Each([.. Ring(view), .. Projects(view)], fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>"))}</dl>
        """));

    private static IEnumerable<(string Name, Html Value)> Ring(StatusView view)
    {
        if (view.Board.Ring is not { } ring)
        {
            return [("Ring", Parts.Text("none is read: the proxy is asked (strategy: proxy)"))];
        }

        var (file, header) = (ring.File, ring.Table.Header);
        return
        [
            ("File", Html.Of($"<code>{file.Path}</code>")),
            ("State", ring.StaleSince is { } since ? Html.Of($"""<span class="alarm">stale</span> since {Parts.Time(since)}: the file is broken or missing""") : Html.Of($"""<span class="ok">in use</span>""")),
            ("Version", Parts.Text(header.BuilderVersion?.ToString(CultureInfo.InvariantCulture) ?? "none: written before Swift 2.24")),
            ("MD5", Html.Of($"<code>{file.Md5}</code>")),
            ("Written", Html.Of($"{Parts.Time(file.WrittenAt)}, {Shown.Ago(view.Now - file.WrittenAt)}")),
            ("Partitions", Html.Of($"{Parts.Count(ring.Table.Partitions)}, part power {header.PartPower}")),
            ("Replicas", Html.Of($"{ring.Table.Replicas}")),
            ("Devices", Parts.Count(ring.Table.Devices.Count(device => device is not null))),
        ];
    }

    private static IEnumerable<(string Name, Html Value)> Projects(StatusView view)
    {
        var projects = view.Board.Projects;
        if ((projects.Listed ?? view.Report?.Projects) is { } listed)
        {
            yield return ("Projects", Html.Of($"{Parts.Count(listed)}{(projects.Made is { } made ? Html.Of($", listed {Parts.Time(made)}") : Html.Nothing)}"));
        }

        if (projects.Failure is { } failure)
        {
            yield return ("No list", Html.Of($"""<span class="alarm">{failure}</span>"""));
        }
    }
}
