namespace Consometer.Swift.Accounts;

/// <summary>
/// What an account-server says an account holds (<c>swift/account/utils.py</c>, <c>get_response_headers</c>). Containers
/// that listings hide (versions, names that begin with NUL) are counted. Two are equal when all counts are, whatever the
/// order of the policies.
/// </summary>
/// <param name="Containers">Containers.</param>
/// <param name="Objects">Objects.</param>
/// <param name="Bytes">Logical bytes: not multiplied by replicas, not expanded by erasure coding.</param>
public sealed record AccountUsage(long Containers, long Objects, long Bytes)
{
    /// <summary>The usage of an account that was never made, as the proxy reports it under <c>account_autocreate</c>.</summary>
    public static AccountUsage Zero { get; } = new(0, 0, 0);

    /// <summary>
    /// The same by storage policy: each once that ever had a container of the account. A server leaves out the policies that its
    /// own swift.conf does not know, so their sum may be less than the account's counts.
    /// </summary>
    public IReadOnlyList<PolicyUsage> Policies { get; init; } = [];

    public bool Equals(AccountUsage? other) =>
        other is not null
        && (Containers, Objects, Bytes) == (other.Containers, other.Objects, other.Bytes)
        && Policies.Count == other.Policies.Count
        && Policies.All(policy => other.Policies.Contains(policy));

    /// <summary>Of the three counts, which nearly always tell usages apart.</summary>
    public override int GetHashCode() => HashCode.Combine(Containers, Objects, Bytes);
}

/// <summary>What an account holds in one storage policy.</summary>
/// <param name="Name">The policy's name, as in swift.conf if that has it, else as the server's header has it: capitalized.</param>
/// <param name="Containers">Containers; null where the server does not say, for its database is older than this count.</param>
/// <param name="Objects">Objects.</param>
/// <param name="Bytes">Logical bytes.</param>
public sealed record PolicyUsage(string Name, long? Containers, long Objects, long Bytes);
