using Consometer.Configuration;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Rounds;
using Serilog;
using Serilog.Events;

namespace Consometer.Daemon;

/// <summary>A round every period, one at a time, until stopped.</summary>
internal sealed class RoundLoop(ConsometerOptions options, Cluster cluster, SampleStore store, Pumps pumps, ILogger log, TimeProvider clock)
{
    /// <summary>After a round that failed, the same period is tried again; a service that is down is not asked more often than this.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    /// <summary>Timers hold no more than 49 days, and a period may be longer. Waking too early costs a look into the store.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromDays(1);

    /// <summary>Runs until stopped. A period whose round is in the store already is not metered again.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        RoundTime? before = null;
        while (!stopping.IsCancellationRequested)
        {
            var time = RoundTime.At(clock.GetUtcNow(), options.Period);
            var isNew = time != before;
            before = time;
            await WaitAsync(time, await TryRoundAsync(time, isNew, stopping), stopping);
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
                WarnOfGap(last, time);
            }

            return last >= time.Start || await RoundAsync(time, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            log.Information("round {RoundTime:l} stopped before its end: it will be done again", time.ToString());
            return false;
        }
        catch (Exception e) when (OperatorFailure.ExitCodeOf(e) is not null)
        {
            log.Error("round {RoundTime:l} failed: {Failure:l}", time.ToString(), e.Message);
            return false;
        }
    }

    private async Task<bool> RoundAsync(RoundTime time, CancellationToken stopping)
    {
        cluster.Ring?.Refresh(log);
        using var entry = StoredRound.Begin(store, options, NewRound(time), clock);
        var report = await StoredRound.RunAsync(cluster, entry, cluster.AccountsAsync(store.OutOfTime(options.Region), StoredRound.ProjectsIn(store, options), stopping), progress: null, stopping);
        Tell(report, entry.WithheldCount);
        pumps.Wake();
        return report.IsComplete;
    }

    /// <summary>A few lines, however large the round.</summary>
    private void Tell(RoundReport report, int withheld)
    {
        if (ReportText.KeptList(report) is { } keptList)
        {
            log.Warning("round {RoundTime:l}: {KeptList:l}", report.RoundTime, keptList);
        }

        if (report.Failure is not null)
        {
            log.Error("round {RoundTime:l} counts for nothing: {Failure:l}", report.RoundTime, report.Failure);
        }
        else
        {
            log.Write(report.Unknown > 0 ? LogEventLevel.Warning : LogEventLevel.Information, "round {Summary:l}", ReportText.Summary(report));
        }

        if (ReportText.Advice(report) is { } advice)
        {
            log.Warning("{Advice:l}", advice);
        }

        if (withheld > 0)
        {
            log.Error("{Withheld} samples are such that no consumer could read them, and are kept back: the store names them", withheld);
        }
    }

    /// <summary>Where there is a broker samples need not be kept once they are delivered, unless that is wanted.</summary>
    private NewRound NewRound(RoundTime time) => new(time, options.Region)
    {
        Publications = options.Delivery?.Publications ?? [],
        KeepsSamples = options.Delivery is null || options.StoreKeep > TimeSpan.Zero,
    };

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

    /// <summary>Once for each period: what the daemon missed while it was down counts too.</summary>
    private void WarnOfGap(DateTimeOffset? last, RoundTime time)
    {
        var missed = last is null ? 0 : (int)((time.Start - last.Value) / time.Period) - 1;
        if (missed > 0)
        {
            log.Warning("{Missed} periods before {RoundTime:l} passed without a round of their own", missed, time.ToString());
        }
    }
}
