using Consometer.Rings;
using Consometer.Swift.Accounts;

namespace Consometer.Metering.Polling;

/// <summary>
/// The listing of a measured account's containers, page by page. Any replica can go on where another one failed: a page begins after
/// the last name of the one before.
/// </summary>
/// <param name="measured">The account, with its own figures.</param>
/// <param name="replicas">The devices that can be asked, the best first; at least one.</param>
internal sealed class Listing(AccountOutcome.Measured measured, IEnumerable<Device> replicas)
{
    private readonly Queue<Device> _replicas = new(replicas);

    /// <summary>The device to ask for the next page.</summary>
    public Device Device => _replicas.Peek();

    /// <summary>Where the next page begins.</summary>
    public string Marker { get; private set; } = "";

    /// <summary>Takes in an answer.</summary>
    /// <returns>The account, when there is nothing more to ask for; else null.</returns>
    public AccountOutcome.Measured? Take(ListingPage page)
    {
        switch (page)
        {
            case ListingPage.Listed { Containers: [] }:
                return measured;
            case ListingPage.Listed { Containers: [.., var last] }:
                Marker = last.Name;
                return null;
            default:
                _replicas.Dequeue();
                return _replicas.Count > 0 ? null : End(page is ListingPage.Failed failed ? failed.Reason.Word() : "missing");
        }
    }

    /// <summary>The account as it is when the listing ends before its end.</summary>
    public AccountOutcome.Measured End(string reason) => measured with { Unlisted = reason };
}
