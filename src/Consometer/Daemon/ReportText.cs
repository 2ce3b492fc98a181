using System.Globalization;
using Consometer.Metering.Rounds;

namespace Consometer.Daemon;

/// <summary>A round's report in words.</summary>
internal static class ReportText
{
    /// <summary>The whole on one line, for the log.</summary>
    public static string Summary(RoundReport report) => $"{Pace(report)}: {Outcomes(report)}";

    /// <summary>Which round, how many accounts, how fast.</summary>
    public static string Pace(RoundReport report)
    {
        var polling = report.Seconds - report.ListingSeconds;
        var rate = polling > 0 ? report.Accounts / polling : 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.RoundTime}: {Count(report.Accounts)} accounts in {report.Seconds:0.0} s (listed in {report.ListingSeconds:0.0} s, then {rate:0}/s)");
    }

    /// <summary>What became of them.</summary>
    public static string Outcomes(RoundReport report)
    {
        var reasons = string.Join(", ", report.UnknownByReason.Select(reason => $"{reason.Key} {Count(reason.Value)}"));
        return $"{Count(report.Measured)} measured, {Count(report.Absent)} absent, {Count(report.Deleted)} deleted, "
            + $"{Count(report.Unknown)} unknown{(reasons.Length == 0 ? "" : $" ({reasons})")}{(report.Disagreeing == 0 ? "" : $", {Count(report.Disagreeing)} with replicas that disagree")}{(report.Unlisted == 0 ? "" : $", {Count(report.Unlisted)} not listed to the end")}; {Count(report.Samples)} samples";
    }

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
