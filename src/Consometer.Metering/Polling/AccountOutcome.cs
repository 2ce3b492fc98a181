using Consometer.Swift.Accounts;
using Consometer.Swift.Proxy;

namespace Consometer.Metering.Polling;

/// <summary>What is known of an account after its replicas, or the proxy, were asked. Closed: these four and no other.</summary>
public abstract record AccountOutcome
{
    private AccountOutcome(Account account) => Account = account;

    public Account Account { get; }

    /// <summary>Whether it was the proxy that settled it. That proves nothing of the ring or the hash prefix.</summary>
    public bool ByProxy { get; init; }

    /// <summary>Whether it has figures and one of them is not 0.</summary>
    public bool HoldsSomething => this is Measured { Usage: var usage } && (usage.Containers, usage.Objects, usage.Bytes) != (0, 0, 0);

    /// <summary>A replica gave the figures.</summary>
    public sealed record Measured(Account Account, AccountUsage Usage) : AccountOutcome(Account)
    {
        /// <summary>What each replica that was asked said, where they do not agree; else empty.</summary>
        public IReadOnlyList<ReplicaReading> Disagreement { get; init; } = [];

        /// <summary>Why its containers were not listed to the end, in one word; null if they were, or nobody asked for them.</summary>
        public string? Unlisted { get; init; }
    }

    /// <summary>No replica has it and none was unavailable: it was never made. The proxy shows it as empty.</summary>
    public sealed record Absent(Account Account) : AccountOutcome(Account);

    /// <summary>It is deleted, and perhaps not yet reaped.</summary>
    public sealed record Deleted(Account Account) : AccountOutcome(Account);

    /// <summary>No replica gave figures and at least one could not tell. No sample is ever made of it.</summary>
    /// <param name="Account">The account.</param>
    /// <param name="Readings">What each replica that was asked said.</param>
    public sealed record Unknown(Account Account, IReadOnlyList<ReplicaReading> Readings) : AccountOutcome(Account)
    {
        /// <summary>Whether the round's time was over before all replicas were asked.</summary>
        public bool IsOutOfTime { get; init; }

        /// <summary>What the proxy said, if it was asked too, or alone.</summary>
        public ProxyReading? Proxy { get; init; }

        /// <summary>Why, in one word: what the first replica that could not tell suffered from; or the proxy, where it alone was asked.</summary>
        public Unavailability Reason => IsOutOfTime ? Unavailability.OutOfTime
            : Readings.OfType<ReplicaReading.Unavailable>().FirstOrDefault()?.Reason ?? (Proxy as ProxyReading.Unavailable)?.Reason ?? Unavailability.Unassigned;
    }
}
