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
    /// <exception cref="KeystoneException">Keystone refused or did not answer.</exception>
    /// <exception cref="InputFileException">The file cannot be read.</exception>
    public static async Task<IReadOnlySet<string>> ReadAsync(ConsometerOptions options, CancellationToken stopping)
    {
        if (options.Projects.FilePath is { } file)
        {
            return await NameList.ReadAsync(file, "projects", stopping).ToHashSetAsync(StringComparer.Ordinal, stopping);
        }

        using var keystone = new KeystoneClient(options.Keystone!);
        return await keystone.ListProjectIdsAsync(options.Projects.IncludeDisabled, options.Projects.DomainIds, stopping)
            .ToHashSetAsync(StringComparer.Ordinal, stopping);
    }
}
