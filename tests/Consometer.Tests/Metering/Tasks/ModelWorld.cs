using Consometer.Metering;

namespace Consometer.Tests.Metering.Tasks;

/// <summary>Some daemons, a broker, a clock and a seed: what happens next is chance, and the same for the same seed.</summary>
internal sealed class ModelWorld
{
    public static readonly TimeSpan Period = TimeSpan.FromHours(1);

    private const int StepsMax = 3000;
    private const int HealStepsMax = 20_000;

    private readonly ModelDaemon[] _daemons;
    private readonly ModelRules _rules;
    private readonly double _faults;
    private readonly bool _mayBeBlind;
    private readonly bool _mayBeForeign;
    private readonly bool _mayBeStuck;
    private readonly DateTimeOffset _healsAt;
    private int _projects;

    public ModelWorld(int seed, ModelBug bug, ModelCounts counts)
    {
        Random = new Random(seed);
        Bug = bug;
        Counts = counts;
        _rules = new ModelRules(this);
        Broker = new ModelBroker(Random.Next(2, 7), _rules.See);
        _daemons = [.. Enumerable.Range(0, Random.Next(2, 5)).Select(index => new ModelDaemon(this, index))];
        _faults = new[] { 0.002, 0.01, 0.03, 0.08 }[Random.Next(4)];
        _mayBeBlind = Random.Next(8) == 0;
        _mayBeForeign = Random.Next(6) == 0;
        _mayBeStuck = Random.Next(4) == 0;
        _healsAt = Now + (Period * (1 + Random.NextDouble()));
        while (Accounts.Count < Random.Next(8, 30))
        {
            Accounts.Add(NewAccount());
        }
    }

    public Random Random { get; }

    public ModelBug Bug { get; }

    public ModelCounts Counts { get; }

    public ModelBroker Broker { get; }

    public DateTimeOffset Now { get; private set; } = ManualClock.Start.AddMinutes(7);

    public RoundTime Time => RoundTime.At(Now, Period);

    /// <summary>The accounts of all projects, as they are listed now.</summary>
    public List<string> Accounts { get; } = [];

    /// <summary>Rounds that were taken up when their tasks in the journal had expired.</summary>
    public HashSet<Guid> TakenUpLate { get; } = [];

    /// <summary>Whether no daemon finds any account.</summary>
    public bool IsBlind { get; private set; }

    /// <summary>Lets things happen, and then all be well, until a round is done in peace.</summary>
    /// <returns>The rule that was broken; null if none was.</returns>
    public string? Run()
    {
        Array.ForEach(_daemons, daemon => daemon.Start());
        for (var step = 0; step < StepsMax && Now < _healsAt && _rules.Broken is null; step++)
        {
            if (Random.NextDouble() < _faults)
            {
                Harm();
            }
            else if (!TryStep(clock: 0.03))
            {
                Pass();
            }
        }

        Heal();
        var healed = Time.Next.Start;
        for (var step = 0; !(_rules.Complete >= healed) || TryStep(clock: 0); step++)
        {
            if (_rules.Broken is not null || step >= HealStepsMax)
            {
                return _rules.Broken ?? "no round was ended in peace";
            }

            if (!(_rules.Complete >= healed) && !TryStep(clock: 0.01))
            {
                Pass();
            }
        }

        _rules.CheckAtEnd(_daemons.Any(daemon => daemon.HasSamples));
        return _rules.Broken;
    }

    private void Harm()
    {
        var daemon = _daemons[Random.Next(_daemons.Length)];
        switch (Random.Next(13))
        {
            case < 3 when daemon.IsAlive:
                daemon.Kill();
                break;
            case < 6 when !daemon.IsAlive:
                daemon.Start();
                daemon.IsForeign = _mayBeForeign && Random.Next(3) > 0;
                break;
            case 6:
                daemon.LoseRole();
                break;
            case 7:
                daemon.LoseWork();
                break;
            case 8:
                daemon.LoseRole();
                daemon.LoseWork();
                break;
            case 9 when Random.Next(2) == 0:
                _rules.Tear(Broker.Restart(Random));
                Array.ForEach(_daemons, one => one.Notice());
                break;
            case 10:
                Accounts.RemoveAt(Random.Next(Accounts.Count));
                Accounts.Insert(Random.Next(Accounts.Count), NewAccount());
                break;
            case 11 when _mayBeBlind:
                IsBlind = !IsBlind;
                break;
            case 12:
                daemon.IsStuck = _mayBeStuck && !daemon.IsStuck;
                break;
        }
    }

    private void Heal()
    {
        IsBlind = false;
        foreach (var daemon in _daemons)
        {
            (daemon.IsForeign, daemon.IsStuck) = (false, false);
            if (!daemon.IsAlive)
            {
                daemon.Start();
            }
        }
    }

    /// <summary>One step of somebody who can take one, or of the clock.</summary>
    private bool TryStep(double clock)
    {
        if (clock > 0 && Random.NextDouble() < clock && MayPass())
        {
            Pass();
            return true;
        }

        var connections = Broker.Connections;
        var actors = Broker.Queues.Length + (2 * connections.Count) + _daemons.Sum(daemon => daemon.Actors);
        var first = Random.Next(actors);
        for (var i = 0; i < actors; i++)
        {
            if (TryStep((first + i) % actors, connections))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryStep(int actor, IReadOnlyList<ModelConnection> connections)
    {
        if (actor < Broker.Queues.Length)
        {
            return Broker.Queues[actor].TryStep(Now, Random);
        }

        actor -= Broker.Queues.Length;
        if (actor < 2 * connections.Count)
        {
            return actor % 2 == 0 ? connections[actor / 2].TryAccept() : connections[actor / 2].TryConfirm();
        }

        actor -= 2 * connections.Count;
        foreach (var daemon in _daemons)
        {
            if (actor < daemon.Actors)
            {
                return daemon.TryStep(actor);
            }

            actor -= daemon.Actors;
        }

        return false;
    }

    /// <summary>A grace is long beside what the broker takes to give out a report: time waits for those that are on their way to a coordinator.</summary>
    private bool MayPass() =>
        _daemons.All(daemon => daemon.Coordinator is not { HasReadAll: false })
        && new[] { Broker.Reports, Broker.Late }.All(queue => queue.Ready.Count == 0 || queue.Consumers.Count == 0);

    private void Pass() => Now += TimeSpan.FromSeconds(Random.Next(5, 300));

    private string NewAccount() => $"AUTH_{_projects++:d4}";
}
