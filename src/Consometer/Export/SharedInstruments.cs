using System.Diagnostics.Metrics;
using Consometer.Daemon.Tasks;

namespace Consometer.Export;

/// <summary>What a daemon is among those that share rounds, and what it did of their tasks. What became of a whole round's is <see cref="RoundInstruments"/>'.</summary>
internal static class SharedInstruments
{
    private static readonly (SharedRole Role, string Word)[] Roles = [(SharedRole.Coordinator, "coordinator"), (SharedRole.Worker, "worker"), (SharedRole.Apart, "apart")];

    public static void Add(Meter meter, SharedProgress progress)
    {
        meter.CreateObservableGauge(
            "consometer.cluster.role",
            () => Roles.Select(role => Is(progress.State.Role == role.Role, new KeyValuePair<string, object?>("role", role.Word))),
            null,
            "1 for what this daemon is among those that share rounds, 0 for what it is not.");
        meter.CreateObservableCounter(
            "consometer.cluster.tasks",
            () => Counts(progress.State).Select(each => new Measurement<long>(each.Tasks, new KeyValuePair<string, object?>("outcome", each.Outcome))),
            "{task}",
            "Tasks that this daemon was given, by what it did with them.");
        meter.CreateObservableCounter(
            "consometer.cluster.tasks.redelivered", () => progress.State.Redelivered, "{task}", "Those done that another daemon had before.");
        meter.CreateObservableGauge(
            "consometer.cluster.ring.differs", () => Is(progress.State.OtherRing is not null), null, "Whether the coordinator's ring was another when a task came last.");
    }

    private static (string Outcome, long Tasks)[] Counts(SharedState state) => [("done", state.Done), ("late", state.Late), ("refused", state.Refused)];

    private static Measurement<long> Is(bool holds, params KeyValuePair<string, object?>[] tags) => new(holds ? 1 : 0, tags);
}
