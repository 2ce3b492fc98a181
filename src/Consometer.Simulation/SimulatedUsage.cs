namespace Consometer.Simulation;

/// <summary>What an account holds in one storage policy.</summary>
/// <param name="Policy">The policy's name as in <c>swift.conf</c>.</param>
/// <param name="Containers">Number of containers.</param>
/// <param name="Objects">Number of objects.</param>
/// <param name="Bytes">Bytes stored, once however many replicas there are.</param>
public sealed record SimulatedPolicyUsage(string Policy, long Containers, long Objects, long Bytes);

/// <summary>What an account holds.</summary>
/// <param name="Policies">
/// By policy, each once: those that ever had a container of the account, as Swift lists them. An account without containers has none.
/// </param>
public sealed record SimulatedUsage(IReadOnlyList<SimulatedPolicyUsage> Policies)
{
    public static SimulatedUsage Nothing { get; } = new([]);

    public long Containers { get; } = Policies.Sum(policy => policy.Containers);

    public long Objects { get; } = Policies.Sum(policy => policy.Objects);

    public long Bytes { get; } = Policies.Sum(policy => policy.Bytes);
}
