using System.Globalization;
using System.Text.Json;
using Consometer.Configuration;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Rounds;

namespace Consometer.Daemon;

/// <summary>One round into the store: the one body that <c>run</c>, <c>poll</c> and <c>demo</c> share.</summary>
internal static class StoredRound
{
    /// <summary>Begins a round, once what is too old is gone from the store.</summary>
    /// <exception cref="StoreException">The store is full, or cannot be written.</exception>
    public static RoundEntry Begin(SampleStore store, ConsometerOptions options, NewRound round, TimeProvider clock)
    {
        MakeRoom(store, options, clock);
        return store.BeginRound(round);
    }

    /// <summary>Where there is a broker samples need not be kept once they are delivered, unless that is wanted, or shown.</summary>
    public static NewRound Plan(RoundTime time, ConsometerOptions options) => new(time, options.Region)
    {
        Publications = options.Delivery?.Publications ?? [],
        KeepsSamples = options.Delivery is null || options.StoreKeep > TimeSpan.Zero || options.Status.AccountMetrics,
    };

    /// <summary>Deletes what is too old.</summary>
    /// <exception cref="StoreException">The store is full all the same, or cannot be written.</exception>
    public static void MakeRoom(SampleStore store, ConsometerOptions options, TimeProvider clock)
    {
        store.Expire(clock.GetUtcNow() - options.StoreKeep);
        RequireRoom(store, options);
    }

    /// <exception cref="StoreException">The store is full.</exception>
    public static void RequireRoom(SampleStore store, ConsometerOptions options)
    {
        if (store.UsedBytes() is var used && used >= options.StoreMaxBytes)
        {
            var waiting = store.Waiting().Sum(backlog => backlog.Messages);
            throw new StoreException(
                store.Path,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"is full: wanted less than {options.StoreMaxBytes} bytes in use (store.max_bytes), found {used}, with {waiting} messages waiting for the broker; no round is made until there is room"));
        }
    }

    /// <summary>The projects that the store knows of rounds before, of those that are asked for now.</summary>
    public static KnownProjects ProjectsIn(SampleStore store, ConsometerOptions options) => store.KnownProjects(
        options.Region,
        $"{(options.Projects.IncludeDisabled ? "all" : "enabled")} of domains {JsonSerializer.Serialize(options.Projects.Domains.Order(StringComparer.Ordinal))}");

    /// <param name="cluster">The cluster to meter.</param>
    /// <param name="entry">The round's place in the store.</param>
    /// <param name="accounts">The accounts to meter.</param>
    /// <param name="progress">Told after each account how many are done.</param>
    public static async Task<RoundReport> RunAsync(
        Cluster cluster, RoundEntry entry, IAsyncEnumerable<Account> accounts, Action<long>? progress, CancellationToken stopping)
    {
        var done = 0L;
        var report = await cluster.NewRound().RunAsync(
            entry.Time,
            accounts,
            (outcome, samples) =>
            {
                entry.Keep(outcome, samples);
                progress?.Invoke(done += outcome is null ? 0 : 1);
            },
            stopping);
        report = report with { Projects = cluster.Projects.Listed, Withheld = entry.WithheldCount };
        if (cluster.Projects.Kept is { } kept)
        {
            report = report with { ProjectListAgeSeconds = Math.Floor(kept.Age.TotalSeconds), ProjectListFailure = kept.Reason };
        }

        entry.End(report);
        return report;
    }
}
