using System.Globalization;
using Consometer.Metering;

namespace Consometer.Delivery.Store;

/// <summary>
/// The database where rounds and samples live: SQLite, WAL, the commit that ends a round synced, and with it all before. Not shared between threads; several
/// processes may have it open, and wait for each other's transactions.
/// </summary>
public sealed class SampleStore : IDisposable
{
    private const int RoundsBetweenNames = 100;

    private readonly StoreConnection _connection;

    private readonly bool _isTemporary;

    private SampleStore(StoreConnection connection, string path, bool isTemporary)
    {
        _connection = connection;
        _isTemporary = isTemporary;
        Path = path;
    }

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <summary>Opens the database. Makes it if there is none, and what an earlier version made this version's.</summary>
    /// <exception cref="StoreException">It cannot be opened or made, or is not Consometer's.</exception>
    public static SampleStore Open(string path)
    {
        var full = StoreFile.Make(path);
        return Open(full, full);
    }

    /// <summary>A store for one command: SQLite keeps it in memory, and on disk as it grows, until it is closed.</summary>
    public static SampleStore OpenTemporary() => Open("", "temporary");

    /// <summary>The time of the last complete round of a region; null if there is none.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public DateTimeOffset? LastRound(string region) =>
        _connection.Scalar("SELECT max(time) FROM round WHERE region = $region AND state = 'complete'", ("$region", region)) is string time
            ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)
            : null;

    /// <summary>The accounts that the last complete round of a region had no time for.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IReadOnlySet<string> OutOfTime(string region) => _connection.Query(
        $"""
        SELECT account FROM not_measured
        WHERE reason LIKE '{OutcomeText.OutOfTime}%' AND round = (SELECT id FROM round WHERE region = $region AND state = 'complete' ORDER BY time DESC, id DESC LIMIT 1)
        """,
        row => row.GetString(0),
        ("$region", region)).ToHashSet(StringComparer.Ordinal);

    /// <summary>The projects of a region's last list, and those that were on an earlier one.</summary>
    /// <param name="region">The region.</param>
    /// <param name="filter">Which projects are asked for: a list of others is none.</param>
    public KnownProjects KnownProjects(string region, string filter) => new(_connection, region, filter);

    /// <summary>What is counted of a log of requests.</summary>
    /// <param name="region">The region.</param>
    /// <param name="origin">Who counts: host and log.</param>
    /// <param name="file">The log, if it is a file: one that somebody else read before is gone on with there. Null else.</param>
    /// <exception cref="StoreException">Another process is at it, or it cannot be written.</exception>
    public CountedLog CountedLog(string region, string origin, string? file = null) => Store.CountedLog.Open(this, _connection, region, origin, file);

    /// <summary>The logs of which intervals are left that are not complete, and that nobody reads any more: region and origin of each.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IEnumerable<(string Region, string Origin)> LogsLeft() => Store.CountedLog.Left(this, _connection);

    /// <summary>Begins a round. Until it has ended nothing of it is to be seen.</summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public RoundEntry BeginRound(NewRound round) => Begin(round, (id, @lock) => new RoundEntry(_connection, id, round, @lock));

    /// <summary>Begins an interval of requests.</summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    internal IntervalEntry BeginInterval(NewRound interval) => Begin(interval, (id, @lock) => new IntervalEntry(_connection, id, interval, @lock));

    /// <summary>Begins a round that nothing is sent of.</summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public RoundEntry BeginRound(RoundTime time, string region) => BeginRound(new NewRound(time, region));

    /// <summary>What waits in the outbox, by format.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public IReadOnlyList<Backlog> Waiting() => Outbox.Waiting(_connection);

    /// <summary>Bytes of the database that are in use: what <c>store.max_bytes</c> bounds. The file is larger by what was deleted and not used again.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public long UsedBytes() => StoreSchema.UsedBytes(_connection);

    /// <summary>Looks through the whole database, however large, and takes the lock that a writer needs.</summary>
    /// <exception cref="StoreException">It is damaged, or cannot be written.</exception>
    public void RequireSoundAndWritable()
    {
        if (_connection.Scalar("PRAGMA quick_check(1)") is not "ok" and var found)
        {
            throw _connection.WrongFile($"is damaged: {found}");
        }

        _connection.InTransaction(() => { });
    }

    /// <summary>
    /// Deletes the samples of rounds of before an instant. Their reports stay, and whole those of each region's last period, and those
    /// with messages that are not delivered yet.
    /// </summary>
    /// <exception cref="StoreException">They cannot be deleted.</exception>
    public void Expire(DateTimeOffset before)
    {
        // Marked first, since what is half deleted must not be seen; a crash's halves are found again.
        _connection.Execute(
            """
            UPDATE round SET state = 'expired'
            WHERE state IN ('complete', 'partial') AND time < $before
              AND time < (SELECT max(time) FROM round AS last WHERE last.region = round.region AND last.state = 'complete')
              AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.round = round.id)
            """,
            ("$before", before.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
        var expired = _connection.Query(
            """
            SELECT id FROM round WHERE state = 'expired' AND
              (EXISTS (SELECT 1 FROM figure WHERE round = id) OR EXISTS (SELECT 1 FROM not_measured WHERE round = id) OR EXISTS (SELECT 1 FROM disagreement WHERE round = id))
            """,
            row => row.GetInt64(0)).ToArray();
        foreach (var id in expired)
        {
            DeleteSamples(id);
        }

        var gone = ExpireWhole(before);

        // Names of resources that are gone go too: now and then, since all that is kept must be gone through to know.
        if (expired.Concat(gone).Any(id => id % RoundsBetweenNames == 0))
        {
            _connection.Execute("DELETE FROM resource WHERE id NOT IN (SELECT resource FROM figure)");
        }
    }

    public void Dispose() => _connection.Dispose();

    private T Begin<T>(NewRound round, Func<long, StoreLock?, T> open)
        where T : class
    {
        StoreLock? @lock = null;
        try
        {
            T? entry = null;
            _connection.Execute("PRAGMA synchronous = NORMAL");
            _connection.InTransaction(() =>
            {
                DeleteLeftovers();
                var id = (long)_connection.Scalar(
                    "INSERT INTO round (time, period_seconds, region, state, origin) VALUES ($time, $period, $region, 'running', $origin) RETURNING id",
                    ("$time", round.Time.ToString()),
                    ("$period", (long)round.Time.Period.TotalSeconds),
                    ("$region", round.Region),
                    ("$origin", (object?)round.Origin ?? DBNull.Value))!;
                @lock = _isTemporary ? null : StoreLock.Take(Path, StoreLock.OfRound(id));
                entry = open(id, @lock);
            });
            return entry!;
        }
        catch (StoreException)
        {
            @lock?.Dispose();
            throw;
        }
    }

    private static SampleStore Open(string dataSource, string path)
    {
        var connection = StoreConnection.Open(dataSource, path);
        try
        {
            StoreSchema.Prepare(connection);
            return new SampleStore(connection, path, isTemporary: dataSource.Length == 0);
        }
        catch (StoreException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>What was stopped, and what a crash left: a round that runs and whose writer is dead.</summary>
    private void DeleteLeftovers()
    {
        if (!_isTemporary)
        {
            StoreLock.DeleteDead(Path);
        }

        var leftovers = _connection.Query(
            "SELECT id, state FROM round WHERE state IN ('abandoned', 'running')", row => (Id: row.GetInt64(0), IsRunning: row.GetString(1) == "running")).ToArray();
        foreach (var (id, _) in leftovers.Where(round => !round.IsRunning || !StoreLock.IsHeld(Path, StoreLock.OfRound(round.Id))))
        {
            foreach (var table in StoreSchema.TablesOfRounds)
            {
                _connection.Execute($"DELETE FROM {table} WHERE round = $round", ("$round", id));
            }

            _connection.Execute("DELETE FROM round WHERE id = $round", ("$round", id));
        }
    }

    /// <summary>Intervals and tasks: nothing stays of them, but of the last one's time.</summary>
    private long[] ExpireWhole(DateTimeOffset before)
    {
        _connection.Execute(
            """
            UPDATE round SET state = 'expiring'
            WHERE state IN ('interval', 'task') AND time < $before
              AND time < (SELECT max(time) FROM round AS last WHERE last.region = round.region AND last.state = round.state)
              AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.round = round.id)
            """,
            ("$before", before.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
        var expiring = _connection.Query("SELECT id FROM round WHERE state = 'expiring'", row => row.GetInt64(0)).ToArray();
        foreach (var id in expiring)
        {
            DeleteSamples(id);
            _connection.Execute("DELETE FROM round WHERE id = $round", ("$round", id));
        }

        return expiring;
    }

    /// <summary>A part at a time, since whoever writes meanwhile waits for each.</summary>
    private void DeleteSamples(long round)
    {
        const int PartRows = 20_000;
        const string Part = "DELETE FROM figure WHERE round = $round AND (resource, meter) IN (SELECT resource, meter FROM figure WHERE round = $round LIMIT $part)";
        while (_connection.Execute(Part, ("$round", round), ("$part", PartRows)) == PartRows)
        {
        }

        _connection.Execute("DELETE FROM not_measured WHERE round = $round", ("$round", round));
        _connection.Execute("DELETE FROM disagreement WHERE round = $round", ("$round", round));
    }
}
