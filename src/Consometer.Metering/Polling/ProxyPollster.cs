using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Consometer.Swift.Keystone;
using Consometer.Swift.Proxy;

namespace Consometer.Metering.Polling;

/// <summary>How the proxy is asked.</summary>
/// <param name="Workers">Requests in flight at most.</param>
public sealed record ProxyPollsterOptions(int Workers)
{
    /// <summary>Whether the containers of measured accounts are listed.</summary>
    public bool ListsContainers { get; init; }

    /// <summary>When the proxy is no longer asked because it keeps failing; null for never, where there is nobody else to ask.</summary>
    public SuppressionOptions? Suppression { get; init; }

    /// <inheritdoc cref="DirectPollsterOptions.Instruments"/>
    public NodeInstruments? Instruments { get; init; }
}

/// <summary>Polls accounts through the proxy.</summary>
/// <param name="proxy">The connections to it.</param>
/// <param name="options">How wide the polling is.</param>
/// <param name="clock">What is timed by.</param>
public sealed class ProxyPollster(SwiftProxy proxy, ProxyPollsterOptions options, TimeProvider clock) : IPollster
{
    /// <summary>Outcomes that may wait to be taken, for each request in flight.</summary>
    private const int AheadPerWorker = 4;

    public IReadOnlyList<NodeReport> Nodes { get; private set; } = [];

    internal int Ahead => AheadPerWorker * options.Workers;

    /// <inheritdoc/>
    /// <exception cref="KeystoneException">Before the first account: there is no token, or it is not known where the proxy is.</exception>
    /// <exception cref="ProxyException">Before the first account: the proxy does not answer.</exception>
    public async IAsyncEnumerable<Polled> PollAsync(
        IAsyncEnumerable<Account> accounts, CancellationToken outOfTime, [EnumeratorCancellation] CancellationToken stopping)
    {
        var poll = new ProxyPoll(await proxy.OpenAsync(stopping), options, clock, outOfTime);

        // Who reads goes to the store: not on the thread that the proxy's answers come by.
        await Task.Yield();
        try
        {
            var polled = PolledStream.ReadAsync(
                Ahead,
                (writer, ending) => Parallel.ForEachAsync(accounts, InFlight(ending), (account, asking) => poll.SettleAsync(account, direct: null, writer, asking)),
                stopping);
            await foreach (var one in polled)
            {
                yield return one;
            }
        }
        finally
        {
            Nodes = [poll.Report()];
        }
    }

    /// <summary>
    /// Asks for accounts that are unknown otherwise, as they come; where the proxy cannot be found they stay unknown. If none comes nobody is asked anything.
    /// </summary>
    internal async Task AskAgainAsync(ChannelReader<AccountOutcome.Unknown> unknown, ChannelWriter<Polled> polled, CancellationToken outOfTime, CancellationToken stopping)
    {
        Nodes = [];
        if (!await unknown.WaitToReadAsync(stopping))
        {
            return;
        }

        var accounts = await TryOpenAsync(outOfTime, stopping);
        var poll = new ProxyPoll(accounts, options, clock, outOfTime);
        try
        {
            await Parallel.ForEachAsync(
                unknown.ReadAllAsync(stopping), InFlight(stopping), (direct, asking) => poll.SettleAsync(direct.Account, direct, polled, asking));
        }
        finally
        {
            Nodes = accounts is null ? [] : [poll.Report()];
        }
    }

    private ParallelOptions InFlight(CancellationToken stopping) => new() { MaxDegreeOfParallelism = options.Workers, CancellationToken = stopping };

    private async Task<ProxyAccounts?> TryOpenAsync(CancellationToken outOfTime, CancellationToken stopping)
    {
        using var asking = CancellationTokenSource.CreateLinkedTokenSource(stopping, outOfTime);
        try
        {
            return await proxy.OpenAsync(asking.Token);
        }
        catch (Exception e) when (e is KeystoneException or ProxyException || (e is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            return null;
        }
    }
}
