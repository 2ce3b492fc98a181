using System.Globalization;

namespace Consometer.Benchmarks.Load;

/// <summary>
/// Time and memory of rounds by how many accounts they are over, both scales of tens: what grows as the accounts do is a line that climbs
/// as the dashed one, what does not grow lies flat.
/// </summary>
internal static class LoadChart
{
    private const double Decade = 150;
    private const double Left = 80;
    private const double Top = 40;
    private const double DecadesUp = 4;
    private const double TitleWidth = 680;

    /// <summary>The lowest line: a tenth of a second, and 10 MB.</summary>
    private const double SecondsMin = 0.1;
    private const double MegabytesMin = 10;

    public static string Draw(IReadOnlyList<(int Accounts, LoadRepetition Median)> points)
    {
        var accountsMin = Math.Pow(10, Math.Floor(Math.Log10(points.Min(point => point.Accounts))));
        var decadesAcross = Math.Max(1, Math.Ceiling(Math.Log10(points.Max(point => point.Accounts) / accountsMin)));
        double X(double accounts) => Left + (Decade * Math.Log10(accounts / accountsMin));
        double Y(double figure, double min) => Top + (Decade * (DecadesUp - Math.Log10(figure / min)));

        var (right, bottom) = (Left + (Decade * decadesAcross), Top + (Decade * DecadesUp));
        var last = points[^1];
        var marks = new List<string>();
        for (var decade = 0; decade <= DecadesUp; decade++)
        {
            var (y, ten) = (bottom - (Decade * decade), Math.Pow(10, decade));
            marks.Add(Line($"<path d='M{Left} {y}H{right}' stroke='#ddd'/><text x='{Left - 8}' y='{y + 4}' text-anchor='end' fill='#06c'>{SecondsMin * ten:0.###} s</text>"));
            marks.Add(Line($"<text x='{right + 8}' y='{y + 4}' fill='#c40'>{MegabytesMin * ten:0} MB</text>"));
        }

        foreach (var (accounts, median) in points)
        {
            marks.Add(Line($"<text x='{X(accounts)}' y='{bottom + 20}' text-anchor='middle'>{accounts:N0}</text>"));
            marks.Add(Line($"<circle cx='{X(accounts)}' cy='{Y(median.Seconds, SecondsMin)}' r='4' fill='#06c'/><text x='{X(accounts)}' y='{Y(median.Seconds, SecondsMin) - 9}' text-anchor='middle' fill='#06c'>{median.Seconds:0.0}</text>"));
            marks.Add(Line($"<circle cx='{X(accounts)}' cy='{Y(median.PeakBytes / 1e6, MegabytesMin)}' r='4' fill='#c40'/><text x='{X(accounts)}' y='{Y(median.PeakBytes / 1e6, MegabytesMin) - 9}' text-anchor='middle' fill='#c40'>{median.PeakBytes / 1e6:0}</text>"));
        }

        string Curve(string colour, Func<(int Accounts, LoadRepetition Median), double> y) =>
            Line($"<polyline fill='none' stroke='{colour}' points='{string.Join(' ', points.Select(point => Line($"{X(point.Accounts):0.0},{y(point):0.0}")))}'/>");
        return Line(
            $"""
            <svg xmlns='http://www.w3.org/2000/svg' width='{Math.Max(right + 80, TitleWidth):0}' height='{bottom + 60:0}' font-family='sans-serif' font-size='12'>
            <rect width='100%' height='100%' fill='white'/>
            <text x='{Left}' y='20'>A round: seconds (left), peak resident memory (right), by accounts; dashed: as the accounts grow</text>
            <path d='M{X(accountsMin):0.0} {Y(last.Median.Seconds * accountsMin / last.Accounts, SecondsMin):0.0}L{X(last.Accounts):0.0} {Y(last.Median.Seconds, SecondsMin):0.0}' stroke='#888' stroke-dasharray='5 4'/>
            {Curve("#06c", point => Y(point.Median.Seconds, SecondsMin))}
            {Curve("#c40", point => Y(point.Median.PeakBytes / 1e6, MegabytesMin))}
            {string.Join('\n', marks)}
            <text x='{(Left + right) / 2}' y='{bottom + 42}' text-anchor='middle'>accounts</text>
            </svg>

            """);
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
