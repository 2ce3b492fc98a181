namespace Consometer.Delivery.Tasks;

/// <summary>A message that a daemon got and has not acked yet.</summary>
/// <param name="Type">What it is, by who sent it (<see cref="LetterType"/>).</param>
/// <param name="Body">What is in it.</param>
/// <param name="IsRedelivered">Whether somebody, or this daemon, had it before.</param>
/// <param name="DeathReason">Why the broker moved it to the queue it came from (<c>expired</c>, <c>rejected</c>, <c>delivery_limit</c>); null where it did not.</param>
/// <param name="Tag">By which it is acked, at the inbox it came to.</param>
public sealed record Letter(string Type, byte[] Body, bool IsRedelivered, string? DeathReason, ulong Tag);

/// <summary>What messages are.</summary>
public static class LetterType
{
    /// <summary>The role of the coordinator.</summary>
    public const string Role = "role";

    /// <summary>A task.</summary>
    public const string Task = "task";

    /// <summary>How a task went.</summary>
    public const string Report = "report";

    /// <summary>A round begins.</summary>
    public const string Begun = "begun";

    /// <summary>All its tasks are published.</summary>
    public const string Planned = "planned";

    /// <summary>It has ended.</summary>
    public const string Ended = "ended";

    /// <summary>Up to where a reader of the journal reads.</summary>
    public const string Fence = "fence";
}
