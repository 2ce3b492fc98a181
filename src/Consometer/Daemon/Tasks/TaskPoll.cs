using Consometer.Configuration;
using Consometer.Delivery.Store;
using Consometer.Metering.Rounds;
using Consometer.Metering.Samples;
using Consometer.Metering.Tasks;

namespace Consometer.Daemon.Tasks;

/// <summary>A task that is polled.</summary>
/// <param name="Report">How it went.</param>
/// <param name="StoredAs">Its place in this daemon's store, where its samples are on their way to the broker.</param>
internal sealed record PolledTask(TaskReport Report, long StoredAs);

/// <summary>Does tasks: each is a round over its accounts, into this daemon's store.</summary>
/// <param name="options">The configuration.</param>
/// <param name="cluster">What is metered.</param>
/// <param name="store">This daemon's store.</param>
/// <param name="heartbeat">Shows that it is alive.</param>
/// <param name="clock">What it goes by.</param>
internal sealed class TaskPoll(ConsometerOptions options, Cluster cluster, SampleStore store, Heartbeat heartbeat, TimeProvider clock)
{
    /// <summary>The round in which this daemon has found an account, and with which ring: so neither that nor the hash prefix is wrong.</summary>
    private (Guid Round, string? RingMd5)? _proof;

    /// <summary>Polls a task to its end, or to the end of its round's polling.</summary>
    /// <exception cref="StoreException">The store is full, or cannot be written: nothing of it is kept.</exception>
    public async Task<PolledTask> RunAsync(RoundTask task, bool isRedelivered, CancellationToken stopping)
    {
        StoredRound.RequireRoom(store, options);
        using var entry = store.BeginRound(StoredRound.Plan(task.Round.Time, options) with { IsTask = true });
        var report = await NewRound(task).RunAsync(
            task.Round.Time,
            task.AccountsToPoll().ToAsyncEnumerable(),
            (outcome, samples) =>
            {
                entry.Keep(outcome, samples);
                heartbeat.Move();
            },
            stopping);
        report = await ProvenAsync(task, report, stopping) with { Withheld = entry.WithheldCount };
        if (report.Failure is null)
        {
            entry.End(report);
        }

        return new PolledTask(
            new TaskReport
            {
                Round = task.Round,
                Number = task.Number,
                Cut = task.Cut,
                Worker = WorkerName.Own,
                RingMd5 = cluster.Identity?.Md5,
                IsRedelivered = isRedelivered,
                Report = report,
                Remarks = report.Failure is null ? [.. entry.Remarks()] : [.. task.AccountsToPoll().Select(Unproven)],
            },
            entry.Id);
    }

    private Round NewRound(RoundTask task)
    {
        var meters = MeterCatalogue.All.Where(meter => task.Meters.Contains(meter.Name)).ToArray();
        var left = task.Deadline - clock.GetUtcNow();
        var limits = new RoundOptions(left > TimeSpan.Zero ? left : TimeSpan.Zero, MayBeEmpty: true);

        // A task is a part of a round that has more accounts than it.
        return cluster.NewRound(new SampleMaker(meters, options.Region, task.AbsentIsZero), task.Of > 1 ? limits with { AbsentSuspicious = 1 } : limits);
    }

    /// <summary>Where none of a task's accounts is there, hash prefix or ring may be wrong; not if this daemon finds another account of the same round.</summary>
    private async Task<RoundReport> ProvenAsync(RoundTask task, RoundReport report, CancellationToken stopping)
    {
        var here = (task.Round.Id, cluster.Identity?.Md5);
        if (Proves(report))
        {
            _proof = here;
        }

        if (report.Failure is null)
        {
            return report;
        }

        var isProven = _proof == here
            || Proves(await NewRound(task).RunAsync(task.Round.Time, task.WitnessesToPoll().ToAsyncEnumerable(), (_, _) => { }, stopping));
        return isProven ? report with { Failure = null } : report;
    }

    /// <summary>What the proxy found proves nothing of ring and hash prefix, where those are asked by.</summary>
    private bool Proves(RoundReport report) => report.Measured > (options.Strategy == Strategy.Proxy ? 0 : report.ByProxy);

    private static RoundRemark Unproven(Metering.Account account) => new(
        RoundRemark.Unknown, account.Name, account.ProjectId, "unproven: it is absent, and so were all accounts of its task: the hash prefix or the ring may be wrong");
}
