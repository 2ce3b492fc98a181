using System.Diagnostics.Metrics;
using Consometer.Daemon.Tasks;

namespace Consometer.Export;

/// <summary>What a daemon is among those that share rounds, and what it did of their tasks. What became of a whole round's is <see cref="RoundInstruments"/>'.</summary>
internal sealed class SharedInstruments
{
    private static readonly (SharedRole Role, string Word)[] Roles = [(SharedRole.Coordinator, "coordinator"), (SharedRole.Worker, "worker"), (SharedRole.Apart, "apart")];

    private readonly SharedProgress _progress;

    public SharedInstruments(Meter meter, TimeProvider clock)
    {
        _progress = new SharedProgress(clock);
        meter.CreateObservableGauge(
            "consometer.cluster.role",
            () => Roles.Select(role => Is(State.Role == role.Role, new KeyValuePair<string, object?>("role", role.Word))),
            null,
            "1 for what this daemon is among those that share rounds, 0 for what it is not.");
        meter.CreateObservableCounter(
            "consometer.cluster.tasks",
            () => new[] { ("done", State.Done), ("late", State.Late), ("refused", State.Refused) }
                .Select(each => new Measurement<long>(each.Item2, new KeyValuePair<string, object?>("outcome", each.Item1))),
            "{task}",
            "Tasks that this daemon was given, by what it did with them.");
        meter.CreateObservableCounter("consometer.cluster.tasks.redelivered", () => State.Redelivered, "{task}", "Those done that another daemon had before.");
        meter.CreateObservableGauge(
            "consometer.cluster.ring.differs", () => Is(State.OtherRing is not null), null, "Whether the coordinator's ring was another when a task came last.");
    }

    private SharedState State => _progress.State;

    public void Tell(SharedNews news) => _progress.Tell(news);

    private static Measurement<long> Is(bool holds, params KeyValuePair<string, object?>[] tags) => new(holds ? 1 : 0, tags);
}
