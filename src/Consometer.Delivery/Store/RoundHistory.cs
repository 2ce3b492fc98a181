using System.Globalization;
using System.Text.Json;
using Consometer.Metering;
using Consometer.Metering.Rounds;

namespace Consometer.Delivery.Store;

/// <summary>A round that has ended, at a glance. Rounds over accounts that were named are none of these.</summary>
/// <param name="Id">Its place in the store.</param>
/// <param name="Time">Its period.</param>
/// <param name="IsComplete">Whether the period has its round with this.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Measured">Accounts measured.</param>
/// <param name="Absent">Accounts that were never made.</param>
/// <param name="Deleted">Accounts deleted.</param>
/// <param name="Unknown">Accounts of which nothing could be told.</param>
/// <param name="UnknownByReason">Those by reason.</param>
/// <param name="Failure">Why it counts for nothing; null if it is good.</param>
/// <param name="Bytes">What the measured accounts hold; null in rounds of earlier versions.</param>
/// <param name="Objects">Likewise.</param>
public sealed record PastRound(
    long Id,
    RoundTime Time,
    bool IsComplete,
    double Seconds,
    long Measured,
    long Absent,
    long Deleted,
    long Unknown,
    IReadOnlyDictionary<string, long> UnknownByReason,
    string? Failure,
    double? Bytes,
    double? Objects);

/// <summary>
/// Reads how the rounds of a region went, while others are written: all of one state of the store. What one asks for is bounded, for a
/// report is as long as there are nodes, and an account without a figure is a row.
/// </summary>
public sealed class RoundHistory : IDisposable
{
    /// <summary>
    /// Rounds over accounts that were named have no projects. Once expired nothing else tells them from the others; reports of earlier
    /// versions say nothing of projects, and pass.
    /// </summary>
    private const string Ended = "region = $region AND state IN ('complete', 'failed', 'expired') AND json_type(report, '$.projects') IS NOT 'null'";

    private readonly StoreForReading _store;
    private readonly string _region;

    private RoundHistory(StoreForReading store, string region)
    {
        _store = store;
        _region = region;
    }

    private StoreConnection Connection => _store.Connection;

    /// <summary>Opens a store for reading: nothing is made or changed.</summary>
    /// <exception cref="StoreException">There is none, it cannot be read, or is not Consometer's.</exception>
    public static RoundHistory Open(string path, string region) => new(StoreForReading.Open(path), region);

    /// <summary>While this is the same, so is all that is said of rounds: each that ends changes it. Cheap, as the rest may not be. Intervals of requests and tasks are none, and many.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public string Stamp() => Connection.Scalar("SELECT group_concat(id || state) FROM (SELECT id, state FROM round WHERE state NOT IN ('interval', 'task', 'expiring') ORDER BY id DESC LIMIT 8)") as string ?? "";

    /// <summary>The last rounds, the latest period first.</summary>
    /// <param name="count">How many at most.</param>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IReadOnlyList<PastRound> Last(int count) => [.. Connection.Query(
        $"""
        SELECT id, time, period_seconds, state <> 'failed',
            report ->> 'seconds', report ->> 'measured', report ->> 'absent', report ->> 'deleted', report ->> 'unknown', report -> 'unknown_by_reason',
            report ->> 'failure', report ->> '$.totals.bytes', report ->> '$.totals.objects'
        FROM round WHERE {Ended} ORDER BY time DESC, id DESC LIMIT $count
        """,
        row => new PastRound(
            row.GetInt64(0),
            new RoundTime(DateTimeOffset.Parse(row.GetString(1), CultureInfo.InvariantCulture), TimeSpan.FromSeconds(row.GetInt64(2))),
            row.GetBoolean(3),
            row.GetDouble(4),
            row.GetInt64(5),
            row.GetInt64(6),
            row.GetInt64(7),
            row.GetInt64(8),
            JsonSerializer.Deserialize<Dictionary<string, long>>(row.GetString(9))!,
            row.IsDBNull(10) ? null : row.GetString(10),
            row.IsDBNull(11) ? null : row.GetDouble(11),
            row.IsDBNull(12) ? null : row.GetDouble(12)),
        ("$region", _region),
        ("$count", count))];

    /// <summary>The last period that has a complete round; null if none has.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public DateTimeOffset? LastComplete() =>
        Connection.Scalar("SELECT max(time) FROM round WHERE region = $region AND state = 'complete'", ("$region", _region)) is string time
            ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)
            : null;

    /// <summary>The whole report of a round.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public RoundReport Report(PastRound round) => RoundReport.FromJson((string)Connection.Scalar("SELECT report FROM round WHERE id = $round", ("$round", round.Id))!);

    /// <summary>What a round has to say of accounts that are <c>unknown</c>, <c>unlisted</c>, <c>withheld</c> or <c>orphan</c>, by name.</summary>
    /// <param name="round">The round.</param>
    /// <param name="outcome">One of those words.</param>
    /// <param name="count">How many at most. To find few among many that are absent all are gone through.</param>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IReadOnlyList<AccountRemark> Remarks(PastRound round, string outcome, int count) => [.. Connection.Query(
        "SELECT account, ifnull(reason, '') FROM not_measured WHERE round = $round AND outcome = $outcome ORDER BY account LIMIT $count",
        RemarkOf,
        ("$round", round.Id),
        ("$outcome", outcome),
        ("$count", count))];

    /// <summary>The accounts of a round whose replicas do not say the same, by name.</summary>
    /// <param name="round">The round.</param>
    /// <param name="count">How many at most.</param>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IReadOnlyList<AccountRemark> Disagreeing(PastRound round, int count) => [.. Connection.Query(
        "SELECT account, readings FROM disagreement WHERE round = $round ORDER BY account LIMIT $count", RemarkOf, ("$round", round.Id), ("$count", count))];

    /// <inheritdoc cref="SampleStore.Waiting"/>
    public IReadOnlyList<Backlog> Waiting() => Outbox.Waiting(Connection);

    /// <inheritdoc cref="SampleStore.UsedBytes"/>
    public long UsedBytes() => StoreSchema.UsedBytes(Connection);

    public void Dispose() => _store.Dispose();

    private static AccountRemark RemarkOf(Microsoft.Data.Sqlite.SqliteDataReader row) => new(row.GetString(0), row.GetString(1));
}
