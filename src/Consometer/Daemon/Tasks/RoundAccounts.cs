using Consometer.Configuration;
using Consometer.Delivery.Store;
using Consometer.Metering.Tasks;

namespace Consometer.Daemon.Tasks;

/// <summary>All accounts of a round, listed at once: they are dealt in an order that is not the list's.</summary>
/// <param name="Names">Their names.</param>
/// <param name="LastListed">Of those whose project is listed no more, when it was for the last time.</param>
/// <param name="Listing">How they came together.</param>
internal sealed record RoundAccounts(IReadOnlyList<string> Names, IReadOnlyDictionary<string, DateTimeOffset> LastListed, RoundListing Listing)
{
    /// <exception cref="Swift.Keystone.KeystoneException">Keystone refused or did not answer, and no list of it is kept that is young enough.</exception>
    /// <exception cref="Rings.InputFileException">The file of projects cannot be read.</exception>
    /// <exception cref="StoreException">The projects of earlier rounds cannot be read or written.</exception>
    public static async Task<RoundAccounts> ListAsync(Cluster cluster, SampleStore store, ConsometerOptions options, TimeProvider clock, CancellationToken stopping)
    {
        var began = clock.GetTimestamp();
        var names = new List<string>();
        var lastListed = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        await foreach (var account in cluster.AccountsAsync(new HashSet<string>(), StoredRound.ProjectsIn(store, options), stopping))
        {
            names.Add(account.Name);
            if (account.LastListed is { } listed)
            {
                lastListed.Add(account.Name, listed);
            }
        }

        var kept = cluster.Projects.Kept;
        return new RoundAccounts(
            names,
            lastListed,
            new RoundListing(
                clock.GetElapsedTime(began).TotalSeconds, cluster.Projects.Listed, kept is null ? null : Math.Floor(kept.Age.TotalSeconds), kept?.Reason));
    }
}
