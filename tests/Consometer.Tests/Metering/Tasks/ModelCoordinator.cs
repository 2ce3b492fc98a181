using Consometer.Metering.Tasks;

namespace Consometer.Tests.Metering.Tasks;

/// <summary>What the daemon does that has the role: all by one connection, and nothing of it is kept when that is gone.</summary>
internal sealed class ModelCoordinator(ModelWorld world, ModelConnection connection)
{
    public const int AccountsMax = 4;

    private static readonly TimeSpan RetryIn = TimeSpan.FromMinutes(10);

    private RoundJournal _journal = new();
    private ModelConsumer? _reports;
    private ModelConsumer? _late;

    /// <summary>Whether it has read all of what it was given of reports and late tasks: time passes slowly for a coordinator that listens.</summary>
    public bool HasReadAll => _reports is not { HasNews: true } && _late is not { HasNews: true };

    public RoundJournal Journal => _journal;

    public IEnumerable<Func<bool>> Run()
    {
        foreach (var wait in world.Bug == ModelBug.JournalIgnored ? [] : Read(isPruned: true, []))
        {
            yield return wait;
        }

        world.Counts.TakenUp += _journal.InHand is null ? 0 : 1;
        if (_journal.InHand is { } late && world.Now >= late.Deadline)
        {
            world.TakenUpLate.Add(late.Round.Id);
        }

        while (true)
        {
            if (_journal.InHand is null)
            {
                if (_journal.Ended is { IsComplete: false })
                {
                    var again = world.Now + RetryIn;
                    yield return () => world.Now >= again;
                }

                yield return () => !(world.Time.Start <= _journal.Complete);
                var begun = new JournalEntry.Begun(RoundAttempt.New(world.Time, "region"), world.Now, world.Now + (ModelWorld.Period * 0.8));
                yield return Publish("journal", begun);
                _journal.Read(begun);
            }

            foreach (var wait in Plan(_journal.InHand!).Concat(Supervise(_journal.InHand!)))
            {
                yield return wait;
            }
        }
    }

    /// <summary>Publishes what is not published yet, many tasks at once.</summary>
    private IEnumerable<Func<bool>> Plan(SharedRound round)
    {
        if (round.Plan is not null || world.Now >= round.Deadline)
        {
            yield break;
        }

        world.Counts.Resumed += round.Tasks > 0 ? 1 : 0;
        var accounts = world.Accounts.ToArray();
        yield return ModelRoutine.Now;
        var template = new RoundTask
        {
            Round = round.Round,
            Number = 0,
            Of = 0,
            Deadline = round.Deadline,
            ResellerPrefixes = ["AUTH_"],
            Meters = [],
            AbsentIsZero = false,
            Accounts = [],
        };
        foreach (var task in TaskPlan.Rest(template, accounts, round, AccountsMax))
        {
            if (world.Now >= round.Deadline)
            {
                yield break;
            }

            var isPublished = Publish("task", task, round.Deadline);
            round.Take(JournalEntry.Of(task));
            yield return world.Random.Next(2) == 0 ? isPublished : ModelRoutine.Now;
        }

        var planned = new JournalEntry.Planned(round.Round, round.Tasks, round.Accounts, new RoundListing(1, accounts.Length, null, null));
        yield return Publish("journal", planned);
        _journal.Read(planned);
    }

    private IEnumerable<Func<bool>> Supervise(SharedRound round)
    {
        (_reports, _late) = (connection.Consume(world.Broker.Reports), connection.Consume(world.Broker.Late));
        var since = world.Now;
        List<(ModelConsumer Consumer, ModelMessage Message)> held = [];
        while (!round.IsOver(world.Now, since))
        {
            yield return () => !HasReadAll || round.IsOver(world.Now, since);
            foreach (var consumer in new[] { _reports, _late }.Where(consumer => consumer.HasNews))
            {
                Take(round, consumer, held);
            }
        }

        List<RoundTask> missing = [];
        foreach (var wait in round.Missing.Any() ? Read(isPruned: false, missing) : [])
        {
            yield return wait;
        }

        foreach (var wait in world.Bug == ModelBug.ReportsAckedBeforeEnd ? Ack(held) : [])
        {
            yield return wait;
        }

        var ended = round.End(world.Now, missing);
        yield return Publish("ended", ended);
        foreach (var wait in Ack(held).Append(ModelRoutine.Now))
        {
            yield return wait;
        }

        _reports.Close();
        _late.Close();
        foreach (var wait in Read(isPruned: true, []))
        {
            yield return wait;
        }
    }

    private void Take(SharedRound round, ModelConsumer consumer, List<(ModelConsumer Consumer, ModelMessage Message)> held)
    {
        var message = consumer.Next();
        var isOfRound = message.Body is TaskReport report ? round.Take(report) : round.Take(new LostTask((RoundTask)message.Body, message.Reason));
        if (isOfRound && world.Bug != ModelBug.ReportsAckedAtOnce)
        {
            held.Add((consumer, message));
        }
        else
        {
            consumer.Ack(message);
        }
    }

    private static IEnumerable<Func<bool>> Ack(List<(ModelConsumer Consumer, ModelMessage Message)> held)
    {
        foreach (var (consumer, message) in held)
        {
            consumer.Ack(message);
            yield return ModelRoutine.Now;
        }
    }

    /// <summary>Reads the journal up to a fence, and leaves in it what is needed.</summary>
    /// <param name="isPruned">Whether what is not needed is taken out, and the journal is as it is read from now on.</param>
    /// <param name="tasks">Where the tasks go that it has.</param>
    private IEnumerable<Func<bool>> Read(bool isPruned, List<RoundTask> tasks)
    {
        var fence = Guid.NewGuid();
        connection.Publish("journal", fence);
        var consumer = connection.Consume(world.Broker.Journal);
        var journal = new RoundJournal();
        List<(ModelMessage Message, JournalEntry? Entry)> entries = [];
        do
        {
            yield return () => consumer.HasNews;
            var message = consumer.Next();
            var entry = EntryOf(message.Body);
            tasks.AddRange(message.Body is RoundTask task ? [task] : []);
            entries.Add((message, entry));
            if (entry is not null)
            {
                journal.Read(entry);
            }
        }
        while (!Equals(entries[^1].Message.Body, fence));

        foreach (var (message, entry) in entries.Where(read => isPruned && (read.Entry is null || journal.IsObsolete(read.Entry))))
        {
            consumer.Ack(message);
            yield return ModelRoutine.Now;
        }

        consumer.Close();
        _journal = isPruned ? journal : _journal;
    }

    private static JournalEntry? EntryOf(object body) => body switch
    {
        JournalEntry entry => entry,
        RoundTask task => JournalEntry.Of(task),
        RoundEnded ended => new JournalEntry.Ended(ended.Round, ended.Report.IsComplete),
        _ => null,
    };

    private Func<bool> Publish(string key, object body, DateTimeOffset? expires = null)
    {
        var publish = connection.Publish(key, body, expires);
        return () => publish.IsConfirmed;
    }
}
