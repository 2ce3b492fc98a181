using System.Globalization;
using Consometer.Configuration;

namespace Consometer.Cli;

/// <summary>Times on the command line. All without an offset are UTC, as rounds are.</summary>
internal static class UsageTime
{
    /// <summary>ISO 8601, and with a space as tables print it. K is an offset, Z, or nothing.</summary>
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>An instant; a date, which is its midnight; or a duration, which is as long before now.</summary>
    /// <exception cref="ConfigurationException">It is none.</exception>
    public static DateTimeOffset Parse(string option, string text, TimeProvider clock)
    {
        if (Duration.TryParse(text) is { } back)
        {
            return clock.GetUtcNow() - back;
        }

        return DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new ConfigurationException($"{option}: wanted an instant such as 2026-11-21T13:00:00Z, a date, or a duration back from now such as 7d, found \"{text}\"");
    }
}
