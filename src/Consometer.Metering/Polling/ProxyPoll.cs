using System.Diagnostics;
using System.Threading.Channels;
using Consometer.Swift.Accounts;
using Consometer.Swift.Proxy;

namespace Consometer.Metering.Polling;

/// <summary>One poll through the proxy under way: each account is settled from its first request to the last page of its containers.</summary>
internal sealed class ProxyPoll
{
    private readonly ProxyAccounts? _accounts;
    private readonly ProxyPollsterOptions _options;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _outOfTime;
    private readonly NodeTally _tally;
    private readonly Suppression? _suppression;

    /// <param name="accounts">Null where it could not be found: nothing is known then of any account.</param>
    /// <param name="options">Whether containers are listed, and when the proxy is set aside.</param>
    /// <param name="clock">What is timed by.</param>
    /// <param name="outOfTime">Cancelled when the proxy is not to be asked any more.</param>
    public ProxyPoll(ProxyAccounts? accounts, ProxyPollsterOptions options, TimeProvider clock, CancellationToken outOfTime)
    {
        _accounts = accounts;
        _options = options;
        _clock = clock;
        _outOfTime = outOfTime;
        var series = accounts is null ? null : options.Instruments?.Of(accounts.Node);
        _tally = new NodeTally(series);
        _suppression = options.Suppression is { } when ? new Suppression(when, clock, series) : null;
        if (series is not null && _suppression is not null)
        {
            options.Instruments!.Watch(series, _suppression);
        }
    }

    /// <summary>Settles an account.</summary>
    /// <param name="account">The account.</param>
    /// <param name="direct">What its replicas said, if they were asked before.</param>
    /// <param name="polled">Where its outcome goes, and pages of its containers before that.</param>
    /// <param name="stopping">Ends the poll.</param>
    public async ValueTask SettleAsync(Account account, AccountOutcome.Unknown? direct, ChannelWriter<Polled> polled, CancellationToken stopping)
    {
        var reading = await AskAsync(
            (proxy, asking) => proxy.ReadAsync(account.Name, asking),
            reading => (reading as ProxyReading.Unavailable)?.Reason,
            reason => new ProxyReading.Unavailable(reason),
            stopping);
        var outcome = Judge(account, direct, reading);
        if (_options.ListsContainers && outcome is AccountOutcome.Measured { Account.IsMetered: true, Usage.Containers: > 0 } measured)
        {
            outcome = await ListAsync(measured, polled, stopping);
        }

        await polled.WriteAsync(new Polled.Settled(outcome), stopping);
    }

    /// <summary>How it went with the proxy that was found.</summary>
    public NodeReport Report() => _tally.Report(_accounts!.Node, _suppression?.Times ?? 0);

    /// <summary>
    /// Where the replicas were asked before, an account that the proxy does not find stays unknown: it passes over replicas that cannot tell, and
    /// one of them is why the account is unknown.
    /// </summary>
    public static AccountOutcome Judge(Account account, AccountOutcome.Unknown? direct, ProxyReading reading) => reading switch
    {
        ProxyReading.Answered answered => new AccountOutcome.Measured(account, answered.Usage) { ByProxy = true },
        ProxyReading.Deleted => new AccountOutcome.Deleted(account) { ByProxy = true },
        ProxyReading.Absent when direct is null => new AccountOutcome.Absent(account) { ByProxy = true },
        ProxyReading.Unavailable { Reason: Unavailability.OutOfTime } => direct ?? new AccountOutcome.Unknown(account, []) { IsOutOfTime = true },
        ProxyReading.Absent or ProxyReading.Unavailable => (direct ?? new AccountOutcome.Unknown(account, [])) with { Proxy = reading },
        _ => throw new UnreachableException(),
    };

    private async Task<AccountOutcome> ListAsync(AccountOutcome.Measured measured, ChannelWriter<Polled> polled, CancellationToken stopping)
    {
        var marker = "";
        while (true)
        {
            var page = await AskAsync(
                (proxy, asking) => proxy.ListAsync(measured.Account.Name, marker, asking),
                page => (page as ListingPage.Failed)?.Reason,
                reason => new ListingPage.Failed(reason),
                stopping);
            switch (page)
            {
                case ListingPage.Listed { Containers: [] }:
                    return measured;
                case ListingPage.Listed { Containers: [.., var last] containers }:
                    await polled.WriteAsync(new Polled.Page(measured.Account, containers), stopping);
                    marker = last.Name;
                    break;
                case ListingPage.Failed failed:
                    return measured with { Unlisted = failed.Reason.Word() };
                default:
                    return measured with { Unlisted = "missing" };
            }
        }
    }

    /// <param name="ask">Asks, until it is cancelled.</param>
    /// <param name="failure">Why an answer tells nothing; null if it does.</param>
    /// <param name="unasked">Stands for the answer if the proxy is not asked, or the time is over before there is one.</param>
    /// <param name="stopping">Ends the poll.</param>
    private async Task<T> AskAsync<T>(
        Func<ProxyAccounts, CancellationToken, Task<T>> ask, Func<T, Unavailability?> failure, Func<Unavailability, T> unasked, CancellationToken stopping)
    {
        if (_outOfTime.IsCancellationRequested)
        {
            return unasked(Unavailability.OutOfTime);
        }

        if (_accounts is null || _suppression?.Reason is not null)
        {
            return unasked(_suppression?.Reason ?? Unavailability.KeystoneFailed);
        }

        using var asking = CancellationTokenSource.CreateLinkedTokenSource(stopping, _outOfTime);
        var asked = _clock.GetTimestamp();
        try
        {
            var answer = await ask(_accounts, asking.Token);
            _tally.Count(failure(answer), _clock.GetElapsedTime(asked));
            Learn(failure(answer));
            return answer;
        }
        catch (OperationCanceledException) when (_outOfTime.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            return unasked(Unavailability.OutOfTime);
        }
    }

    /// <summary>A proxy that is not there or hangs is set aside. One that says something is there, whatever it says.</summary>
    private void Learn(Unavailability? failure)
    {
        if (failure is Unavailability.Unreachable or Unavailability.ConnectTimedOut or Unavailability.TimedOut or Unavailability.ConnectionLost)
        {
            _suppression?.Fail(failure.Value);
        }
        else
        {
            _suppression?.Recover();
        }
    }
}
