using System.Globalization;
using Consometer.Daemon.Tasks;
using Consometer.Metering.Rounds;
using Consometer.Swift.Accounts;

namespace Consometer.Daemon;

/// <summary>A round's report in words.</summary>
internal static class ReportText
{
    /// <summary>What is wrong with a user whom the proxy refuses (<c>swift/common/middleware/keystoneauth.py</c>).</summary>
    public const string Forbidden =
        "forbidden: the proxy lets this user see no account but its own; give it, in the scope it logs in with, a role that is among system_reader_roles "
        + "of [filter:keystoneauth] in proxy-server.conf (Swift 2.27 and later; it may only read), or the reseller_admin_role (it may do everything)";

    /// <summary>The whole on one line, for the log.</summary>
    public static string Summary(RoundReport report) => $"{Pace(report)}: {Outcomes(report)}{(SharedText.Tasks(report) is { } tasks ? $"; {tasks}" : "")}";

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
        return $"{Count(report.Measured)} measured{(report.ByProxy == 0 ? "" : $" ({Count(report.ByProxy)} through the proxy)")}, {Count(report.Absent)} absent, {Count(report.Deleted)} deleted, "
            + $"{Count(report.Unknown)} unknown{(reasons.Length == 0 ? "" : $" ({reasons})")}{(report.Disagreeing == 0 ? "" : $", {Count(report.Disagreeing)} with replicas that disagree")}{(report.Unlisted == 0 ? "" : $", {Count(report.Unlisted)} not listed to the end")}{Orphans(report)}; {Count(report.Samples)} samples";
    }

    /// <summary>What an operator should do about it, where the reasons tell; else null.</summary>
    public static string? Advice(RoundReport report) =>
        report.Nodes.Any(node => node.Failures.ContainsKey(Unavailability.Forbidden.Word())) ? Forbidden
        : report.UnknownByReason.ContainsKey(Unavailability.Unauthorized.Word()) ? "unauthorized: the proxy refuses tokens that Keystone has just given; is it this Keystone that the proxy asks (authtoken in its proxy-server.conf)?"
        : null;

    /// <summary>Which list of projects the round had to do with; null if Keystone gave it one.</summary>
    public static string? KeptList(RoundReport report) => report.ProjectListAgeSeconds is { } age
        ? string.Create(CultureInfo.InvariantCulture, $"{report.ProjectListFailure}; the list of projects kept from before was used, which is {TimeSpan.FromSeconds(age)} old")
        : null;

    private static string Orphans(RoundReport report) =>
        (report.Orphans == 0 ? "" : $", {Count(report.Orphans)} orphaned with data") + (report.OrphansUnknown == 0 ? "" : $", {Count(report.OrphansUnknown)} orphaned and unknown");

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
