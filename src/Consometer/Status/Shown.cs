using System.Globalization;
using Consometer.Cli.Output;

namespace Consometer.Status;

/// <summary>Figures, times and durations as the page has them in words.</summary>
internal static class Shown
{
    /// <summary>A thin space that no line is broken at.</summary>
    private static readonly NumberFormatInfo Grouped = new() { NumberGroupSeparator = "\u202f" };

    public static string Count(decimal count) => count.ToString("#,0", Grouped);

    /// <summary>A count with its noun: <c>1 account</c>, <c>3 accounts</c>.</summary>
    public static string Count(decimal count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Four digits and an IEC unit.</summary>
    public static string Bytes(decimal bytes) => FigureText.Bytes(bytes);

    public static string Percent(double share) => share is > 0 and < 0.001
        ? "less than 0.1\u00a0%"
        : (share * 100).ToString(share < 0.1 ? "0.#" : "0", CultureInfo.InvariantCulture) + "\u00a0%";

    /// <summary>A round's time, or when something was; UTC.</summary>
    public static string Time(DateTimeOffset time) => FigureText.Of(time);

    public static string Instant(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>How long ago something was, in whole seconds; what is to come has just been.</summary>
    public static string Ago(TimeSpan age) => $"{(age < TimeSpan.FromMinutes(1) ? $"{Math.Max(0, age.Seconds)} s" : Span(age))} ago";

    /// <summary>The two largest units.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => $"{span.Days} d{Rest(span.Hours, "h")}",
        { TotalHours: >= 1 } => $"{span.Hours} h{Rest(span.Minutes, "min")}",
        { TotalMinutes: >= 1 } => $"{span.Minutes} min{Rest(span.Seconds, "s")}",
        _ => Seconds(span.TotalSeconds),
    };

    /// <summary>Two or three digits, in milliseconds below a second.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        0 => "0 s",
        < 0.1 => (seconds * 1000).ToString("0.#", CultureInfo.InvariantCulture) + " ms",
        < 1 => (seconds * 1000).ToString("0", CultureInfo.InvariantCulture) + " ms",
        < 10 => seconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        < 60 => seconds.ToString("0", CultureInfo.InvariantCulture) + " s",
        _ => Span(TimeSpan.FromSeconds(seconds)),
    };

    private static string Rest(int count, string unit) => count == 0 ? "" : $" {count} {unit}";
}
