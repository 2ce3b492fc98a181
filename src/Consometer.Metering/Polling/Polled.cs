using Consometer.Swift.Accounts;

namespace Consometer.Metering.Polling;

/// <summary>What comes out of a poll. Closed: these two and no other.</summary>
public abstract record Polled
{
    private Polled()
    {
    }

    /// <summary>An account is done with; each is once.</summary>
    public sealed record Settled(AccountOutcome Outcome) : Polled;

    /// <summary>Some of the containers of an account that will be settled later: an account may have more of them than memory holds.</summary>
    public sealed record Page(Account Account, IReadOnlyList<ContainerUsage> Containers) : Polled;
}
