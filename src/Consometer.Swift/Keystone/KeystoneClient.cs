using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Consometer.Swift.Keystone;

/// <summary>Keystone v3, for the one question asked of it: which projects are there.</summary>
public sealed class KeystoneClient(KeystoneOptions options) : IDisposable
{
    /// <summary>
    /// Projects asked for in a page. Keystone 27 and later cut at 1,000 without a word if no limit is sent; older ones
    /// ignore it and send all.
    /// </summary>
    private const int PageProjectsMax = 1000;

    /// <summary>An answer may be the whole list: 300 bytes a project, and room for a million.</summary>
    private const int AnswerBytesMax = 512 << 20;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        Timeout = RequestTimeout,
        MaxResponseContentBufferSize = AnswerBytesMax,
    };

    private readonly string _root = options.Endpoint.AbsoluteUri.TrimEnd('/') is var url && url.EndsWith("/v3", StringComparison.Ordinal) ? url : url + "/v3";

    /// <summary>The ids of all projects, page by page.</summary>
    /// <param name="includeDisabled">Disabled projects too: what they stored is still there.</param>
    /// <param name="domainIds">Only projects of these domains; of all if there are none.</param>
    /// <exception cref="KeystoneException">Keystone refused or did not answer.</exception>
    public async IAsyncEnumerable<string> ListProjectIdsAsync(
        bool includeDisabled, IReadOnlyCollection<string> domainIds, [EnumeratorCancellation] CancellationToken stopping)
    {
        var token = await AuthenticateAsync(stopping);
        var markers = new HashSet<string>(StringComparer.Ordinal);
        string? marker = null;
        do
        {
            using var page = await GetPageAsync(token, marker, includeDisabled, stopping);
            foreach (var project in Projects(page))
            {
                if (domainIds.Count == 0 || domainIds.Contains(project.DomainId))
                {
                    yield return project.Id;
                }
            }

            marker = NextMarker(page);
            if (marker is null && page.RootElement.TryGetProperty("truncated", out var truncated) && truncated.ValueKind == JsonValueKind.True)
            {
                // Before version 27 Keystone has no pages, but it may have a limit: then the rest is not to be had.
                throw Failure("all projects", "a list cut short, and no next page: Keystone's list_limit is too low");
            }

            if (marker is not null && !markers.Add(marker))
            {
                throw Failure("listing projects", $"pages that repeat (marker {marker} twice)");
            }
        }
        while (marker is not null);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>
    /// A token for the scope. <c>swift_conso_domain</c> is an id or a name and nothing tells which, so what it looks like is
    /// tried first and the other when Keystone refuses.
    /// </summary>
    private async Task<string> AuthenticateAsync(CancellationToken stopping)
    {
        var idFirst = options.Domain == "default" || (options.Domain.Length == 32 && options.Domain.All(char.IsAsciiHexDigitLower));
        return await RequestTokenAsync(idFirst ? "id" : "name", stopping)
            ?? await RequestTokenAsync(idFirst ? "name" : "id", stopping)
            ?? throw Failure($"a token ({options})", "401: the user, the password, the domain or the scope is not accepted");
    }

    private async Task<string?> RequestTokenAsync(string domainKey, CancellationToken stopping)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_root}/auth/tokens?nocatalog")
        {
            Content = new StringContent(KeystoneRequest.Token(options, domainKey), Encoding.UTF8, "application/json"),
        };
        using var response = await SendAsync(request, "a token", stopping);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            return null;
        }

        await RequireSuccessAsync(response, $"a token ({options})", stopping);
        return response.Headers.TryGetValues("X-Subject-Token", out var tokens)
            ? tokens.First()
            : throw Failure("a token", "an answer without X-Subject-Token: is this a Keystone?");
    }

    private async Task<JsonDocument> GetPageAsync(string token, string? marker, bool includeDisabled, CancellationToken stopping)
    {
        var query = $"?limit={PageProjectsMax}{(includeDisabled ? "" : "&enabled=true")}{(marker is null ? "" : $"&marker={Uri.EscapeDataString(marker)}")}";
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{_root}/projects{query}");
        request.Headers.TryAddWithoutValidation("X-Auth-Token", token);
        using var response = await SendAsync(request, "listing projects", stopping);
        await RequireSuccessAsync(response, "listing projects (needs role reader on system all, or admin)", stopping);
        try
        {
            using var body = await response.Content.ReadAsStreamAsync(stopping);
            return await JsonDocument.ParseAsync(body, cancellationToken: stopping);
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            throw new KeystoneException(Failure("a list of projects", "something else: " + e.Message).Message, e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string wanted, CancellationToken stopping)
    {
        try
        {
            return await _http.SendAsync(request, stopping);
        }
        catch (HttpRequestException e)
        {
            throw new KeystoneException(Failure(wanted, e.InnerException?.Message ?? e.Message).Message, e);
        }
        catch (OperationCanceledException e) when (!stopping.IsCancellationRequested)
        {
            throw new KeystoneException(Failure(wanted, $"no answer within {RequestTimeout.TotalSeconds:0} s").Message, e);
        }
    }

    private async Task RequireSuccessAsync(HttpResponseMessage response, string wanted, CancellationToken stopping)
    {
        if (!response.IsSuccessStatusCode)
        {
            // Not as the string that its Content-Type makes of it: what fails may name a character set that is none.
            var body = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(stopping));
            throw Failure(wanted, $"{(int)response.StatusCode} {KeystoneRequest.ErrorMessage(body) ?? response.ReasonPhrase}");
        }
    }

    private IEnumerable<(string Id, string DomainId)> Projects(JsonDocument page)
    {
        if (page.RootElement.ValueKind != JsonValueKind.Object
            || !page.RootElement.TryGetProperty("projects", out var projects) || projects.ValueKind != JsonValueKind.Array)
        {
            throw Failure("a list of projects", "JSON without one");
        }

        foreach (var project in projects.EnumerateArray())
        {
            var id = Text(project, "id");
            yield return (string.IsNullOrEmpty(id) ? throw Failure("a project's id", "a project without one") : id, Text(project, "domain_id") ?? "");
        }
    }

    /// <summary>
    /// Where the next page starts; null if there is none. Of the link only this is used: its host is often one that only Keystone knows.
    /// </summary>
    private string? NextMarker(JsonDocument page)
    {
        if (!page.RootElement.TryGetProperty("links", out var links) || Text(links, "next") is not { } next)
        {
            return null;
        }

        const string Marker = "marker=";
        var start = next.LastIndexOf(Marker, StringComparison.Ordinal);
        return start < 0
            ? throw Failure("a link to the next page with a marker", "one without")
            : Uri.UnescapeDataString(next[(start + Marker.Length)..].Split('&')[0]);
    }

    private static string? Text(JsonElement owner, string key) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String
            ? Unicode(value)
            : null;

    /// <summary>Null for half a surrogate pair or bytes that are not UTF-8, which only reading the string finds out.</summary>
    private static string? Unicode(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What is found may be Keystone's own words, and those may have the request in them.</summary>
    private KeystoneException Failure(string wanted, string found) =>
        new($"Keystone {_root}: wanted {wanted}, found {(options.Password.Length == 0 ? found : found.Replace(options.Password, "***", StringComparison.Ordinal))}");
}
