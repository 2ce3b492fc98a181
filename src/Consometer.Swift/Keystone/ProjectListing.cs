namespace Consometer.Swift.Keystone;

/// <summary>Which projects are wanted.</summary>
/// <param name="IncludeDisabled">Disabled projects too: what they stored is still there.</param>
/// <param name="Domains">Ids or names of domains; projects of all if there are none.</param>
public sealed record ProjectFilter(bool IncludeDisabled, IReadOnlyList<string> Domains);

/// <summary>All projects that Keystone knows.</summary>
public static class ProjectListing
{
    /// <summary>The ids of all projects that are wanted: the whole list, or an exception.</summary>
    /// <exception cref="KeystoneException">Keystone refused, did not answer, or cut the list short.</exception>
    public static Task<IReadOnlySet<string>> ReadAsync(KeystoneSession session, ProjectFilter filter, CancellationToken stopping) =>
        throw new NotImplementedException();
}
