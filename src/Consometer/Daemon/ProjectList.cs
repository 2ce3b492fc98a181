using Consometer.Configuration;
using Consometer.Rings;
using Consometer.Swift.Keystone;

namespace Consometer.Daemon;

/// <summary>The projects, from where the configuration says.</summary>
internal static class ProjectList
{
    /// <summary>
    /// The ids, all of them before the first account is asked: read page by page at the pace of the polling the list could outlive its
    /// token, and the project that the next page starts from.
    /// </summary>
    /// <param name="options">Where they come from, and which are wanted.</param>
    /// <param name="keystone">Null where they come from a file.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="KeystoneException">Keystone refused or did not answer.</exception>
    /// <exception cref="InputFileException">The file cannot be read.</exception>
    public static async Task<IReadOnlyCollection<string>> ReadAsync(ProjectsOptions options, KeystoneSession? keystone, CancellationToken stopping)
    {
        if (options.FilePath is { } file)
        {
            return await NameList.ReadAllAsync(file, "projects", stopping);
        }

        return await ProjectListing.ReadAsync(keystone!, new ProjectFilter(options.IncludeDisabled, options.Domains), stopping);
    }
}
