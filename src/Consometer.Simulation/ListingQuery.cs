using Microsoft.AspNetCore.Http;

namespace Consometer.Simulation;

/// <summary>Which page of a listing is asked for (<c>swift/account/server.py</c>, <c>GET</c>).</summary>
/// <param name="Marker">The containers after this name; all if it is empty.</param>
/// <param name="Limit">At most so many.</param>
internal sealed record ListingQuery(string Marker, int Limit)
{
    /// <summary>Swift's <c>account_listing_limit</c>, also where no limit is asked for.</summary>
    public const int LimitMax = 10_000;

    /// <returns>Null if more is asked for than there may be on a page.</returns>
    public static ListingQuery? Read(IQueryCollection query)
    {
        // What is not all digits is no limit to Swift.
        var given = query["limit"].ToString();
        var isLimit = given.Length > 0 && given.All(char.IsAsciiDigit);
        var limit = !isLimit ? LimitMax : int.TryParse(given, out var number) ? number : int.MaxValue;
        return limit > LimitMax ? null : new ListingQuery(query["marker"].ToString(), limit);
    }
}
