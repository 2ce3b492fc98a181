using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Rounds;

namespace Consometer.Daemon;

/// <summary>One round into the store: the one body that <c>run</c>, <c>poll</c> and <c>demo</c> share.</summary>
internal static class StoredRound
{
    /// <param name="cluster">The cluster to meter.</param>
    /// <param name="entry">The round's place in the store.</param>
    /// <param name="time">The round's time.</param>
    /// <param name="accounts">The accounts to meter.</param>
    /// <param name="progress">Told after each account how many are done.</param>
    public static async Task<RoundReport> RunAsync(
        Cluster cluster, RoundEntry entry, RoundTime time, IAsyncEnumerable<Account> accounts, Action<long>? progress, CancellationToken stopping)
    {
        var done = 0L;
        var report = await cluster.NewRound().RunAsync(
            time,
            accounts,
            (outcome, samples) =>
            {
                entry.Keep(outcome, samples);
                progress?.Invoke(done += outcome is null ? 0 : 1);
            },
            stopping);
        entry.End(report);
        return report;
    }
}
