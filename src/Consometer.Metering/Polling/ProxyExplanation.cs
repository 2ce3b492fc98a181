using Consometer.Swift.Proxy;

namespace Consometer.Metering.Polling;

/// <summary>What the proxy says of one account.</summary>
/// <param name="Account">The account.</param>
/// <param name="Root">What stands before its name in the URL that was asked.</param>
/// <param name="Reading">What the proxy said.</param>
/// <param name="Latency">How long it took.</param>
/// <param name="Outcome">What a round that asks the proxy alone makes of it.</param>
public sealed record ProxyExplanation(Account Account, Uri Root, ProxyReading Reading, TimeSpan Latency, AccountOutcome Outcome)
{
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public static async Task<ProxyExplanation> OfAsync(Account account, ProxyAccounts proxy, TimeProvider clock, CancellationToken stopping)
    {
        var asked = clock.GetTimestamp();
        var reading = await proxy.ReadAsync(account.Name, stopping);
        return new ProxyExplanation(account, proxy.Root, reading, clock.GetElapsedTime(asked), ProxyPoll.Judge(account, direct: null, reading));
    }
}
