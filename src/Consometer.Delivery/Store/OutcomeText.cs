using System.Diagnostics;
using System.Globalization;
using Consometer.Metering.Polling;
using Consometer.Swift.Accounts;

namespace Consometer.Delivery.Store;

/// <summary>What the store says of accounts that are not simply measured.</summary>
internal static class OutcomeText
{
    /// <summary>How the reason of an account begins for which there was no time.</summary>
    public const string OutOfTime = "out_of_time";

    /// <summary>The word for what became of it, and why; null if there is nothing to say.</summary>
    public static (string Outcome, string? Reason)? NotMeasured(AccountOutcome outcome) => outcome switch
    {
        { Account.IsOrphan: true } => Orphan(outcome) is { } found ? ("orphan", found) : null,
        AccountOutcome.Measured { Unlisted: { } reason } => ("unlisted", reason),
        AccountOutcome.Measured => null,
        AccountOutcome.Absent => ("absent", null),
        AccountOutcome.Deleted => ("deleted", null),
        AccountOutcome.Unknown unknown => ("unknown", Readings(unknown)),
        _ => throw new UnreachableException(),
    };

    /// <summary>What one replica said.</summary>
    public static string Describe(ReplicaReading reading)
    {
        var said = reading is ReplicaReading.Answered { Usage: var usage } ? Describe(usage) : reading.Word();
        return $"{Node.Of(reading.Device, Network.Client)}/{reading.Device.Name} {said}";
    }

    /// <summary>Of one that holds something what, of one that is unknown why, and since when nobody lists it; null of one that holds nothing.</summary>
    private static string? Orphan(AccountOutcome outcome)
    {
        var found = outcome switch
        {
            AccountOutcome.Measured measured when outcome.HoldsSomething =>
                Describe(measured.Usage) + (measured.Unlisted is { } reason ? $", its containers not listed to the end: {reason}" : ""),
            AccountOutcome.Unknown unknown => $"unknown: {Readings(unknown)}",
            _ => null,
        };
        return found is null
            ? null
            : $"{found}; last listed {outcome.Account.LastListed?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}";
    }

    private static string Readings(AccountOutcome.Unknown unknown)
    {
        var said = unknown.Readings.Select(Describe);
        said = unknown.Proxy is { } proxy ? said.Append($"proxy {proxy.Word}") : said;
        return string.Join(", ", unknown.IsOutOfTime ? said.Prepend(OutOfTime) : said);
    }

    private static string Describe(AccountUsage usage) =>
        string.Create(CultureInfo.InvariantCulture, $"{usage.Containers} containers {usage.Objects} objects {usage.Bytes} B");
}
