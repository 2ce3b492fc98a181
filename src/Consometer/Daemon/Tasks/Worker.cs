using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Consometer.Configuration;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;
using Consometer.Delivery.Tasks;
using Consometer.Metering.Tasks;
using Serilog;

namespace Consometer.Daemon.Tasks;

/// <summary>
/// Does the tasks that the broker gives this daemon: polls one, has its samples delivered, reports, and only then acks it. What it has in hand when the link is lost
/// it finishes; the broker gives it to somebody again, and if that is this daemon, it is done.
/// </summary>
/// <param name="options">The configuration.</param>
/// <param name="cluster">What is metered.</param>
/// <param name="store">This daemon's store; the worker's alone.</param>
/// <param name="outbox">Its outbox, to see what is delivered.</param>
/// <param name="delivery">Rung with what is added to the outbox, and with what is confirmed.</param>
/// <param name="heartbeat">Shows that it is alive.</param>
/// <param name="tellRound">Told of rounds.</param>
/// <param name="tell">Told of tasks.</param>
/// <param name="log">Told of the ring.</param>
/// <param name="clock">What it goes by.</param>
internal sealed class Worker(
    ConsometerOptions options,
    Cluster cluster,
    SampleStore store,
    Outbox outbox,
    Deliveries delivery,
    Heartbeat heartbeat,
    Action<RoundNews> tellRound,
    Action<SharedNews> tell,
    ILogger log,
    TimeProvider clock)
{
    /// <summary>One that is polled, one whose samples are delivered, and one that waits, so that there is always one to poll.</summary>
    private const ushort TasksMax = 3;

    /// <summary>What differs, or a full store, is not mended sooner.</summary>
    private static readonly TimeSpan AsideFor = TimeSpan.FromMinutes(1);

    private readonly Channel<GivenTask> _given = Channel.CreateUnbounded<GivenTask>();
    private readonly Channel<(GivenTask Given, PolledTask Polled)> _polled = Channel.CreateUnbounded<(GivenTask, PolledTask)>();
    private readonly ConcurrentDictionary<(Guid Round, int Number), PolledTask> _unreported = [];
    private readonly TaskPoll _poll = new(options, cluster, store, heartbeat, clock);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RoundAttempt? _round;

    /// <summary>Takes tasks over a link until it is lost.</summary>
    /// <param name="link">The link.</param>
    /// <param name="retiring">Takes no more; what is taken is finished.</param>
    /// <param name="ending">Ends it.</param>
    /// <exception cref="BrokerException">The link is lost.</exception>
    public async Task TakeAsync(TaskLink link, CancellationToken retiring, CancellationToken ending)
    {
        while (!retiring.IsCancellationRequested)
        {
            await using var inbox = await link.ReceiveAsync(link.Queues.Tasks, TasksMax, ending);
            using (retiring.UnsafeRegister(_ => _ = inbox.StopAsync(), null))
            {
                await foreach (var letter in inbox.Letters.ReadAllAsync(ending))
                {
                    await TakeAsync(letter, inbox, link);
                }
            }

            if (retiring.IsCancellationRequested)
            {
                _given.Writer.TryComplete();
                await Task.WhenAny(_finished.Task, link.Closed).WaitAsync(ending);
                return;
            }

            await Task.WhenAny(Task.Delay(AsideFor, clock, ending), link.Closed);
        }
    }

    /// <summary>Does what is taken, link or no link, until it is stopped or has finished what it took before it retired.</summary>
    public async Task WorkAsync(CancellationToken ending)
    {
        await Task.WhenAll(PollAsync(ending), ReportAsync(ending));
        _finished.TrySetResult();
    }

    private async Task PollAsync(CancellationToken ending)
    {
        try
        {
            while (await IdleAsync(ending))
            {
                while (_given.Reader.TryRead(out var given))
                {
                    await PollAsync(given, ending);
                }
            }
        }
        finally
        {
            _polled.Writer.TryComplete();
        }
    }

    /// <summary>Reports what is polled, once it is delivered.</summary>
    private async Task ReportAsync(CancellationToken ending)
    {
        await foreach (var (given, polled) in _polled.Reader.ReadAllAsync(ending))
        {
            try
            {
                await ReportAsync(given, polled, ending);
            }
            catch (BrokerException)
            {
                // The link's loss is told by whoever joins again; the task comes back.
            }
            catch (StoreException e)
            {
                await StandAsideAsync(given, e.Message);
            }
        }
    }

    private ValueTask<bool> IdleAsync(CancellationToken ending)
    {
        heartbeat.Rest();
        return _given.Reader.WaitToReadAsync(ending);
    }

    private async Task TakeAsync(Letter letter, Inbox inbox, TaskLink link)
    {
        try
        {
            _given.Writer.TryWrite(new GivenTask(RoundTask.FromJson(letter.Body), letter, inbox, link));
        }
        catch (JsonException e)
        {
            tell(new SharedNews.Unreadable(link.Queues.Tasks.Name, e.Message));
            await inbox.RejectAsync(letter);
        }
    }

    private async Task PollAsync(GivenTask given, CancellationToken ending)
    {
        var task = given.Task;
        BeginRound(task);
        if (clock.GetUtcNow() >= task.Deadline)
        {
            tell(new SharedNews.TaskLate(task));
            await TryToRejectAsync(given);
        }
        else if (TaskRefusal.Of(task, options.Region, cluster.Identity) is { } refusal)
        {
            await StandAsideAsync(given, refusal);
        }
        else
        {
            try
            {
                _polled.Writer.TryWrite((given, _unreported.GetValueOrDefault((task.Round.Id, task.Number)) ?? await PollAsync(task, given.Letter.IsRedelivered, ending)));
            }
            catch (Exception e) when (OperatorFailure.ExitCodeOf(e) is not null)
            {
                await StandAsideAsync(given, e.Message);
            }
        }
    }

    private async Task<PolledTask> PollAsync(RoundTask task, bool isRedelivered, CancellationToken ending)
    {
        if (task.Ring is { } theirs && cluster.Identity is { } own && theirs.Md5 != own.Md5)
        {
            tell(new SharedNews.RingDiffers(task, own.Md5));
        }

        var polled = await _poll.RunAsync(task, isRedelivered, ending);
        _unreported[(task.Round.Id, task.Number)] = polled;
        delivery.Wake();
        return polled;
    }

    /// <summary>With the first task of a round the ring is read anew, and nothing of earlier rounds is done again.</summary>
    private void BeginRound(RoundTask task)
    {
        if (_round?.Id == task.Round.Id)
        {
            return;
        }

        _round = task.Round;
        _unreported.Clear();
        tellRound(new RoundNews.Begun(task.Round.Time));
        cluster.Ring?.Refresh(RoundLog.Of(log, task.Round.Time));
        try
        {
            store.Expire(clock.GetUtcNow() - options.StoreKeep);
        }
        catch (StoreException)
        {
            // Told when the task cannot be kept.
        }
    }

    /// <summary>Gives back all that is not acked, and takes nothing for a while: another does it meanwhile.</summary>
    private async Task StandAsideAsync(GivenTask given, string reason)
    {
        tell(new SharedNews.TaskRefused(given.Task, reason));
        await given.Inbox.DisposeAsync();
    }

    private async Task ReportAsync(GivenTask given, PolledTask polled, CancellationToken ending)
    {
        while (true)
        {
            delivery.Confirmed.Reset();
            if (outbox.IsDelivered(polled.StoredAs))
            {
                break;
            }

            await Task.WhenAny(delivery.Confirmed.Rung, given.Link.Closed).WaitAsync(ending);
            if (given.Link.Closed.IsCompleted)
            {
                return;
            }
        }

        await given.Link.PublishAsync(TaskQueues.ReportKey, LetterType.Report, polled.Report.ToJson(), stopping: ending);
        await given.Inbox.AckAsync(given.Letter);
        _unreported.TryRemove((given.Task.Round.Id, given.Task.Number), out _);
        tell(new SharedNews.TaskDone(polled.Report));
    }

    private static async Task TryToRejectAsync(GivenTask given)
    {
        try
        {
            await given.Inbox.RejectAsync(given.Letter);
        }
        catch (BrokerException)
        {
            // The broker gives it to somebody else.
        }
    }

    /// <summary>A task that the broker gave.</summary>
    private sealed record GivenTask(RoundTask Task, Letter Letter, Inbox Inbox, TaskLink Link);
}
