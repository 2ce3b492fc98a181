using System.Threading.Channels;

namespace Consometer.Metering.Polling;

/// <summary>Polls accounts at the account-servers, and through the proxy those that are unknown then, while the others go on.</summary>
/// <param name="direct">Asks the account-servers.</param>
/// <param name="proxy">Asks the proxy.</param>
public sealed class AutoPollster(DirectPollster direct, ProxyPollster proxy) : IPollster
{
    public IReadOnlyList<NodeReport> Nodes => [.. direct.Nodes, .. proxy.Nodes];

    /// <inheritdoc/>
    public IAsyncEnumerable<Polled> PollAsync(IAsyncEnumerable<Account> accounts, CancellationToken outOfTime, CancellationToken stopping) =>
        PolledStream.ReadAsync(
            proxy.Ahead,
            (polled, ending) =>
            {
                // Not more of them than that wait: a proxy that is slower than the account-servers holds these up.
                var unknown = Channel.CreateBounded<AccountOutcome.Unknown>(proxy.Ahead);
                Func<CancellationToken, Task>[] both =
                [
                    asking => AskServersAsync(accounts, unknown.Writer, polled, outOfTime, asking),
                    asking => proxy.AskAgainAsync(unknown.Reader, polled, outOfTime, asking),
                ];

                // One that fails ends the other.
                return Parallel.ForEachAsync(
                    both, new ParallelOptions { MaxDegreeOfParallelism = both.Length, CancellationToken = ending }, (ask, asking) => new ValueTask(ask(asking)));
            },
            stopping);

    private async Task AskServersAsync(
        IAsyncEnumerable<Account> accounts, ChannelWriter<AccountOutcome.Unknown> unknown, ChannelWriter<Polled> polled, CancellationToken outOfTime, CancellationToken stopping)
    {
        try
        {
            await foreach (var one in direct.PollAsync(accounts, outOfTime, stopping))
            {
                if (one is Polled.Settled { Outcome: AccountOutcome.Unknown { IsOutOfTime: false } outcome })
                {
                    await unknown.WriteAsync(outcome, stopping);
                }
                else
                {
                    await polled.WriteAsync(one, stopping);
                }
            }
        }
        finally
        {
            unknown.Complete();
        }
    }
}
