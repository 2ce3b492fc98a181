using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Consometer.Swift.Keystone;

/// <summary>A list of Keystone's, read to its end over all its pages, or not at all.</summary>
/// <param name="session">Who asks.</param>
/// <param name="name">What is listed, which is also the path: <c>projects</c>.</param>
/// <param name="rights">Who may list it, for the one who may not.</param>
internal sealed class PagedList(KeystoneSession session, string name, string rights)
{
    /// <summary>
    /// Asked for in a page. Keystone 27 and later cut at 1,000 without a word if no limit is sent; older ones
    /// ignore it and send all.
    /// </summary>
    private const int PageMax = 1000;

    /// <summary>How often a list is begun again. What a page starts after may be deleted before it is asked for, but hardly so often.</summary>
    private const int RestartsMax = 5;

    private readonly string _wanted = $"listing {name} ({rights})";

    /// <param name="filter">More of the query, each part with its <c>&amp;</c>.</param>
    /// <param name="add">Adds what is wanted of an item to the list; it begins with an empty one again where the list does.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="KeystoneException">Keystone refused, did not answer, or has no end or no rest of the list.</exception>
    public async Task<TList> ReadAsync<TList>(string filter, Action<TList, JsonElement> add, CancellationToken stopping)
        where TList : new()
    {
        for (var restarts = 0; ; restarts++)
        {
            var (items, vanished) = await ReadOnceAsync(filter, add, stopping);
            if (vanished is null)
            {
                return items;
            }

            if (restarts == RestartsMax)
            {
                throw session.Failure(_wanted, string.Create(CultureInfo.InvariantCulture, $"{vanished}, {restarts + 1} times"));
            }
        }
    }

    /// <returns>What was read, and what Keystone said if the item that a page starts after is gone: the rest is not to be had from there.</returns>
    private async Task<(TList Items, string? Vanished)> ReadOnceAsync<TList>(string filter, Action<TList, JsonElement> add, CancellationToken stopping)
        where TList : new()
    {
        var items = new TList();
        var markers = new HashSet<string>(StringComparer.Ordinal);
        string? marker = null;
        do
        {
            var start = marker is null ? "" : $"&marker={Uri.EscapeDataString(marker)}";
            var answer = await session.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/{name}?limit={PageMax}{filter}{start}"), _wanted, stopping);
            if (marker is not null && answer.Status == HttpStatusCode.NotFound)
            {
                return (items, answer.Error);
            }

            marker = ReadPage(answer, item => add(items, item));
            if (marker is not null && !markers.Add(marker))
            {
                throw session.Failure(_wanted, $"pages that repeat (marker {marker} twice)");
            }
        }
        while (marker is not null);
        return (items, null);
    }

    /// <returns>Where the next page starts; null if there is none.</returns>
    private string? ReadPage(KeystoneAnswer answer, Action<JsonElement> add)
    {
        if (!answer.IsSuccess)
        {
            throw session.Failure(_wanted, answer.Error);
        }

        try
        {
            using var page = JsonDocument.Parse(answer.Body);
            if (KeystoneJson.Member(page.RootElement, name) is not { ValueKind: JsonValueKind.Array } list)
            {
                throw session.Failure($"a list of {name}", "JSON without one");
            }

            foreach (var item in list.EnumerateArray())
            {
                add(item);
            }

            return NextMarker(page.RootElement);
        }
        catch (JsonException e)
        {
            throw session.Failure($"a list of {name}", "something else: " + e.Message);
        }
    }

    /// <summary>Of the link to the next page only the marker is used: its host is often one that only Keystone knows.</summary>
    private string? NextMarker(JsonElement page)
    {
        if (KeystoneJson.Text(KeystoneJson.Member(page, "links"), "next") is not { } next)
        {
            // Before version 27 Keystone has no pages, but it may have a limit: then the rest is not to be had.
            return KeystoneJson.IsTrue(page, "truncated")
                ? throw session.Failure($"all {name}", "a list cut short, and no next page: Keystone's list_limit is too low")
                : null;
        }

        const string Marker = "marker=";
        var start = next.LastIndexOf(Marker, StringComparison.Ordinal);
        return start < 0
            ? throw session.Failure("a link to the next page with a marker", "one without")
            : Uri.UnescapeDataString(next[(start + Marker.Length)..].Split('&')[0]);
    }
}
