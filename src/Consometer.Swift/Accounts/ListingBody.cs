using System.Text.Json;
using System.Text.Json.Serialization;

namespace Consometer.Swift.Accounts;

/// <summary>Reads the JSON of a listing (<c>swift/account/utils.py</c>, <c>account_listing_response</c>).</summary>
internal static class ListingBody
{
    /// <summary>Three times what a page takes whose names are the longest, every character of them escaped.</summary>
    private const int BytesMax = 32 << 20;

    /// <summary>Reads the body of a good answer to its end.</summary>
    public static async Task<ListingPage> ReadAsync(HttpContent body, string marker, CancellationToken stopping)
    {
        await body.LoadIntoBufferAsync(BytesMax, stopping);
        return Parse(await body.ReadAsByteArrayAsync(stopping), marker) is { } containers
            ? new ListingPage.Listed(containers)
            : new ListingPage.Failed(Unavailability.MalformedAnswer);
    }

    /// <summary>The containers of a page that was asked for with this marker.</summary>
    /// <returns>
    /// Null if it makes no sense: it is no array of containers, a count is none, or a name does not come after the one before it,
    /// or after the marker. Paging by such names could go on for ever.
    /// </returns>
    public static IReadOnlyList<ContainerUsage>? Parse(ReadOnlySpan<byte> json, string marker)
    {
        ListingRow[]? rows;
        try
        {
            rows = JsonSerializer.Deserialize(json, ListingJson.Default.ListingRowArray);
        }
        catch (JsonException)
        {
            return null;
        }

        var before = marker;
        foreach (var row in rows ?? [])
        {
            if (row.Count < 0 || row.Bytes < 0 || !IsBefore(before, row.Name))
            {
                return null;
            }

            before = row.Name;
        }

        return rows is null ? null : Array.ConvertAll(rows, row => new ContainerUsage(row.Name, row.Count, row.Bytes, row.StoragePolicy));
    }

    /// <summary>By the bytes in UTF-8, as SQLite has them in order.</summary>
    private static bool IsBefore(string one, string other)
    {
        var at = one.AsSpan().CommonPrefixLength(other);
        if (at == one.Length || at == other.Length)
        {
            return one.Length < other.Length;
        }

        // .NET's UTF-16 has it otherwise in one case: surrogates stand for what comes after all other characters.
        return char.IsSurrogate(one[at]) == char.IsSurrogate(other[at]) ? one[at] < other[at] : char.IsSurrogate(other[at]);
    }
}

/// <summary>An element of a listing. A <c>subdir</c>, which only a delimiter makes, has none of the first three.</summary>
/// <remarks>Without the attribute it would be made by the constructor that every struct has, and what is missing would be 0.</remarks>
[method: JsonConstructor]
internal readonly record struct ListingRow(string Name, long Count, long Bytes, string? StoragePolicy = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ListingRow[]))]
internal sealed partial class ListingJson : JsonSerializerContext;
