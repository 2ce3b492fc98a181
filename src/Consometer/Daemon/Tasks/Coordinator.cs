using Consometer.Configuration;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;
using Consometer.Delivery.Tasks;
using Consometer.Metering;
using Consometer.Metering.Tasks;
using Serilog;

namespace Consometer.Daemon.Tasks;

/// <summary>
/// What the daemon does that has the role: at each round's time it publishes the round as tasks, and adds up what they come to. Where the round stands is read from
/// the broker, by who takes the role as by who has had it: there is one way.
/// </summary>
/// <param name="options">The configuration.</param>
/// <param name="cluster">What is metered.</param>
/// <param name="store">This daemon's store; the coordinator's alone.</param>
/// <param name="ended">The rounds that ended.</param>
/// <param name="tellRound">Told of rounds.</param>
/// <param name="tell">Told of what is shared.</param>
/// <param name="log">Told of the ring.</param>
/// <param name="clock">What it goes by.</param>
internal sealed class Coordinator(
    ConsometerOptions options, Cluster cluster, SampleStore store, EndedRounds ended, Action<RoundNews> tellRound, Action<SharedNews> tell, ILogger log, TimeProvider clock)
{
    /// <summary>Messages that are published and not confirmed, at most.</summary>
    private const int Window = 32;

    /// <summary>A round has no more tasks: letters that are not acked are counted in 16 bits.</summary>
    private const int TasksMax = 50_000;

    private const int WitnessesMax = 3;

    /// <summary>After a round that failed the same period is tried again; a service that is down is not asked more often than this.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    /// <summary>Timers hold no more than 49 days.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromDays(1);

    private RoundTime? _due;

    /// <summary>
    /// Waits for the role, and does its rounds until the link is lost. One that cannot go on, without a list from Keystone or room in its store, gives the role to
    /// another, who may, and stands in line again after a while.
    /// </summary>
    /// <exception cref="BrokerException">The link is lost, and the role with it.</exception>
    public async Task RunAsync(TaskLink link, CancellationToken ending)
    {
        while (true)
        {
            try
            {
                await CoordinateAsync(link, ending);
            }
            catch (Exception e) when (e is not BrokerException && OperatorFailure.ExitCodeOf(e) is not null)
            {
                tell(new SharedNews.RoleGiven(e.Message));
                await Task.Delay(RetryAfter, clock, ending);
            }
        }
    }

    private async Task CoordinateAsync(TaskLink link, CancellationToken ending)
    {
        await using var role = await CoordinatorRole.SeekAsync(link, clock, ending);
        await role.TakeAsync(ending);
        tell(new SharedNews.RoleTaken());
        await Together.RunAsync([role.KeepAsync, leaving => RoundsAsync(link, leaving)], ending);
    }

    private async Task RoundsAsync(TaskLink link, CancellationToken ending)
    {
        RoundAccounts? accounts = null;
        for (var isNew = true; ; isNew = false)
        {
            var journal = await JournalInbox.ReadAsync(link, reason => tell(new SharedNews.Unreadable(link.Queues.Journal.Name, reason)), ending);
            if (journal.InHand is not { } round)
            {
                // The journal says then which round is in hand: one whose coordinator lost the role without knowing may have begun another.
                accounts = await BeginAsync(link, await NextAsync(journal, ending), ending);
                continue;
            }

            if (isNew)
            {
                tell(new SharedNews.TakenUp(round.Round.Time, round.Tasks, round.Plan is not null));
            }

            // What was published expires with the deadline, by whoever's clock: near it nobody can tell any more what is missing.
            if (round.Plan is null && clock.GetUtcNow() < round.Deadline - round.Grace)
            {
                await PublishAsync(link, journal, accounts ?? await ListAsync(round.Round.Time, ending), ending);
            }

            accounts = null;
            await new RoundSupervision(link, round, tell, clock).RunAsync(ending);
        }
    }

    /// <summary>Waits for a period that has no round yet.</summary>
    private async Task<RoundTime> NextAsync(RoundJournal journal, CancellationToken ending)
    {
        var last = store.LastRound(options.Region) is { } own && !(own < journal.Complete) ? own : journal.Complete;
        var since = clock.GetUtcNow();
        while (true)
        {
            var now = clock.GetUtcNow();
            var time = RoundTime.At(now, options.Period);
            var wait = last >= time.Start ? time.Next.Start - now
                : journal.Ended is { IsComplete: false } failed && failed.Round.Start == time.Start ? since + RetryAfter - now
                : TimeSpan.Zero;
            if (wait <= TimeSpan.Zero)
            {
                TellOfGap(last, time);
                return time;
            }

            tellRound(new RoundNews.Waiting(time, wait));
            await Task.Delay(wait < WaitMax ? wait : WaitMax, clock, ending);
        }
    }

    /// <summary>Begins a round, by its entry in the journal.</summary>
    private async Task<RoundAccounts> BeginAsync(TaskLink link, RoundTime time, CancellationToken ending)
    {
        var started = clock.GetUtcNow();
        tellRound(new RoundNews.Begun(time));
        cluster.Ring?.Refresh(RoundLog.Of(log, time));
        var accounts = await ListAsync(time, ending);
        var begun = new JournalEntry.Begun(RoundAttempt.New(time, options.Region), started, started + options.PollingTime);
        await link.PublishAsync(TaskQueues.JournalKey, LetterType.Begun, JournalEntry.ToJson(begun), stopping: ending);
        return accounts;
    }

    private async Task<RoundAccounts> ListAsync(RoundTime time, CancellationToken ending)
    {
        try
        {
            return await RoundAccounts.ListAsync(cluster, store, options, clock, ending);
        }
        catch (Exception e) when (OperatorFailure.ExitCodeOf(e) is not null)
        {
            tellRound(new RoundNews.Failed(time, e.Message) { IsOfStore = e is StoreException });
            throw;
        }
    }

    /// <summary>Publishes what is not published yet of the round in hand. The broker puts each task into the journal too, in one step.</summary>
    private async Task PublishAsync(TaskLink link, RoundJournal journal, RoundAccounts accounts, CancellationToken ending)
    {
        var round = journal.InHand!;
        var accountsMax = Math.Max(options.Sharing!.TaskAccounts, (accounts.Names.Count / TasksMax) + 1);
        var unconfirmed = new Queue<Task>();
        foreach (var task in TaskPlan.Rest(Template(round, accounts), accounts.Names, round, accountsMax))
        {
            unconfirmed.Enqueue(link.PublishAsync(TaskQueues.TaskKey, LetterType.Task, task.ToJson(), task.Deadline - clock.GetUtcNow(), ending));
            journal.Read(JournalEntry.Of(task));
            if (unconfirmed.Count == Window)
            {
                await unconfirmed.Dequeue();
            }
        }

        await Task.WhenAll(unconfirmed);
        var planned = new JournalEntry.Planned(round.Round, round.Tasks, round.Accounts, accounts.Listing);
        await link.PublishAsync(TaskQueues.JournalKey, LetterType.Planned, JournalEntry.ToJson(planned), stopping: ending);
        journal.Read(planned);
        tell(new SharedNews.Published(round.Round.Time, round.Tasks, clock.GetUtcNow() - round.Started));
    }

    private RoundTask Template(SharedRound round, RoundAccounts accounts) => new()
    {
        Round = round.Round,
        Number = 0,
        Of = 0,
        Deadline = round.Deadline,
        Ring = cluster.Identity,
        ResellerPrefixes = options.Swift.ResellerPrefixes,
        Meters = [.. options.Meters.Select(meter => meter.Name)],
        AbsentIsZero = options.Swift.AbsentIsZero,
        Accounts = [],
        LastListed = accounts.LastListed,
        MetersOrphans = options.Projects.MetersOrphans,
        Witnesses = [.. ended.Last?.Report.Largest.Take(WitnessesMax).Select(large => large.Account) ?? []],
    };

    /// <summary>Once for each period: what was missed while no daemon was there counts too.</summary>
    private void TellOfGap(DateTimeOffset? last, RoundTime time)
    {
        var missed = last is null || time == _due ? 0 : (int)((time.Start - last.Value) / time.Period) - 1;
        _due = time;
        if (missed > 0)
        {
            tellRound(new RoundNews.Missed(time, missed));
        }
    }
}
