namespace Consometer.Metering.Polling;

/// <summary>A way to ask for accounts: at the account-servers, through the proxy, or both. What comes of it is the same, so a round need not know which.</summary>
public interface IPollster
{
    /// <summary>How it went with each server, when a poll has ended.</summary>
    public IReadOnlyList<NodeReport> Nodes { get; }

    /// <summary>Every account's outcome, in the order they settle, and pages of containers before it. Reads on from <paramref name="accounts"/> only as fast as outcomes are taken.</summary>
    /// <param name="accounts">The accounts.</param>
    /// <param name="outOfTime">Cancelled when no account is to be asked any more: what is left is unknown.</param>
    /// <param name="stopping">Ends the poll.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public IAsyncEnumerable<Polled> PollAsync(IAsyncEnumerable<Account> accounts, CancellationToken outOfTime, CancellationToken stopping);
}
