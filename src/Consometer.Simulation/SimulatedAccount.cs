namespace Consometer.Simulation;

/// <summary>What the cluster has of a project.</summary>
public enum SimulatedAccountKind
{
    /// <summary>Its account is on every primary, with one and the same usage.</summary>
    Stored,

    /// <summary>It has no account anywhere.</summary>
    Absent,

    /// <summary>Its account is deleted on every primary.</summary>
    Deleted,
}

/// <summary>
/// A project and its account as the plan made them: the truth that a round over an untouched cluster must find. What a test
/// puts or removes afterwards is not in here.
/// </summary>
/// <param name="ProjectId">32 hexadecimal digits in lower case.</param>
/// <param name="ProjectName">Its name in Keystone; the first project's is <c>service</c>.</param>
/// <param name="Enabled">False for a project that is disabled in Keystone.</param>
/// <param name="Kind">What the cluster has of it.</param>
/// <param name="Usage">What it holds; nothing if it is not stored.</param>
public sealed record SimulatedAccount(string ProjectId, string ProjectName, bool Enabled, SimulatedAccountKind Kind, SimulatedUsage Usage)
{
    /// <summary>The account's name in Swift, of the reseller prefix <c>AUTH_</c>.</summary>
    public string Account => "AUTH_" + ProjectId;

    public long Containers => Usage.Containers;

    public long Objects => Usage.Objects;

    public long Bytes => Usage.Bytes;
}
