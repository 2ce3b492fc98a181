using Consometer.Metering.Tasks;

namespace Consometer.Daemon.Tasks;

/// <summary>What a daemon is in a shared round.</summary>
internal enum SharedRole
{
    /// <summary>Not with the others: the broker is not there, or not yet.</summary>
    Apart,

    /// <summary>It does tasks.</summary>
    Worker,

    /// <summary>It publishes them too, and adds up what they come to.</summary>
    Coordinator,
}

/// <summary>How it is with a daemon that shares rounds.</summary>
/// <param name="Role">What it is.</param>
/// <param name="Since">Since when.</param>
/// <param name="Trouble">Why it is apart; null if it is not, or is about to join for the first time.</param>
/// <param name="Done">Tasks it did since it started.</param>
/// <param name="Redelivered">Those of them that somebody had before.</param>
/// <param name="Late">Tasks it gave back since the round's polling was over.</param>
/// <param name="Refused">Tasks it left to another.</param>
internal sealed record SharedState(SharedRole Role, DateTimeOffset Since, string? Trouble, long Done, long Redelivered, long Late, long Refused)
{
    /// <summary>The MD5 of the coordinator's ring, where this daemon's was another when a task came last; else null.</summary>
    public string? OtherRing { get; init; }
}

/// <summary>How it is with this daemon's share: for whoever asks, on any thread.</summary>
internal sealed class SharedProgress(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private volatile SharedState? _state;

    /// <summary>The latest round in which the coordinator's ring was another.</summary>
    private DateTimeOffset _differed;

    /// <summary>How it is now.</summary>
    public SharedState State => _state ?? new SharedState(SharedRole.Apart, clock.GetUtcNow(), Trouble: null, 0, 0, 0, 0);

    public void Tell(SharedNews news)
    {
        lock (_lock)
        {
            var state = State;
            _state = news switch
            {
                SharedNews.Joined or SharedNews.RoleGiven => As(state, SharedRole.Worker, null),
                SharedNews.RoleTaken => As(state, SharedRole.Coordinator, null),
                SharedNews.Parted parted => As(state, SharedRole.Apart, parted.Reason),
                SharedNews.TaskDone done => Add(state, done.Report),
                SharedNews.TaskLate => state with { Late = state.Late + 1 },
                SharedNews.TaskRefused => state with { Refused = state.Refused + 1 },
                SharedNews.RingDiffers differs => Differ(state, differs.Task),
                SharedNews.Published or SharedNews.TakenUp => state with { OtherRing = null },
                _ => state,
            };
        }
    }

    /// <summary>A task of a later round, of which nothing was said, came from a coordinator that has the same ring.</summary>
    private SharedState Add(SharedState state, TaskReport report) => state with
    {
        Done = state.Done + 1,
        Redelivered = state.Redelivered + (report.IsRedelivered ? 1 : 0),
        OtherRing = report.Round.Start > _differed ? null : state.OtherRing,
    };

    private SharedState Differ(SharedState state, RoundTask task)
    {
        _differed = task.Round.Start;
        return state with { OtherRing = task.Ring!.Md5 };
    }

    /// <summary>Tried again and again, it is apart since the first time.</summary>
    private SharedState As(SharedState state, SharedRole role, string? trouble) =>
        state with { Role = role, Trouble = trouble, Since = state.Role == role && _state is not null ? state.Since : clock.GetUtcNow() };
}
