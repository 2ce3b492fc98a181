using System.Text.Json;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Samples;

/// <summary>What a round did with a node.</summary>
internal sealed record PrintedNode(string Node, long Requests, Dictionary<string, long> Failures, int TimesSetAside);

/// <summary>The report of a round.</summary>
internal sealed record PrintedReport(
    double Seconds, long Accounts, long Measured, long ByProxy, long Absent, long Deleted, long Unknown, Dictionary<string, long> UnknownByReason, long Disagreeing, PrintedNode[] Nodes);

/// <summary>A round as <c>poll --format json</c> printed it.</summary>
/// <param name="ExitCode">The program's.</param>
/// <param name="Report">How it went.</param>
/// <param name="Unknown">What the replicas said, by account without a figure.</param>
/// <param name="Disagreeing">What they said, by account that they disagree of.</param>
/// <param name="Samples">The samples.</param>
internal sealed record PrintedRound(
    int ExitCode, PrintedReport Report, IReadOnlyDictionary<string, string> Unknown, IReadOnlyDictionary<string, string> Disagreeing, PrintedSample[] Samples)
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static PrintedRound FromJson(ProgramRun run)
    {
        Assert.True(run.Output.Length > 0, $"wanted a round, found exit code {run.ExitCode}: {run.Errors}");
        var document = JsonElement.Parse(run.Output);
        return new PrintedRound(
            run.ExitCode,
            document.GetProperty("report").Deserialize<PrintedReport>(Names)!,
            Remarks(document.GetProperty("unknown")),
            Remarks(document.GetProperty("disagreeing")),
            [.. document.GetProperty("samples").EnumerateArray().Select(PrintedSample.FromJson)]);
    }

    private static Dictionary<string, string> Remarks(JsonElement accounts) =>
        accounts.EnumerateArray().ToDictionary(account => account.GetProperty("account").GetString()!, account => account.GetProperty("replicas").GetString()!);
}
