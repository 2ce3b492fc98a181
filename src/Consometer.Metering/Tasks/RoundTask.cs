using System.Text.Json;
using System.Text.Json.Serialization;

namespace Consometer.Metering.Tasks;

/// <summary>Some of a round's accounts, for one of the daemons that share it. What is measured, and for how long, is the coordinator's word.</summary>
public sealed record RoundTask
{
    private const ulong CutFactor = 31;

    /// <summary>The round.</summary>
    public required RoundAttempt Round { get; init; }

    /// <summary>Which of the round's tasks, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>How many the round has, by what was known when this one was published.</summary>
    public required int Of { get; init; }

    /// <summary>When the round's polling ends: accounts that are not settled by then are unknown.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>The coordinator's ring; null where it asks the proxy alone.</summary>
    public RingIdentity? Ring { get; init; }

    /// <summary>The prefixes of accounts, in the order that tells their resources.</summary>
    public required IReadOnlyList<string> ResellerPrefixes { get; init; }

    /// <summary>The names of the meters that are on.</summary>
    public required IReadOnlyList<string> Meters { get; init; }

    /// <summary>Whether an account that was never made counts as zero.</summary>
    public required bool AbsentIsZero { get; init; }

    /// <summary>The names of the accounts, in the round's order (<see cref="TaskOrder"/>).</summary>
    public required IReadOnlyList<string> Accounts { get; init; }

    /// <summary>Of those whose project Keystone lists no more, when it was listed for the last time.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> LastListed { get => field ?? new Dictionary<string, DateTimeOffset>(); init; }

    /// <summary>Whether samples are made of those.</summary>
    public bool MetersOrphans { get; init; }

    /// <summary>Accounts that held something in the last round: a daemon that finds none of its task's asks for them, to learn whether it finds any.</summary>
    public IReadOnlyList<string> Witnesses { get => field ?? []; init; }

    /// <summary>
    /// What tells its accounts from others. Where the broker died over a task that got into one queue only, and projects came or went before its
    /// number was published again, there are two of the number: the round is made of the one in the journal.
    /// </summary>
    [JsonIgnore]
    public ulong Cut
    {
        get
        {
            var order = new TaskOrder(Round.Time);
            return Accounts.Aggregate(0UL, (cut, account) => unchecked((cut * CutFactor) + order.KeyOf(account)));
        }
    }

    /// <summary>How many of its accounts a report counts: orphans are counted apart.</summary>
    internal int AccountsCounted => Accounts.Count - LastListed.Keys.Intersect(Accounts).Count();

    /// <summary>The accounts to poll.</summary>
    public IEnumerable<Account> AccountsToPoll() => AccountsOf(Accounts).OfType<Account>()
        .Select(account => LastListed.TryGetValue(account.Name, out var listed) ? account with { LastListed = listed, IsMetered = MetersOrphans } : account);

    /// <summary>The witnesses, of which nothing is kept.</summary>
    public IEnumerable<Account> WitnessesToPoll() => AccountsOf(Witnesses).OfType<Account>();

    /// <summary>What is sent.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, TaskJson.Default.RoundTask);

    /// <summary>Reads what <see cref="ToJson"/> made.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static RoundTask FromJson(ReadOnlySpan<byte> json)
    {
        var task = JsonSerializer.Deserialize(json, TaskJson.Default.RoundTask) ?? throw new JsonException("null is no task");
        return task.Accounts.Count > 0 && task.AccountsOf(task.Accounts).All(account => account is not null)
            ? task
            : throw new JsonException("wanted accounts, each with one of the prefixes");
    }

    private IEnumerable<Account?> AccountsOf(IEnumerable<string> names)
    {
        var prefixes = new ResellerPrefixes(ResellerPrefixes);
        return names.Select(prefixes.Find);
    }
}
