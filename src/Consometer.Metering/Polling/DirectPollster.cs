using System.Runtime.CompilerServices;
using Consometer.Rings;
using Consometer.Swift.Accounts;

namespace Consometer.Metering.Polling;

/// <summary>How the account-servers are asked.</summary>
/// <param name="Workers">Requests in flight at most, over all nodes.</param>
/// <param name="WorkersPerNode">Requests in flight at most at one server.</param>
public sealed record DirectPollsterOptions(int Workers, int WorkersPerNode)
{
    /// <summary>Requests a second at most at one server; 0 is no ceiling.</summary>
    public double RequestsPerSecond { get; init; }

    /// <summary>When a server or a device is set aside.</summary>
    public SuppressionOptions Suppression { get; init; } = SuppressionOptions.Default;

    /// <summary>Whether every primary is asked, to compare what they say.</summary>
    public bool AllReplicas { get; init; }

    /// <summary>Whether the containers of measured accounts are listed.</summary>
    public bool ListsContainers { get; init; }

    /// <summary>Which primaries are asked first.</summary>
    public ReadAffinity Affinity { get; init; } = ReadAffinity.None;

    /// <summary>What is told of every request; null for nobody.</summary>
    public NodeInstruments? Instruments { get; init; }
}

/// <summary>Polls accounts at the account-servers themselves.</summary>
/// <param name="ring">The snapshot of the ring; the same for the whole poll.</param>
/// <param name="hashPath">The cluster's hash prefix and suffix.</param>
/// <param name="servers">The connections to the account-servers.</param>
/// <param name="options">How wide the polling is.</param>
/// <param name="clock">What servers are set aside by.</param>
public sealed class DirectPollster(RingTable ring, HashPath hashPath, AccountServers servers, DirectPollsterOptions options, TimeProvider clock) : IPollster
{
    public IReadOnlyList<NodeReport> Nodes { get; private set; } = [];

    /// <inheritdoc/>
    public async IAsyncEnumerable<Polled> PollAsync(
        IAsyncEnumerable<Account> accounts, CancellationToken outOfTime, [EnumeratorCancellation] CancellationToken stopping)
    {
        using var poll = new DirectPoll(ring, hashPath, servers, options, clock, outOfTime, stopping);
        var running = poll.RunAsync(accounts);
        try
        {
            await foreach (var batch in poll.Polled.ReadAllAsync(CancellationToken.None))
            {
                foreach (var polled in batch)
                {
                    yield return polled;
                }
            }
        }
        finally
        {
            // Whoever stops reading, by an error of its own, stops the poll.
            await poll.StopAsync();
            await running;
            Nodes = poll.Report();
            servers.CloseIdle();
        }
    }
}
