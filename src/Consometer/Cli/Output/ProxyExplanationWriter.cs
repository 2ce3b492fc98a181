using System.Globalization;
using Consometer.Daemon;
using Consometer.Metering.Polling;
using Consometer.Swift.Accounts;
using Consometer.Swift.Proxy;

namespace Consometer.Cli.Output;

/// <summary>What the proxy says of an account, for people and for machines.</summary>
internal static class ProxyExplanationWriter
{
    public static void WriteText(ProxyExplanation explanation)
    {
        Terminal.Output.Line($"account    {Terminal.Visible(explanation.Account.Name)}");
        Terminal.Output.Line($"proxy      {explanation.Root}");
        Terminal.Output.Line(string.Create(
            CultureInfo.InvariantCulture, $"says       {explanation.Reading.Word}{Counts(explanation.Reading)} ({explanation.Latency.TotalMilliseconds:0.0} ms)"));
        Terminal.Output.Line($"outcome    {Describe(explanation.Outcome)}");
    }

    public static object Json(ProxyExplanation explanation) => new
    {
        account = explanation.Account.Name,
        proxy = explanation.Root.AbsoluteUri,
        says = explanation.Reading.Word,
        usage = (explanation.Reading as ProxyReading.Answered)?.Usage,
        seconds = Math.Round(explanation.Latency.TotalSeconds, 6),
        outcome = ExplanationWriter.Word(explanation.Outcome),
        because = Describe(explanation.Outcome),
    };

    private static string Counts(ProxyReading reading) => reading is ProxyReading.Answered { Usage: var usage }
        ? string.Create(CultureInfo.InvariantCulture, $": {usage.Containers:N0} containers, {usage.Objects:N0} objects, {usage.Bytes:N0} bytes")
        : "";

    private static string Describe(AccountOutcome outcome) => outcome switch
    {
        AccountOutcome.Measured => "measured",
        AccountOutcome.Absent => "absent: the proxy finds no figures, and shows the account as empty or not at all",
        AccountOutcome.Deleted => "deleted: the proxy says 410",
        AccountOutcome.Unknown { Reason: Unavailability.Forbidden } => $"unknown; {ReportText.Forbidden}",
        AccountOutcome.Unknown unknown => $"unknown ({unknown.Reason.Word()}): the proxy could not tell",
        _ => ExplanationWriter.Word(outcome),
    };
}
