namespace Consometer.Swift.Accounts;

/// <summary>What a listing says of one container.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Objects">Objects in it.</param>
/// <param name="Bytes">Logical bytes.</param>
/// <param name="Policy">Its storage policy, as in the server's swift.conf; null where that does not know it, or Swift is older than 2.35.0.</param>
public sealed record ContainerUsage(string Name, long Objects, long Bytes, string? Policy);

/// <summary>A page of an account's listing from one replica, or why there is none. Closed: these three and no other.</summary>
public abstract record ListingPage
{
    private ListingPage()
    {
    }

    /// <summary>The containers after the marker, ordered by the bytes of their names in UTF-8. An empty page is the end of the listing.</summary>
    public sealed record Listed(IReadOnlyList<ContainerUsage> Containers) : ListingPage;

    /// <summary>It does not hold the account, or holds it as deleted: a 404.</summary>
    public sealed record Missing : ListingPage;

    /// <summary>It cannot tell.</summary>
    public sealed record Failed(Unavailability Reason) : ListingPage;
}
