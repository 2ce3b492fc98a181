using Consometer.Metering.Samples;
using Consometer.Metering.Tasks;

namespace Consometer.Tests.Metering.Tasks;

/// <summary>Samples of one task, as they wait in a daemon's outbox.</summary>
internal sealed record ModelParcel(IReadOnlyList<(string Account, Sample Sample)> Samples);

/// <summary>
/// One daemon. Each thing that it does is a routine, and whatever happens to it happens between two steps of one. A kill leaves its outbox alone;
/// a connection that is lost leaves the tasks that it has in hand, too.
/// </summary>
internal sealed class ModelDaemon(ModelWorld world, int index)
{
    private const int Prefetch = 2;
    private static readonly TimeSpan Aside = TimeSpan.FromMinutes(1);

    private readonly List<ModelRoutine> _routines = [];
    private readonly List<ModelParcel> _outbox = [];
    private int _process;

    public bool IsAlive { get; private set; }

    /// <summary>Whether its ring is one that accounts are in other partitions by.</summary>
    public bool IsForeign { get; set; }

    /// <summary>Whether nobody takes its samples: where they go is down, for this one.</summary>
    public bool IsStuck { get; set; }

    /// <summary>What it coordinates by. The role is gone when it is.</summary>
    public ModelConnection? Role { get; private set; }

    /// <summary>What it works, and delivers, by.</summary>
    public ModelConnection? Work { get; private set; }

    public ModelCoordinator? Coordinator { get; private set; }

    /// <summary>The routines, and joining what it is not with.</summary>
    public int Actors => IsAlive ? _routines.Count + 1 : 0;

    public bool HasSamples => _outbox.Count > 0;

    private string Name => $"host{index}/{_process}";

    public bool TryStep(int actor)
    {
        if (actor == _routines.Count)
        {
            return TryJoin();
        }

        var routine = _routines[actor];
        var isStepped = routine.TryStep();
        if (routine.IsOver)
        {
            _routines.Remove(routine);
        }

        return isStepped;
    }

    public void Start()
    {
        IsAlive = true;
        _process++;
        _routines.Add(new ModelRoutine(null, Pump()));
    }

    public void Kill()
    {
        LoseRole();
        LoseWork();
        IsAlive = false;
        _routines.Clear();
    }

    public void LoseRole()
    {
        Lose(Role);
        Coordinator = null;
    }

    public void LoseWork() => Lose(Work);

    /// <summary>The broker closed what it closed.</summary>
    public void Notice()
    {
        _routines.RemoveAll(routine => routine.Connection is { IsOpen: false });
        Coordinator = Role is { IsOpen: true } ? Coordinator : null;
    }

    private void Lose(ModelConnection? connection)
    {
        if (connection is { IsOpen: true })
        {
            world.Broker.Close(connection, world.Random);
        }

        Notice();
    }

    private bool TryJoin()
    {
        if (Role is not { IsOpen: true })
        {
            Role = world.Broker.Connect();
            _routines.Add(new ModelRoutine(Role, HoldRole(Role)));
            return true;
        }

        if (Work is not { IsOpen: true })
        {
            Work = world.Broker.Connect();
            _routines.Add(new ModelRoutine(Work, TakeTasks(Work)));
            return true;
        }

        return false;
    }

    /// <summary>Who gets a token coordinates. Of several it keeps the newest.</summary>
    private IEnumerable<Func<bool>> HoldRole(ModelConnection connection)
    {
        connection.Publish("role", "token");
        var tokens = connection.Consume(world.Broker.Coordinator);
        ModelMessage? held = null;
        while (true)
        {
            yield return () => tokens.HasNews;
            var token = tokens.Next();
            if (held is null)
            {
                Coordinator = new ModelCoordinator(world, connection);
                _routines.Add(new ModelRoutine(connection, Coordinator.Run()));
            }
            else
            {
                tokens.Ack(held);
            }

            held = token;
        }
    }

    private IEnumerable<Func<bool>> TakeTasks(ModelConnection connection)
    {
        while (true)
        {
            var tasks = connection.Consume(world.Broker.Tasks, Prefetch);
            while (true)
            {
                yield return () => tasks.HasNews;
                var message = tasks.Next();
                if (IsForeign)
                {
                    tasks.Requeue(message);
                    tasks.Close();
                    break;
                }

                _routines.Add(new ModelRoutine(null, Do((RoundTask)message.Body, message, tasks)));
            }

            var back = world.Now + Aside;
            yield return () => world.Now >= back;
        }
    }

    /// <summary>Polls a task, has its samples delivered, reports, and only then acknowledges it.</summary>
    private IEnumerable<Func<bool>> Do(RoundTask task, ModelMessage message, ModelConsumer tasks)
    {
        if (world.Bug == ModelBug.WorkerAcksFirst)
        {
            tasks.Ack(message);
            yield return ModelRoutine.Now;
        }

        if (world.Now >= task.Deadline)
        {
            tasks.Reject(message);
            yield break;
        }

        yield return ModelRoutine.Now;
        var polled = ModelPoll.Of(task, world, Name, message.Returns > 0);
        _outbox.AddRange(polled.Parcels);
        yield return () => world.Bug == ModelBug.WorkerReportsFirst || !polled.Parcels.Any(_outbox.Contains);
        ModelPublish report;
        do
        {
            yield return () => Work is { IsOpen: true };
            var connection = Work!;
            report = connection.Publish("report", polled.Report);
            yield return () => report.IsConfirmed || !connection.IsOpen;
        }
        while (!report.IsConfirmed);

        tasks.Ack(message);
    }

    /// <summary>Delivers what is in the outbox. What was not confirmed is sent again.</summary>
    private IEnumerable<Func<bool>> Pump()
    {
        while (true)
        {
            yield return () => _outbox.Count > 0 && !IsStuck && Work is { IsOpen: true };
            var (connection, parcel) = (Work!, _outbox[0]);
            var publish = connection.Publish("sample", parcel);
            yield return () => publish.IsConfirmed || !connection.IsOpen;
            if (publish.IsConfirmed)
            {
                _outbox.Remove(parcel);
            }
        }
    }
}
