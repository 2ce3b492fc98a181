using System.Text.Json;

namespace Consometer.Swift.Keystone;

/// <summary>Which projects are wanted.</summary>
/// <param name="IncludeDisabled">Disabled projects too: what they stored is still there.</param>
/// <param name="Domains">Ids or names of domains; projects of all if there are none.</param>
public sealed record ProjectFilter(bool IncludeDisabled, IReadOnlyList<string> Domains);

/// <summary>All projects that Keystone knows.</summary>
public static class ProjectListing
{
    /// <summary>The ids of all projects that are wanted: the whole list, or an exception.</summary>
    /// <exception cref="KeystoneException">Keystone refused, did not answer, cut the list short, or has not such a domain.</exception>
    public static async Task<NameSet> ReadAsync(KeystoneSession session, ProjectFilter filter, CancellationToken stopping)
    {
        var list = new PagedList(session, "projects", "needs role reader on system all, or admin");
        var enabled = filter.IncludeDisabled ? "" : "&enabled=true";
        var ids = new NameSet();
        foreach (var domain in filter.Domains.Count == 0 ? [null] : await DomainIdsAsync(session, filter.Domains, stopping))
        {
            var ofDomain = await list.ReadAsync<NameSet>(
                domain is null ? enabled : $"{enabled}&domain_id={Uri.EscapeDataString(domain)}", (ids, project) => Add(session, filter, domain, ids, project), stopping);
            if (domain is null)
            {
                return ofDomain;
            }

            foreach (var id in ofDomain)
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    /// <summary>Keystone has filtered already; but what it answers is billed, and a filter that is not known is one that is passed over.</summary>
    private static void Add(KeystoneSession session, ProjectFilter filter, string? domain, NameSet ids, JsonElement project)
    {
        var id = Id(session, "project", project);
        if ((domain is null || KeystoneJson.Text(project, "domain_id") == domain) && (filter.IncludeDisabled || !KeystoneJson.IsFalse(project, "enabled")))
        {
            ids.Add(id);
        }
    }

    private static string Id(KeystoneSession session, string kind, JsonElement item) =>
        KeystoneJson.Text(item, "id") is { Length: > 0 } id ? id : throw session.Failure($"a {kind}'s id", $"a {kind} without one");

    /// <summary>The ids of domains of which an id or a name is given; the id of one goes over the name of another.</summary>
    private static async Task<IReadOnlyList<string?>> DomainIdsAsync(KeystoneSession session, IReadOnlyList<string> given, CancellationToken stopping)
    {
        var list = new PagedList(session, "domains", "for the names in projects.domains; needs role reader on system all, or admin");
        var domains = await list.ReadAsync<List<(string Id, string? Name)>>(
            "", (domains, domain) => domains.Add((Id(session, "domain", domain), KeystoneJson.Text(domain, "name"))), stopping);
        var ids = domains.Select(domain => domain.Id).ToHashSet(StringComparer.Ordinal);

        // No two domains of a Keystone have one name.
        var idOfName = domains.Where(domain => domain.Name is not null).GroupBy(domain => domain.Name!, domain => domain.Id).ToDictionary(group => group.Key, group => group.First());
        string[] unknown = [.. given.Where(text => !ids.Contains(text) && !idOfName.ContainsKey(text))];
        return unknown.Length == 0
            ? [.. given.Select(text => ids.Contains(text) ? text : idOfName[text]).Distinct()]
            : throw session.Failure("the domains of projects.domains, by id or name", $"none that is {string.Join(", ", unknown.Select(text => $"\"{text}\""))}");
    }
}
