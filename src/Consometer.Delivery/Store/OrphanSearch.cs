using Consometer.Metering.Polling;

namespace Consometer.Delivery.Store;

/// <summary>
/// What a round finds of projects that Keystone lists no more. Those of which nothing is left, no account under any prefix, are forgotten
/// when it has ended well: nobody asks for them again.
/// </summary>
internal sealed class OrphanSearch(StoreConnection connection, string region)
{
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private readonly HashSet<string> _left = new(StringComparer.Ordinal);
    private bool _isProven;

    public void Take(AccountOutcome outcome)
    {
        _isProven |= outcome is AccountOutcome.Measured or AccountOutcome.Deleted;
        if (outcome.Account.IsOrphan)
        {
            (outcome is AccountOutcome.Absent or AccountOutcome.Deleted ? _gone : _left).Add(outcome.Account.ProjectId);
        }
    }

    /// <summary>Where no account at all is there, or was, the hash prefix may be wrong, and what is absent may not be.</summary>
    public void ForgetGone()
    {
        if (_isProven)
        {
            KnownProjects.Forget(connection, region, _gone.Where(project => !_left.Contains(project)));
        }
    }
}
