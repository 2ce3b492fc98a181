using Consometer.Configuration;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Serilog;

namespace Consometer.Daemon;

/// <summary>A round every period, one at a time, until stopped.</summary>
internal sealed class RoundLoop(ConsometerOptions options, Cluster cluster, SampleStore store, ILogger log, TimeProvider clock)
{
    /// <summary>After a round that failed, the same period is tried again; a service that is down is not asked more often than this.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    /// <summary>Timers hold no more than 49 days, and a period may be longer. Waking too early costs a look into the store.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromDays(1);

    /// <summary>Runs until stopped. A period whose round is in the store already is not metered again.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        RoundTime? last = null;
        while (!stopping.IsCancellationRequested)
        {
            var time = RoundTime.At(clock.GetUtcNow(), options.Period);
            WarnOfGap(last, time);
            last = time;
            var done = store.HasRound(time) || await TryRoundAsync(time, stopping);
            await WaitAsync(time, done, stopping);
        }
    }

    private async Task<bool> TryRoundAsync(RoundTime time, CancellationToken stopping)
    {
        try
        {
            cluster.RefreshRing(log);
            using var entry = store.BeginRound(time, options.Region);
            var report = await StoredRound.RunAsync(cluster, entry, time, cluster.AccountsAsync(stopping), progress: null, stopping);
            if (report.Failure is null)
            {
                log.Information("round {Summary:l}", ReportText.Summary(report));
                return true;
            }

            log.Error("round {RoundTime:l} counts for nothing: {Failure:l}", report.RoundTime, report.Failure);
            return false;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            log.Information("round {RoundTime} stopped before its end: it will be done again", time);
            return false;
        }
        catch (Exception e) when (OperatorFailure.ExitCodeOf(e) is not null)
        {
            log.Error("round {RoundTime} failed: {Failure}", time, e.Message);
            return false;
        }
    }

    /// <summary>Until the next period; after a failure not so long, if the period lasts that long.</summary>
    private async Task WaitAsync(RoundTime time, bool done, CancellationToken stopping)
    {
        var waitMax = done ? WaitMax : RetryAfter;
        var wait = time.Next.Start - clock.GetUtcNow();
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait < waitMax ? wait : waitMax, clock, stopping).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private void WarnOfGap(RoundTime? last, RoundTime time)
    {
        var missed = last is { } before ? ((time.Start - before.Start) / time.Period) - 1 : 0;
        if (missed > 0)
        {
            log.Warning("{Missed} periods before {RoundTime} passed without a round of their own", missed, time);
        }
    }
}
