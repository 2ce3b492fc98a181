namespace Consometer.Delivery.Tasks;

/// <summary>One queue of those that daemons share rounds by.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Keys">The routing keys that it is bound to the exchange with.</param>
/// <param name="Arguments">How it is made, but for what older brokers do not know.</param>
/// <param name="NewerArguments">What brokers from 3.10 on are told beside that.</param>
public sealed record QueueTerms(string Name, IReadOnlyList<string> Keys, IReadOnlyDictionary<string, object?> Arguments, IReadOnlyDictionary<string, object?> NewerArguments);

/// <summary>
/// The exchange and the queues that daemons share rounds by. All are quorum queues: they outlive a host of the broker. Names begin with the prefix,
/// so that a user who may do all with those needs no other right.
/// </summary>
/// <param name="prefix">The prefix; also the exchange's name, of type direct.</param>
public sealed class TaskQueues(string prefix)
{
    /// <summary>Keys that messages are routed by.</summary>
    public const string RoleKey = "role";

    /// <inheritdoc cref="RoleKey"/>
    public const string TaskKey = "task";

    /// <inheritdoc cref="RoleKey"/>
    public const string JournalKey = "journal";

    /// <inheritdoc cref="RoleKey"/>
    public const string ReportKey = "report";

    /// <inheritdoc cref="RoleKey"/>
    public const string LateKey = "late";

    /// <inheritdoc cref="RoleKey"/>
    public const string EndedKey = "ended";

    /// <summary>How often a task is given out again: what kills its daemon does not kill them all. A daemon that stops, and one that refuses it, count too.</summary>
    public const int TaskRedeliveriesMax = 6;

    /// <summary>For queues whose messages are put back whenever a coordinator goes. RabbitMQ 4 would drop them after 20 times.</summary>
    private const int RedeliveriesMax = 1_000_000;

    private const string AtLeastOnce = "at-least-once";

    /// <summary>The exchange.</summary>
    public string Exchange => prefix;

    /// <summary>Where the role of the coordinator lies: a message that the coordinator holds, and that the broker gives to the next when it is gone.</summary>
    public QueueTerms Coordinator => new($"{prefix}.coordinator", [RoleKey], Quorum(RedeliveriesMax, isForOne: true), None);

    /// <summary>The tasks of the round in hand. What expires, is rejected, or was given out too often goes to <see cref="Late"/>.</summary>
    public QueueTerms Tasks => new(
        $"{prefix}.tasks",
        [TaskKey],
        new Dictionary<string, object?>(Quorum(TaskRedeliveriesMax))
        {
            ["x-dead-letter-exchange"] = Exchange,
            ["x-dead-letter-routing-key"] = LateKey,
        },
        new Dictionary<string, object?> { ["x-dead-letter-strategy"] = AtLeastOnce, ["x-overflow"] = "reject-publish" });

    /// <summary>How tasks went.</summary>
    public QueueTerms Reports => new($"{prefix}.reports", [ReportKey], Quorum(RedeliveriesMax), None);

    /// <summary>Tasks that nobody will do any more.</summary>
    public QueueTerms Late => new($"{prefix}.late", [LateKey], Quorum(RedeliveriesMax), None);

    /// <summary>The journal of the round in hand: what a new coordinator goes by. One reads it at a time.</summary>
    public QueueTerms Journal => new($"{prefix}.journal", [TaskKey, JournalKey, EndedKey], Quorum(RedeliveriesMax, isForOne: true), None);

    /// <summary>How the last round ended, to be looked at.</summary>
    public QueueTerms Last => new($"{prefix}.last", [EndedKey], new Dictionary<string, object?>(Quorum(RedeliveriesMax)) { ["x-max-length"] = 1 }, None);

    /// <summary>All queues.</summary>
    public IReadOnlyList<QueueTerms> All => [Coordinator, Tasks, Reports, Late, Journal, Last];

    /// <summary>What a daemon's own queue is called, where it hears of rounds that ended; gone with its connection.</summary>
    public string NameOfOwn(Guid daemon) => $"{prefix}.ended.{daemon:n}";

    private static Dictionary<string, object?> None => [];

    private static Dictionary<string, object?> Quorum(int deliveriesMax, bool isForOne = false)
    {
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = deliveriesMax };
        if (isForOne)
        {
            arguments["x-single-active-consumer"] = true;
        }

        return arguments;
    }
}
