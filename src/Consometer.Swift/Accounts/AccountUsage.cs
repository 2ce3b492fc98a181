namespace Consometer.Swift.Accounts;

/// <summary>
/// What an account-server says an account holds (<c>swift/account/utils.py</c>, <c>get_response_headers</c>). Containers
/// that listings hide (versions, names that begin with NUL) are counted.
/// </summary>
/// <param name="Containers">Containers.</param>
/// <param name="Objects">Objects.</param>
/// <param name="Bytes">Logical bytes: not multiplied by replicas, not expanded by erasure coding.</param>
public sealed record AccountUsage(long Containers, long Objects, long Bytes)
{
    /// <summary>The usage of an account that was never made, as the proxy reports it under <c>account_autocreate</c>.</summary>
    public static AccountUsage Zero { get; } = new(0, 0, 0);
}
