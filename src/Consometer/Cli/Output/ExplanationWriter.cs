using System.Diagnostics;
using System.Globalization;
using Consometer.Metering.Polling;
using Consometer.Swift.Accounts;

namespace Consometer.Cli.Output;

/// <summary>What every replica of an account says, for people and for machines.</summary>
internal static class ExplanationWriter
{
    public static void WriteTable(Explanation explanation)
    {
        Terminal.Output.Line($"account    {Terminal.Visible(explanation.Account.Name)}");
        Terminal.Output.Line($"hash       {explanation.Hash}");
        Terminal.Output.Line(string.Create(CultureInfo.InvariantCulture, $"partition  {explanation.Placement.Partition}"));
        var table = Terminal.NewTable(
            ("REPLICA", false), ("NODE", false), ("DEVICE", false), ("SAYS", false), ("CONTAINERS", true), ("OBJECTS", true), ("BYTES", true), ("MS", true));
        foreach (var replica in explanation.Replicas)
        {
            var usage = (replica.Reading as ReplicaReading.Answered)?.Usage;
            Terminal.AddRow(
                table,
                replica.IsPrimary ? "primary" : "handoff", replica.Node.ToString(), replica.Reading.Device.Name, replica.Reading.Word(),
                Count(usage?.Containers), Count(usage?.Objects), Count(usage?.Bytes), replica.Latency.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture));
        }

        Terminal.Output.Write(table);
        Terminal.Output.Line($"outcome    {Describe(explanation.Outcome)}");
    }

    public static object Json(Explanation explanation) => new
    {
        account = explanation.Account.Name,
        hash = explanation.Hash.ToString(),
        explanation.Placement.Partition,
        replicas = explanation.Replicas.Select(replica => new
        {
            replica = replica.IsPrimary ? "primary" : "handoff",
            node = replica.Node.ToString(),
            device = replica.Reading.Device.Name,
            says = replica.Reading.Word(),
            usage = (replica.Reading as ReplicaReading.Answered)?.Usage,
            seconds = Math.Round(replica.Latency.TotalSeconds, 6),
        }),
        outcome = Word(explanation.Outcome),
        because = Describe(explanation.Outcome),
    };

    public static string Word(AccountOutcome outcome) => outcome switch
    {
        AccountOutcome.Measured => "measured",
        AccountOutcome.Absent => "absent",
        AccountOutcome.Deleted => "deleted",
        AccountOutcome.Unknown => "unknown",
        _ => throw new UnreachableException(),
    };

    private static string Describe(AccountOutcome outcome) => outcome switch
    {
        AccountOutcome.Measured { Disagreement.Count: > 0 } measured =>
            $"measured, though the replicas do not agree: {Count(measured.Usage.Bytes)} bytes is what most say, or the first of as many",
        AccountOutcome.Measured => "measured",
        AccountOutcome.Absent => "absent: every replica asked says 404, so it was never made",
        AccountOutcome.Deleted => "deleted: no replica has figures, and one has it as deleted",
        AccountOutcome.Unknown unknown => $"unknown ({unknown.Reason.Word()}): no replica has figures, and one that could not tell may have them",
        _ => throw new UnreachableException(),
    };

    private static string Count(long? count) => count?.ToString("N0", CultureInfo.InvariantCulture) ?? "-";
}
