using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Consometer.Simulation;

/// <summary>
/// <c>GET /v3/projects</c> as of Keystone 27.0.0, with its traps: without <c>limit</c> the answer is cut at a page and says nothing of
/// it; with one, a full last page is followed by an empty one (<c>fixtures/responses/keystone-27</c>).
/// </summary>
internal sealed class KeystoneProjects(IReadOnlyList<SimulatedAccount> accounts, int pageMax, KeystoneAnswers answers)
{
    /// <summary>In the order of the listing, that of the ids.</summary>
    private volatile SimulatedAccount[] _projects = [.. accounts.OrderBy(account => account.ProjectId, StringComparer.Ordinal)];

    private volatile bool _repeatsPages;

    /// <summary>Whether every page is the first one, as Keystone over LDAP is known to have it.</summary>
    public bool RepeatsPages
    {
        get => _repeatsPages;
        set => _repeatsPages = value;
    }

    /// <summary>Lets a project be gone: no list has it from now on, and no page starts after it.</summary>
    public void Remove(string projectId) => _projects = [.. _projects.Where(project => project.ProjectId != projectId)];

    /// <summary>Lets a project that was removed be there again.</summary>
    public void Restore(string projectId) =>
        _projects = [.. _projects.Concat(accounts.Where(account => account.ProjectId == projectId)).DistinctBy(project => project.ProjectId).OrderBy(project => project.ProjectId, StringComparer.Ordinal)];

    /// <summary><c>GET /v3/domains</c>: there is one.</summary>
    public static void WriteDomains(Utf8JsonWriter json, HttpContext context)
    {
        json.WriteStartObject();
        json.WriteStartArray("domains");
        json.WriteStartObject();
        json.WriteString("id", "default");
        json.WriteString("name", "Default");
        json.WriteString("description", "The default domain");
        json.WriteBoolean("enabled", true);
        json.WriteStartArray("tags");
        json.WriteEndArray();
        json.WriteStartObject("options");
        json.WriteEndObject();
        json.WriteStartObject("links");
        json.WriteString("self", $"{KeystoneAnswers.BaseUri(context)}/v3/domains/default");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("links");
        json.WriteNull("next");
        json.WriteString("self", $"{KeystoneAnswers.BaseUri(context)}/v3/domains{context.Request.QueryString}");
        json.WriteNull("previous");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var limitText = query["limit"].FirstOrDefault();
        var limited = !string.IsNullOrEmpty(limitText);
        var limit = 0;
        if (limited && !int.TryParse(limitText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out limit))
        {
            // The real one fails on it, and uWSGI closes the connection without an answer.
            context.Abort();
            return Task.CompletedTask;
        }

        var projects = _projects;
        var start = 0;
        if (query["marker"].FirstOrDefault() is { Length: > 0 } marker && !RepeatsPages)
        {
            start = 1 + Array.FindIndex(projects, project => project.ProjectId == marker);
            if (start == 0)
            {
                return answers.ErrorAsync(context, StatusCodes.Status404NotFound, $"Marker {marker} could not be found.");
            }
        }

        // A negative limit is no limit at all to SQLite, and yet a page that has a next.
        var count = limit < 0 ? int.MaxValue : limit == 0 ? pageMax : Math.Min(limit, pageMax);
        SimulatedAccount[] page = [.. Filter(projects.Skip(start), query).Take(count)];
        var full = page.Length > 0 && (page.Length == count || limit < 0);
        var next = limited && full ? Next(context, limit > pageMax ? pageMax : limit, page[^1].ProjectId) : null;
        return answers.JsonAsync(context, StatusCodes.Status200OK, json => Write(json, context, page, next));
    }

    private static IEnumerable<SimulatedAccount> Filter(IEnumerable<SimulatedAccount> projects, IQueryCollection query)
    {
        if (query["enabled"].FirstOrDefault() is { } enabled)
        {
            var wanted = enabled is not ("0" or "false" or "False");
            projects = projects.Where(project => project.Enabled == wanted);
        }

        if (query["domain_id"].FirstOrDefault() is { } domain && domain != "default")
        {
            projects = [];
        }

        return query["name"].FirstOrDefault() is { } name ? projects.Where(project => project.ProjectName == name) : projects;
    }

    /// <summary>The request's own link with another limit, if it was too high, and another marker.</summary>
    private static string Next(HttpContext context, int limit, string marker)
    {
        var query = context.Request.Query
            .Where(parameter => parameter.Key is not ("limit" or "marker"))
            .Append(new("limit", limit.ToString(CultureInfo.InvariantCulture)))
            .Append(new("marker", marker));
        return QueryHelpers.AddQueryString($"{KeystoneAnswers.BaseUri(context)}/v3/projects", query);
    }

    private static void Write(Utf8JsonWriter json, HttpContext context, SimulatedAccount[] page, string? next)
    {
        var baseUri = KeystoneAnswers.BaseUri(context);
        json.WriteStartObject();
        json.WriteStartArray("projects");
        foreach (var project in page)
        {
            Write(json, baseUri, project);
        }

        json.WriteEndArray();
        json.WriteStartObject("links");
        json.WriteString("next", next);
        json.WriteString("self", $"{baseUri}/v3/projects{context.Request.QueryString}");
        json.WriteNull("previous");
        json.WriteEndObject();
        if (next is not null)
        {
            json.WriteBoolean("truncated", true);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string baseUri, SimulatedAccount project)
    {
        json.WriteStartObject();
        json.WriteString("id", project.ProjectId);
        json.WriteString("name", project.ProjectName);
        json.WriteString("domain_id", "default");
        json.WriteString("description", "");
        json.WriteBoolean("enabled", project.Enabled);
        json.WriteString("parent_id", "default");
        json.WriteBoolean("is_domain", false);
        json.WriteStartArray("tags");
        json.WriteEndArray();
        json.WriteStartObject("options");
        json.WriteEndObject();
        json.WriteStartObject("links");
        json.WriteString("self", $"{baseUri}/v3/projects/{project.ProjectId}");
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
