namespace Consometer.Metering;

/// <summary>An account to meter.</summary>
/// <param name="Name">Its name in Swift, e.g. <c>AUTH_5f0c…</c>.</param>
/// <param name="ProjectId">The Keystone project it belongs to.</param>
/// <param name="ResourceId">The resource its samples are about.</param>
public sealed record Account(string Name, string ProjectId, string ResourceId)
{
    /// <summary>When Keystone listed its project for the last time; null while it does.</summary>
    public DateTimeOffset? LastListed { get; init; }

    /// <summary>Whether samples are made of it; else it is looked at, and reported if it is an orphan.</summary>
    public bool IsMetered { get; init; } = true;

    /// <summary>Whether its project is one that Keystone lists no more.</summary>
    public bool IsOrphan => LastListed is not null;
}

/// <summary>
/// The prefixes that make a project's accounts (<c>reseller_prefix</c> in proxy-server.conf). A project has one account for
/// each; they are billed apart.
/// </summary>
public sealed class ResellerPrefixes(IReadOnlyList<string> prefixes)
{
    /// <summary>The accounts of a project, the first prefix's first.</summary>
    public IEnumerable<Account> AccountsOf(string projectId)
    {
        for (var i = 0; i < prefixes.Count; i++)
        {
            yield return Make(prefixes[i], i, projectId);
        }
    }

    /// <summary>The accounts that an operator means: one account if the name has a prefix, else those of the project.</summary>
    public IEnumerable<Account> Named(string name) => Longest(name) is { Length: > 0 } prefix ? [Make(prefix, name)] : AccountsOf(name);

    /// <summary>The account of a name in Swift; null if none of the prefixes makes it, or it is a prefix alone.</summary>
    public Account? Find(string name) => Longest(name) is { } prefix && name.Length > prefix.Length ? Make(prefix, name) : null;

    /// <summary>The longest prefix that a name has: an empty one fits every name.</summary>
    private string? Longest(string name) => prefixes.Where(prefix => name.StartsWith(prefix, StringComparison.Ordinal)).MaxBy(prefix => prefix.Length);

    private Account Make(string prefix, string name) => Make(prefix, prefixes.ToList().IndexOf(prefix), name[prefix.Length..]);

    /// <summary>
    /// Under the first prefix the resource is the project, as with Ceilometer's pollsters; under another it is the account,
    /// or two accounts would share one sample.
    /// </summary>
    private static Account Make(string prefix, int index, string projectId) =>
        new(prefix + projectId, projectId, index == 0 ? projectId : prefix + projectId);
}
