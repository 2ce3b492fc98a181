using System.Text.Json;
using Consometer.Metering.Rounds;

namespace Consometer.Metering.Tasks;

/// <summary>How a task went: sent when the broker has confirmed its samples.</summary>
public sealed record TaskReport
{
    /// <summary>The round.</summary>
    public required RoundAttempt Round { get; init; }

    /// <summary>Which of its tasks.</summary>
    public required int Number { get; init; }

    /// <summary>What tells the task from another of its number (<see cref="RoundTask.Cut"/>); null of a daemon that does not say.</summary>
    public ulong? Cut { get; init; }

    /// <summary>The daemon that did it.</summary>
    public required string Worker { get; init; }

    /// <summary>The MD5 of that daemon's ring; null where it asks the proxy alone.</summary>
    public string? RingMd5 { get; init; }

    /// <summary>Whether the task had been given to somebody before.</summary>
    public bool IsRedelivered { get; init; }

    /// <summary>How it went. With a failure its samples were discarded: of its accounts nothing is known.</summary>
    public required RoundReport Report { get; init; }

    /// <summary>What there is to say of single accounts; of a task that failed each of its accounts.</summary>
    public required IReadOnlyList<RoundRemark> Remarks { get; init; }

    /// <summary>What is sent.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, TaskJson.Default.TaskReport);

    /// <summary>Reads what <see cref="ToJson"/> made.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static TaskReport FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, TaskJson.Default.TaskReport) ?? throw new JsonException("null is no report");
}

/// <summary>What there is to say of one account.</summary>
/// <param name="Outcome"><c>unknown</c>, <c>unlisted</c>, <c>orphan</c>, <c>withheld</c> or <c>disagreeing</c>.</param>
/// <param name="Account">Its name; of <c>withheld</c> the resource.</param>
/// <param name="ProjectId">Its project; empty where that is not known.</param>
/// <param name="Reason">Why, or what was found.</param>
public sealed record RoundRemark(string Outcome, string Account, string ProjectId, string Reason)
{
    /// <summary>No figures, and it is not known why not.</summary>
    public const string Unknown = "unknown";

    /// <summary>Its replicas do not say the same.</summary>
    public const string Disagreeing = "disagreeing";
}
