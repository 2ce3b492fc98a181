using System.Text.Json;

namespace Consometer.Metering.Tasks;

/// <summary>
/// What the coordinator writes down in the broker of the round in hand, for whoever takes its place. The entry of a task is the task itself:
/// the broker puts one message into both queues. Closed: these and no other.
/// </summary>
public abstract record JournalEntry
{
    private JournalEntry()
    {
    }

    /// <summary>A round begins.</summary>
    /// <param name="Round">The round.</param>
    /// <param name="Started">When, before its projects were listed.</param>
    /// <param name="Deadline">When its polling ends.</param>
    public sealed record Begun(RoundAttempt Round, DateTimeOffset Started, DateTimeOffset Deadline) : JournalEntry;

    /// <summary>A task was published.</summary>
    /// <param name="Round">The round.</param>
    /// <param name="Number">Which of its tasks.</param>
    /// <param name="Accounts">How many accounts it has, but for orphans.</param>
    /// <param name="LastAccount">The last of them.</param>
    /// <param name="Cut">What tells it from another task of its number (<see cref="RoundTask.Cut"/>).</param>
    public sealed record Published(RoundAttempt Round, int Number, int Accounts, string LastAccount, ulong Cut) : JournalEntry;

    /// <summary>All tasks of a round are published. It outlives the entries of those, which expire with them.</summary>
    /// <param name="Round">The round.</param>
    /// <param name="Tasks">How many there are.</param>
    /// <param name="Accounts">How many accounts they have (<see cref="SharedRound.Accounts"/>).</param>
    /// <param name="Listing">How its accounts came together.</param>
    public sealed record Planned(RoundAttempt Round, int Tasks, long Accounts, RoundListing Listing) : JournalEntry;

    /// <summary>A round has ended.</summary>
    /// <param name="Round">The round.</param>
    /// <param name="IsComplete">Whether its period has its round with this; else it is attempted again.</param>
    public sealed record Ended(RoundAttempt Round, bool IsComplete) : JournalEntry;

    /// <summary>The entry of a task.</summary>
    public static Published Of(RoundTask task) => new(task.Round, task.Number, task.AccountsCounted, task.Accounts[^1], task.Cut);

    /// <summary>What is sent of a begin.</summary>
    public static byte[] ToJson(Begun begun) => JsonSerializer.SerializeToUtf8Bytes(begun, TaskJson.Default.Begun);

    /// <summary>What is sent of a plan.</summary>
    public static byte[] ToJson(Planned planned) => JsonSerializer.SerializeToUtf8Bytes(planned, TaskJson.Default.Planned);

    /// <summary>Reads what <see cref="ToJson(Begun)"/> made.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static Begun BegunFromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, TaskJson.Default.Begun) ?? throw new JsonException("null is no begin");

    /// <summary>Reads what <see cref="ToJson(Planned)"/> made.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static Planned PlannedFromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, TaskJson.Default.Planned) ?? throw new JsonException("null is no plan");
}

/// <summary>How the accounts of a round came together.</summary>
/// <param name="Seconds">How long that took.</param>
/// <param name="Projects">Projects that were listed.</param>
/// <param name="ListAgeSeconds">How old the list was, if it was one that was kept; else null.</param>
/// <param name="ListFailure">Why Keystone gave none for this round; null if it did.</param>
public sealed record RoundListing(double Seconds, long? Projects = null, double? ListAgeSeconds = null, string? ListFailure = null);
