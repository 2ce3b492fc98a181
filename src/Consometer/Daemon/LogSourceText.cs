using System.Globalization;
using Consometer.Metering.Requests.Sources;

namespace Consometer.Daemon;

/// <summary>What happens to an access log, in words.</summary>
internal static class LogSourceText
{
    /// <summary>Whether somebody should look at it.</summary>
    public static bool IsTrouble(LogSourceNews news) => news is not (LogSourceNews.Found or LogSourceNews.Rotated);

    public static string Of(LogSourceNews news) => news switch
    {
        LogSourceNews.Missing missing => $"cannot be read yet: {missing.Reason}",
        LogSourceNews.Found => "is there, and read",
        LogSourceNews.Rotated rotated => $"was rotated: {rotated.From} is read to its end, then {rotated.To}",
        LogSourceNews.Truncated truncated => Text($"was cut off at byte {truncated.Offset}; it is read from its beginning"),
        LogSourceNews.Lost lost => Text($"what was read of it, to byte {lost.Offset}, is in no file any more: what followed there is lost, and it is read from its beginning"),
        LogSourceNews.LineTooLong line => Text($"a line at byte {line.Offset} is longer than any, and passed over"),
        LogSourceNews.Unreadable unreadable => unreadable.Reason,
        _ => news.ToString(),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
