using Consometer.Metering;
using Consometer.Metering.Tasks;

namespace Consometer.Daemon.Tasks;

/// <summary>What happens to a daemon that shares rounds with others, beside the rounds themselves: for whoever tells the operator, on any thread.</summary>
internal abstract record SharedNews
{
    private SharedNews()
    {
    }

    /// <summary>It is with the others: connected, and given tasks.</summary>
    /// <param name="Host">The host of the broker.</param>
    public sealed record Joined(string Host) : SharedNews;

    /// <summary>It is not with them any more, and coordinates nothing: it joins again by itself. What it has in hand it finishes.</summary>
    /// <param name="Reason">Where, what was wanted, what was found.</param>
    /// <param name="RetryIn">How long until it tries.</param>
    public sealed record Parted(string Reason, TimeSpan RetryIn) : SharedNews;

    /// <summary>It coordinates the rounds from now on.</summary>
    public sealed record RoleTaken : SharedNews;

    /// <summary>It gives the role to another for a while, since it cannot begin a round.</summary>
    /// <param name="Reason">Where, what was wanted, what was found.</param>
    public sealed record RoleGiven(string Reason) : SharedNews;

    /// <summary>It goes on with a round that another coordinator began.</summary>
    /// <param name="Time">The round's period.</param>
    /// <param name="Tasks">Tasks that are published.</param>
    /// <param name="IsPlanned">Whether those are all.</param>
    public sealed record TakenUp(RoundTime Time, int Tasks, bool IsPlanned) : SharedNews;

    /// <summary>All tasks of a round are published.</summary>
    /// <param name="Time">The round's period.</param>
    /// <param name="Tasks">How many there are.</param>
    /// <param name="Took">How long it took from the round's beginning, the listing of its projects too.</param>
    public sealed record Published(RoundTime Time, int Tasks, TimeSpan Took) : SharedNews;

    /// <summary>A task is polled, its samples are confirmed, and its report is sent.</summary>
    /// <param name="Report">How it went.</param>
    public sealed record TaskDone(TaskReport Report) : SharedNews;

    /// <summary>A task came when its round's polling was over: it is given back, and its accounts are unknown.</summary>
    public sealed record TaskLate(RoundTask Task) : SharedNews;

    /// <summary>A task is left to another daemon, and so are all others for a while: accounts would be looked for where they are not.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Reason">What differs.</param>
    public sealed record TaskRefused(RoundTask Task, string Reason) : SharedNews;

    /// <summary>This daemon's ring is not the coordinator's, though accounts have the same partitions: it works on.</summary>
    /// <param name="Task">The task.</param>
    /// <param name="Md5">The MD5 of this daemon's ring.</param>
    public sealed record RingDiffers(RoundTask Task, string Md5) : SharedNews;

    /// <summary>What came through a queue is nothing that this version knows; it is put aside.</summary>
    /// <param name="Queue">The queue.</param>
    /// <param name="Reason">What is wrong with it.</param>
    public sealed record Unreadable(string Queue, string Reason) : SharedNews;
}
