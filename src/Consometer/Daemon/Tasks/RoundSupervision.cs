using System.Text.Json;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Tasks;
using Consometer.Metering.Tasks;

namespace Consometer.Daemon.Tasks;

/// <summary>Waits for a round's reports, adds them up, and ends the round. They stay in their queues until it has ended: a new coordinator gets them all.</summary>
/// <param name="link">The link.</param>
/// <param name="round">The round.</param>
/// <param name="tell">Told of what cannot be read.</param>
/// <param name="clock">What it goes by.</param>
internal sealed class RoundSupervision(TaskLink link, SharedRound round, Action<SharedNews> tell, TimeProvider clock)
{
    /// <summary>How often is looked whether the round's time is over.</summary>
    private static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(1);

    /// <summary>
    /// RabbitMQ closes the channel of who holds a message for half an hour (<c>consumer_timeout</c>): before that all are given back, and taken again.
    /// </summary>
    private static readonly TimeSpan HoldsFor = TimeSpan.FromMinutes(4);

    private DateTimeOffset? _since;
    private IReadOnlyList<RoundTask> _missing = [];
    private bool _wereMissingRead;

    /// <summary>Supervises the round to its end.</summary>
    /// <exception cref="BrokerException">The link is lost: whoever has the role then goes on.</exception>
    public async Task RunAsync(CancellationToken ending)
    {
        while (!await TryToEndAsync(ending))
        {
        }
    }

    /// <returns>Whether it has ended.</returns>
    private async Task<bool> TryToEndAsync(CancellationToken ending)
    {
        await using var reports = await link.ReceiveAsync(link.Queues.Reports, TaskLink.UnackedMax, ending);
        await using var late = await link.ReceiveAsync(link.Queues.Late, TaskLink.UnackedMax, ending);
        var began = clock.GetTimestamp();
        var since = _since ??= clock.GetUtcNow();
        var (lastReport, lastLate) = (default(Letter), default(Letter));
        Task? moreReports = null;
        Task? moreLate = null;
        do
        {
            lastReport = Read(reports, link.Queues.Reports, body => round.Take(TaskReport.FromJson(body.Body))) ?? lastReport;
            lastLate = Read(late, link.Queues.Late, TakeLate) ?? lastLate;
            if (round.IsOver(clock.GetUtcNow(), since))
            {
                await EndAsync(ending);
                await AckAsync(reports, lastReport);
                await AckAsync(late, lastLate);
                return true;
            }

            await ReadMissingAsync(ending);
            moreReports = moreReports is { IsCompleted: false } ? moreReports : reports.Letters.WaitToReadAsync(ending).AsTask();
            moreLate = moreLate is { IsCompleted: false } ? moreLate : late.Letters.WaitToReadAsync(ending).AsTask();
            await await Task.WhenAny(moreReports, moreLate, Task.Delay(LooksEvery, clock, ending));
        }
        while (clock.GetElapsedTime(began) < HoldsFor);
        return false;
    }

    /// <summary>
    /// Shortly before the deadline, since then the tasks are gone from the journal: one that somebody has who hangs can be named by it alone. Those that nobody has
    /// come back with their names.
    /// </summary>
    private async Task ReadMissingAsync(CancellationToken ending)
    {
        if (!_wereMissingRead && round.Deadline - clock.GetUtcNow() < LooksEvery + LooksEvery && round.Missing.ToHashSet() is { Count: > 0 } missing)
        {
            _wereMissingRead = true;
            _missing = await JournalInbox.TasksAsync(link, missing, ending);
        }
    }

    private async Task EndAsync(CancellationToken ending)
    {
        var missing = round.Missing.ToHashSet();
        var ended = round.End(clock.GetUtcNow(), _missing.Where(task => missing.Contains(task.Number)));
        await link.PublishAsync(TaskQueues.EndedKey, LetterType.Ended, ended.ToJson(), stopping: ending);
    }

    /// <returns>The last letter; null if there was none.</returns>
    private Letter? Read(Inbox inbox, QueueTerms queue, Action<Letter> take)
    {
        Letter? last = null;
        while (inbox.Letters.TryRead(out var letter))
        {
            last = letter with { Body = [] };
            try
            {
                take(letter);
            }
            catch (JsonException e)
            {
                tell(new SharedNews.Unreadable(queue.Name, e.Message));
            }
        }

        return last;
    }

    private void TakeLate(Letter letter) =>
        round.Take(new LostTask(RoundTask.FromJson(letter.Body), letter.DeathReason == "delivery_limit" ? TaskLoss.Poison : TaskLoss.Late));

    private static Task AckAsync(Inbox inbox, Letter? last) => last is null ? Task.CompletedTask : inbox.AckUpToAsync(last);
}
