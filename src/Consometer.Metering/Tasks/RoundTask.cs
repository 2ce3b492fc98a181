using System.Text.Json;

namespace Consometer.Metering.Tasks;

/// <summary>Some of a round's accounts, for one of the daemons that share it. What is measured, and for how long, is the coordinator's word.</summary>
public sealed record RoundTask
{
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

    /// <summary>The accounts to poll.</summary>
    /// <exception cref="FormatException">One has none of the prefixes.</exception>
    public IEnumerable<Account> AccountsToPoll() => Accounts.Select(AccountOf);

    /// <summary>The witnesses, of which nothing is kept.</summary>
    public IEnumerable<Account> WitnessesToPoll() => Witnesses.Select(AccountOf);

    /// <summary>What is sent.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, TaskJson.Default.RoundTask);

    /// <summary>Reads what <see cref="ToJson"/> made.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static RoundTask FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, TaskJson.Default.RoundTask) ?? throw new JsonException("null is no task");

    private Account AccountOf(string name)
    {
        var account = new ResellerPrefixes(ResellerPrefixes).Find(name) ?? throw new FormatException($"account {name} has none of the task's prefixes");
        return LastListed.TryGetValue(name, out var listed) ? account with { LastListed = listed, IsMetered = MetersOrphans } : account;
    }
}
