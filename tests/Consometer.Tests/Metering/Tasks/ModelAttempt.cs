using Consometer.Metering.Tasks;

namespace Consometer.Tests.Metering.Tasks;

/// <summary>An attempt at a round, as the rules see it.</summary>
internal sealed class ModelAttempt(RoundAttempt round)
{
    public RoundAttempt Round => round;

    public Dictionary<int, IReadOnlyList<string>> Tasks { get; } = [];

    public HashSet<string> Accounts { get; } = [];

    /// <summary>The accounts of tasks that are in the journal: the same, but for tasks that the broker died over.</summary>
    public Dictionary<int, IReadOnlyList<string>> Journaled { get; } = [];

    /// <summary>When tasks were reported for the first time.</summary>
    public Dictionary<int, DateTimeOffset> Reported { get; } = [];

    /// <summary>Whether the broker died over one of its tasks.</summary>
    public bool IsTorn { get; set; }

    public RoundEnded? Ended { get; set; }

    public HashSet<string> Unknown { get; set; } = [];

    public HashSet<string> Measured { get; set; } = [];
}
