using Consometer.Configuration;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Serilog;

namespace Consometer.Daemon;

/// <summary>A round every period, one at a time.</summary>
/// <param name="options">The configuration.</param>
/// <param name="cluster">What is metered.</param>
/// <param name="store">Where rounds are kept.</param>
/// <param name="heartbeat">Shows that the loop is alive.</param>
/// <param name="tell">Told what happens.</param>
/// <param name="log">Told of the ring.</param>
/// <param name="clock">What periods go by.</param>
internal sealed class RoundLoop(
    ConsometerOptions options, Cluster cluster, SampleStore store, Heartbeat heartbeat, Action<RoundNews> tell, ILogger log, TimeProvider clock)
{
    /// <summary>After a round that failed, the same period is tried again; a service that is down is not asked more often than this.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    /// <summary>Timers hold no more than 49 days, and a period may be longer. Waking too early costs a look into the store.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromDays(1);

    /// <summary>Runs until stopped. A period whose round is in the store already is not metered again.</summary>
    /// <param name="retiring">Ends it when the round in hand is done.</param>
    /// <param name="stopping">Ends it at once: a round in hand leaves nothing.</param>
    public async Task RunAsync(CancellationToken retiring, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(retiring, stopping);
        RoundTime? before = null;
        while (!ending.IsCancellationRequested)
        {
            var time = RoundTime.At(clock.GetUtcNow(), options.Period);
            var isNew = time != before;
            before = time;
            await WaitAsync(time, await TryRoundAsync(time, isNew, stopping), ending.Token);
        }
    }

    /// <returns>Whether the period has its round.</returns>
    private async Task<bool> TryRoundAsync(RoundTime time, bool isNew, CancellationToken stopping)
    {
        try
        {
            var last = store.LastRound(options.Region);
            if (isNew)
            {
                TellOfGap(last, time);
            }

            return last >= time.Start || await RoundAsync(time, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            tell(new RoundNews.Stopped(time));
            return false;
        }
        catch (Exception e) when (OperatorFailure.ExitCodeOf(e) is not null)
        {
            tell(new RoundNews.Failed(time, e.Message) { IsOfStore = e is StoreException });
            return false;
        }
    }

    private async Task<bool> RoundAsync(RoundTime time, CancellationToken stopping)
    {
        var begun = new RoundNews.Begun(time);
        tell(begun);
        cluster.Ring?.Refresh(RoundLog.Of(log, begun.Time));
        using var entry = StoredRound.Begin(store, options, StoredRound.Plan(time, options), clock);
        var accounts = cluster.AccountsAsync(store.OutOfTime(options.Region), StoredRound.ProjectsIn(store, options), stopping);
        var report = await StoredRound.RunAsync(cluster, entry, accounts, _ => heartbeat.Move(), stopping);
        tell(new RoundNews.Ended(time, report, entry.WithheldCount));
        return report.IsComplete;
    }

    /// <summary>Until the next period; after a failure not so long, if the period lasts that long.</summary>
    private async Task WaitAsync(RoundTime time, bool done, CancellationToken ending)
    {
        var waitMax = done ? WaitMax : RetryAfter;
        var untilNext = time.Next.Start - clock.GetUtcNow();
        var wait = untilNext < waitMax ? untilNext : waitMax;
        if (wait > TimeSpan.Zero)
        {
            tell(new RoundNews.Waiting(time, wait));
            await Task.Delay(wait, clock, ending).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Once for each period: what the daemon missed while it was down counts too.</summary>
    private void TellOfGap(DateTimeOffset? last, RoundTime time)
    {
        var missed = last is null ? 0 : (int)((time.Start - last.Value) / time.Period) - 1;
        if (missed > 0)
        {
            tell(new RoundNews.Missed(time, missed));
        }
    }
}
