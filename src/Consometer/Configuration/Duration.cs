using System.Globalization;
using System.Text.RegularExpressions;

namespace Consometer.Configuration;

/// <summary>Durations as the older program wrote them, in Go's way: <c>500ms</c>, <c>30s</c>, <c>1h30m</c>.</summary>
internal static partial class Duration
{
    public static TimeSpan? TryParse(string text)
    {
        if (Whole().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var seconds = 0m;
        foreach (var part in match.Groups[1].Captures.Select(capture => capture.Value))
        {
            var unit = part.TrimStart([.. "0123456789."]);
            if (!decimal.TryParse(part[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            seconds += number * SecondsOf(unit);
        }

        return seconds <= (decimal)TimeSpan.FromDays(366).TotalSeconds ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond)) : null;
    }

    public static string Show(TimeSpan span) => span switch
    {
        { Days: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays}d"),
        { Hours: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours}h"),
        { Seconds: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds}ms"),
    };

    private static decimal SecondsOf(string unit) => unit switch
    {
        "ms" => 0.001m,
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => 86400,
    };

    [GeneratedRegex(@"^((?:[0-9]{1,9}(?:\.[0-9]{1,9})?)(?:ms|s|m|h|d))+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();
}
