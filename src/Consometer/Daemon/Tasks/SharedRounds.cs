using Consometer.Configuration;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;
using Consometer.Delivery.Tasks;
using Consometer.Metering;
using Serilog;

namespace Consometer.Daemon.Tasks;

/// <summary>This daemon's part in rounds that several share: a worker always, the coordinator while it has the role; in place of <see cref="RoundLoop"/>.</summary>
/// <param name="options">The configuration.</param>
/// <param name="cluster">What is metered.</param>
/// <param name="deliveries">Where samples go.</param>
/// <param name="heartbeat">Shows that it is alive.</param>
/// <param name="tellRound">Told of rounds; one call after another.</param>
/// <param name="tell">Told of what is shared.</param>
/// <param name="log">Told of the ring.</param>
/// <param name="clock">What it goes by.</param>
internal sealed class SharedRounds(
    ConsometerOptions options, Cluster cluster, Deliveries deliveries, Heartbeat heartbeat, Action<RoundNews> tellRound, Action<SharedNews> tell, ILogger log, TimeProvider clock)
{
    /// <summary>A link that was there for so long was a good one: the next one is not waited for as after failures.</summary>
    private static readonly TimeSpan GoodAfter = TimeSpan.FromSeconds(10);

    /// <summary>A round that is in hand waits for its daemons, and its time goes on.</summary>
    private static readonly TimeSpan TriesAtLeastEvery = TimeSpan.FromSeconds(5);

    private readonly TaskQueues _queues = new(options.Sharing!.Prefix);
    private readonly Backoff _backoff = new(TriesAtLeastEvery);
    private BegunRound? _begun;

    /// <summary>Runs until stopped.</summary>
    /// <param name="retiring">Ends it when the tasks in hand are done.</param>
    /// <param name="stopping">Ends it at once: what it had in hand is done by others.</param>
    /// <exception cref="StoreException">The store cannot be opened.</exception>
    public async Task RunAsync(CancellationToken retiring, CancellationToken stopping)
    {
        // A connection for each that writes: none waits for what another has begun.
        using var ofWorker = SampleStore.Open(options.StorePath);
        using var ofCoordinator = SampleStore.Open(options.StorePath);
        using var ofEnded = SampleStore.Open(options.StorePath);
        using var outbox = Outbox.Open(options.StorePath);
        var worker = new Worker(options, cluster, ofWorker, outbox, deliveries, heartbeat, TellRound, tell, log, clock);
        var ended = new EndedRounds(options, ofEnded, TellRound, tell);
        var coordinator = new Coordinator(options, cluster, ofCoordinator, ended, TellRound, tell, log, clock);
        try
        {
            // None ends by itself but by a defect, or when it has retired: then the worker has nothing more to do.
            await Together.RunAsync([ending => JoinAsync(worker, coordinator, ended, retiring, ending), worker.WorkAsync], stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>A round begins for the coordinator, and with its first task for the worker: told once.</summary>
    private void TellRound(RoundNews news)
    {
        if (news is RoundNews.Begun && Interlocked.Exchange(ref _begun, new BegunRound(news.Time))?.Time == news.Time)
        {
            return;
        }

        tellRound(news);
    }

    /// <summary>Joins the others, again whenever the link is lost, until it has retired.</summary>
    private async Task JoinAsync(Worker worker, Coordinator coordinator, EndedRounds ended, CancellationToken retiring, CancellationToken ending)
    {
        while (!retiring.IsCancellationRequested)
        {
            var joins = clock.GetTimestamp();
            try
            {
                await using var link = await TaskLink.OpenAsync(options.Delivery!.Broker, _queues, ending);
                tell(new SharedNews.Joined(link.Host));

                // Until the link is lost, or what it took before it retired is done.
                await Together.RunAsync(
                    [parting => worker.TakeAsync(link, retiring, parting), parting => coordinator.RunAsync(link, parting), parting => ended.ListenAsync(link, parting)],
                    ending);
            }
            catch (Exception e) when (OperatorFailure.ExitCodeOf(e) is not null)
            {
                if (clock.GetElapsedTime(joins) > GoodAfter)
                {
                    _backoff.Reset();
                }

                var wait = _backoff.Next();
                tell(new SharedNews.Parted(e.Message, wait));
                using var either = CancellationTokenSource.CreateLinkedTokenSource(retiring, ending);
                await Task.Delay(wait, clock, either.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                ending.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>A reference, since two threads tell.</summary>
    private sealed record BegunRound(RoundTime Time);
}
