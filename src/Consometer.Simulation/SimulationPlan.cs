namespace Consometer.Simulation;

/// <summary>
/// What a simulated cluster is made of. The same plan makes the same accounts, the same placement and the same answers;
/// only the ports differ, for they are whatever the machine has free.
/// </summary>
public sealed record SimulationPlan
{
    /// <summary>What everything is drawn from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Storage nodes, each an account-server on a port of its own.</summary>
    public int Nodes { get; init; } = 4;

    public int DevicesPerNode { get; init; } = 2;

    /// <summary>Zones the nodes are dealt to in turn; as many as nodes if not said.</summary>
    public int Zones
    {
        get => field == 0 ? Nodes : field;
        init;
    }

    public int Replicas { get; init; } = 3;

    /// <summary>The ring has 2 to this power partitions; at most 16.</summary>
    public int PartPower { get; init; } = 8;

    /// <summary>Projects that Keystone knows, each with its account or without.</summary>
    public int Accounts { get; init; } = 300;

    /// <summary>Share of the projects, 0 to 1, that have no account: nobody ever stored anything.</summary>
    public double AbsentShare { get; init; } = 0.02;

    /// <summary>Share of the projects, 0 to 1, whose account is deleted on every replica and not yet reaped.</summary>
    public double DeletedShare { get; init; } = 0.01;

    /// <summary>Share of the projects, 0 to 1, that are disabled in Keystone. Their accounts still hold what they hold.</summary>
    public double DisabledShare { get; init; } = 0.01;

    /// <summary><c>swift_hash_path_prefix</c>, without blanks at its ends.</summary>
    public string HashPrefix { get; init; } = "simulated-prefix";

    /// <summary><c>swift_hash_path_suffix</c>, without blanks at its ends.</summary>
    public string HashSuffix { get; init; } = "simulated-suffix";

    /// <summary>
    /// Keystone's <c>[DEFAULT] max_db_limit</c>: projects on a page at most, and in an answer to a request without <c>limit</c>.
    /// </summary>
    public int KeystonePageMax { get; init; } = 1000;

    /// <summary>Keystone's <c>[token] expiration</c>.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <exception cref="ArgumentOutOfRangeException">A number that no cluster can be made of.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Nodes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(DevicesPerNode, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Zones, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Zones, Nodes);
        ArgumentOutOfRangeException.ThrowIfLessThan(Replicas, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Replicas, Nodes * DevicesPerNode);
        ArgumentOutOfRangeException.ThrowIfNegative(PartPower);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PartPower, 16);
        ArgumentOutOfRangeException.ThrowIfNegative(Accounts);
        ArgumentOutOfRangeException.ThrowIfNegative(AbsentShare);
        ArgumentOutOfRangeException.ThrowIfNegative(DeletedShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(AbsentShare + DeletedShare, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(KeystonePageMax, 1);
    }
}
