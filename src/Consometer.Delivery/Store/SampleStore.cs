using System.Globalization;
using Consometer.Metering;

namespace Consometer.Delivery.Store;

/// <summary>
/// The database where rounds and samples live: SQLite, WAL, every commit synced. Not shared between threads; several
/// processes may have it open, and wait for each other's transactions.
/// </summary>
public sealed class SampleStore : IDisposable
{
    /// <summary>Marks the file as ours (<c>PRAGMA application_id</c>): "CNSM".</summary>
    private const long ApplicationId = 0x434e534d;

    private const long SchemaVersion = 1;

    private const string Schema = """
        CREATE TABLE round (
            id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never given twice: a writer may outlive its round
            time TEXT NOT NULL,               -- 2026-11-21T13:00:00Z: the start of its period
            period_seconds INTEGER NOT NULL,
            region TEXT NOT NULL,
            state TEXT NOT NULL,              -- running, complete, failed or abandoned
            report TEXT                       -- JSON, once it has ended
        );
        CREATE INDEX round_time ON round (region, time);
        CREATE TABLE sample (
            round INTEGER NOT NULL,
            resource_id TEXT NOT NULL,
            meter TEXT NOT NULL,
            project_id TEXT NOT NULL,
            volume INTEGER NOT NULL,
            PRIMARY KEY (round, resource_id, meter)
        ) WITHOUT ROWID;
        CREATE TABLE not_measured (
            round INTEGER NOT NULL,
            account TEXT NOT NULL,
            project_id TEXT NOT NULL,
            outcome TEXT NOT NULL,            -- absent, deleted or unknown
            reason TEXT,                      -- of unknown: out_of_time if it was, and what each replica said
            PRIMARY KEY (round, account)
        ) WITHOUT ROWID;
        CREATE TABLE disagreement (
            round INTEGER NOT NULL,
            account TEXT NOT NULL,
            readings TEXT NOT NULL,           -- what each replica said
            PRIMARY KEY (round, account)
        ) WITHOUT ROWID;
        """;

    private static readonly TimeSpan CrashedAfter = TimeSpan.FromDays(1);

    private readonly StoreConnection _connection;

    private SampleStore(StoreConnection connection, string path)
    {
        _connection = connection;
        Path = path;
    }

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <summary>Opens the database, and makes it if there is none.</summary>
    /// <exception cref="StoreException">It cannot be opened or made, or is not Consometer's.</exception>
    public static SampleStore Open(string path)
    {
        try
        {
            var full = System.IO.Path.GetFullPath(path);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
            if (!OperatingSystem.IsWindows())
            {
                // What tenants store is for the meter's user and its group alone; SQLite gives the files beside it the same mode.
                using var created = new FileStream(full, new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.ReadWrite,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
                });
            }

            return Open(full, full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StoreException(path, $"cannot be opened: {e.Message}", e);
        }
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
        WHERE reason LIKE '{RoundEntry.OutOfTime}%' AND round = (SELECT id FROM round WHERE region = $region AND state = 'complete' ORDER BY time DESC, id DESC LIMIT 1)
        """,
        row => row.GetString(0),
        ("$region", region)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Begins a round. Until it has ended nothing of it is to be seen.</summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public RoundEntry BeginRound(RoundTime time, string region)
    {
        RoundEntry? entry = null;
        _connection.InTransaction(() =>
        {
            DeleteLeftovers(time);
            var id = _connection.Scalar(
                "INSERT INTO round (time, period_seconds, region, state) VALUES ($time, $period, $region, 'running') RETURNING id",
                ("$time", time.ToString()),
                ("$period", (long)time.Period.TotalSeconds),
                ("$region", region));
            entry = new RoundEntry(_connection, (long)id!, time, region);
        });
        return entry!;
    }

    public void Dispose() => _connection.Dispose();

    private static SampleStore Open(string dataSource, string path)
    {
        var connection = StoreConnection.Open(dataSource, path);
        try
        {
            var store = new SampleStore(connection, path);
            store.Prepare();
            return store;
        }
        catch (StoreException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// What was stopped, and what a crash left. A round that runs may be another process's, however late it is: only one that is
    /// much later than its period is taken for a crash's.
    /// </summary>
    private void DeleteLeftovers(RoundTime time)
    {
        const string Leftovers = "SELECT id FROM round WHERE state = 'abandoned' OR (state = 'running' AND time < $crashed)";
        var crashed = (time with { Start = time.Start - (time.Period > CrashedAfter ? time.Period : CrashedAfter) }).ToString();
        _connection.Execute($"DELETE FROM sample WHERE round IN ({Leftovers})", ("$crashed", crashed));
        _connection.Execute($"DELETE FROM not_measured WHERE round IN ({Leftovers})", ("$crashed", crashed));
        _connection.Execute($"DELETE FROM round WHERE id IN ({Leftovers})", ("$crashed", crashed));
    }

    private void Prepare()
    {
        // Looked at before anything is set: the journal mode would change a database of somebody else.
        _ = IsNew();
        _connection.Execute("PRAGMA journal_mode = WAL");
        _connection.Execute("PRAGMA synchronous = FULL");
        _connection.InTransaction(() =>
        {
            if (IsNew())
            {
                _connection.Execute(Schema);
                _connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {SchemaVersion}"));
            }
        });
    }

    /// <summary>Whether nothing is in the database yet.</summary>
    /// <exception cref="StoreException">Something is that is not ours, or of another version.</exception>
    private bool IsNew()
    {
        // One statement, so that it sees one state of the database while another process may be making it.
        var (applicationId, version, isFilled) = _connection.Query(
            "SELECT application_id, user_version, (SELECT count(*) > 0 FROM sqlite_master) FROM pragma_application_id, pragma_user_version",
            row => (row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2))).Single();
        if (applicationId == 0 && !isFilled)
        {
            return true;
        }

        if (applicationId != ApplicationId)
        {
            throw new StoreException(Path, "is a database, but not Consometer's");
        }

        return version == SchemaVersion
            ? false
            : throw new StoreException(Path, $"wanted schema {SchemaVersion}, found {version}: of another version of Consometer");
    }
}
