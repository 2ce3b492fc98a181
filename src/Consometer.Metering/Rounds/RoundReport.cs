using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Consometer.Metering.Polling;

namespace Consometer.Metering.Rounds;

/// <summary>How a round went.</summary>
public sealed record RoundReport
{
    /// <summary>Nothing is missed that an earlier version did not write.</summary>
    private static readonly JsonSerializerOptions OfAnyVersion = new(ReportJson.Default.Options)
    {
        TypeInfoResolver = ((IJsonTypeInfoResolver)ReportJson.Default).WithAddedModifier(type =>
        {
            foreach (var property in type.Properties)
            {
                property.IsRequired = false;
            }
        }),
    };

    /// <summary>The round's time, as in its samples.</summary>
    public required string RoundTime { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>How much of it passed before the first account was known: Keystone's token, and its list or the list's first page.</summary>
    public required double ListingSeconds { get; init; }

    /// <summary>Projects that were listed; null where accounts were named, and in reports of earlier versions.</summary>
    public long? Projects { get; init; }

    /// <summary>Accounts looked at, but for orphans: the sum of the four outcomes below.</summary>
    public required long Accounts { get; init; }

    public required long Measured { get; init; }

    /// <summary>Those of the measured whose figures came through the proxy.</summary>
    public long ByProxy { get; init; }

    public required long Absent { get; init; }

    public required long Deleted { get; init; }

    public required long Unknown { get; init; }

    /// <summary>The unknown accounts by reason, e.g. <c>timed_out</c>.</summary>
    public required IReadOnlyDictionary<string, long> UnknownByReason { get; init; }

    /// <summary>Measured accounts, orphans too, whose replicas did not say the same; all of them only where all replicas are asked.</summary>
    public required long Disagreeing { get; init; }

    /// <summary>Measured accounts whose containers were not listed to the end, though there are meters of containers.</summary>
    public required long Unlisted { get; init; }

    /// <summary>Accounts that hold something and whose project Keystone lists no more. They are in none of the counts above.</summary>
    public long Orphans { get; init; }

    /// <summary>Accounts whose project Keystone lists no more and of which nothing could be told.</summary>
    public long OrphansUnknown { get; init; }

    /// <summary>How old the list of projects was, in seconds, if it was one that was kept; null if it was made for this round.</summary>
    public double? ProjectListAgeSeconds { get; init; }

    /// <summary>Why Keystone gave no list of projects for this round; null if it did.</summary>
    public string? ProjectListFailure { get; init; }

    /// <summary>What the measured accounts hold together, orphans not counted; null in reports of earlier versions.</summary>
    public RoundTotals? Totals { get; init; }

    /// <summary>The measured accounts that hold most bytes, the largest first; ten at most. Whoever reads a report reads these tenants' figures.</summary>
    public IReadOnlyList<LargeAccount> Largest
    {
        // A report of an earlier version has none, and what reads JSON passes initializers over.
        get => field ?? [];
        init;
    }

    /// <summary>Samples made.</summary>
    public required long Samples { get; init; }

    /// <summary>Those of them that no consumer could read, and that are kept back.</summary>
    public long Withheld { get; init; }

    /// <summary>How it went with each account-server, and with the proxy.</summary>
    public required IReadOnlyList<NodeReport> Nodes { get; init; }

    /// <summary>How the tasks of a round went that several daemons shared; null of one daemon's round.</summary>
    public TaskCounts? Tasks { get; init; }

    /// <summary>The daemons that did its tasks, by name; none of one daemon's round.</summary>
    public IReadOnlyList<WorkerReport> Workers
    {
        get => field ?? [];
        init;
    }

    /// <summary>Why the round counts for nothing and its samples were discarded; null if it is good.</summary>
    public string? Failure { get; init; }

    /// <summary>
    /// Whether the period has its round with this. Not with a failure, nor when no account could be told anything of: then it
    /// is worth another try.
    /// </summary>
    [JsonIgnore]
    public bool IsComplete => Failure is null && (Unknown == 0 || Unknown < Accounts);

    /// <summary>One line of JSON, keys in snake case.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.RoundReport);

    /// <summary>Reads what <see cref="ToJson"/> made, of this version or an earlier one: what that did not tell is 0, or empty, or null.</summary>
    /// <exception cref="JsonException">It is no report.</exception>
    public static RoundReport FromJson(string json) => JsonSerializer.Deserialize<RoundReport>(json, OfAnyVersion)!;
}

/// <summary>What accounts hold together; decimals, since it may be more than 64 bits hold.</summary>
public sealed record RoundTotals(decimal Containers, decimal Objects, decimal Bytes);

/// <summary>One of the accounts that hold most.</summary>
/// <param name="Account">Its name in Swift.</param>
/// <param name="ProjectId">The project it belongs to.</param>
/// <param name="Containers">Containers.</param>
/// <param name="Objects">Objects.</param>
/// <param name="Bytes">Logical bytes.</param>
public sealed record LargeAccount(string Account, string ProjectId, long Containers, long Objects, long Bytes);

/// <summary>How the tasks of a shared round went.</summary>
/// <param name="Published">Tasks there were.</param>
/// <param name="Done">Those that were done and reported.</param>
/// <param name="Redelivered">Those of them that somebody had before, who did not come to an end with them.</param>
/// <param name="Late">Those that nobody did before the round's polling was over.</param>
/// <param name="Poison">Those that were given out too often.</param>
/// <param name="NotReported">Those that somebody has, and that no report came of.</param>
public sealed record TaskCounts(int Published, int Done, int Redelivered, int Late, int Poison, int NotReported);

/// <summary>What one daemon did of a shared round.</summary>
/// <param name="Worker">Its name: host and process.</param>
/// <param name="Tasks">Tasks it did.</param>
/// <param name="Redelivered">Those of them that somebody had before.</param>
/// <param name="Accounts">Accounts in them.</param>
/// <param name="RingMd5">The MD5 of its ring; null where it asks the proxy alone.</param>
public sealed record WorkerReport(string Worker, int Tasks, int Redelivered, long Accounts, string? RingMd5 = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RoundReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
