using System.Collections.Frozen;

namespace Consometer.Swift.Accounts;

/// <summary>
/// The storage policies' names as in swift.conf. Swift capitalizes header names, so <c>gold</c> arrives as <c>Gold</c>; names are
/// unique in any case (<c>swift/common/storage_policy.py</c>).
/// </summary>
internal sealed class PolicyNames(IEnumerable<string> names)
{
    /// <summary>Looked up by the part of a header's name that is a policy's, without making a string of it.</summary>
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _names =
        names.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The name as in swift.conf if that has it, else as it came.</summary>
    public string Of(ReadOnlySpan<char> name) => _names.TryGetValue(name, out var known) ? known : name.ToString();
}
