using System.Globalization;
using Consometer.Metering;
using Microsoft.Data.Sqlite;

namespace Consometer.Delivery.Store;

/// <summary>
/// The database where rounds and samples live: SQLite, WAL, every commit synced. Not shared between threads; several
/// processes may have it open, and wait for each other's short transactions.
/// </summary>
public sealed class SampleStore : IDisposable
{
    /// <summary>Marks the file as ours (<c>PRAGMA application_id</c>): "CNSM".</summary>
    private const int ApplicationId = 0x434e534d;

    private const int SchemaVersion = 1;

    private const string Schema = $"""
        CREATE TABLE round (
            id INTEGER PRIMARY KEY,
            time TEXT NOT NULL,               -- 2026-11-21T13:00:00Z: the start of its period
            period_seconds INTEGER NOT NULL,
            region TEXT NOT NULL,
            state TEXT NOT NULL,              -- running, complete, failed or abandoned
            report TEXT                       -- JSON, once it has ended
        );
        CREATE INDEX round_time ON round (time);
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
            reason TEXT,                      -- of unknown: what each replica said
            PRIMARY KEY (round, account)
        ) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;

    private SampleStore(SqliteConnection connection, string path)
    {
        _connection = connection;
        Path = path;
    }

    /// <summary>The database file; empty for one that is gone when it is closed.</summary>
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

    /// <summary>Whether the period of a round has a complete one.</summary>
    public bool HasRound(RoundTime time)
    {
        using var command = Command("SELECT EXISTS (SELECT 1 FROM round WHERE time = $time AND state = 'complete')");
        command.Parameters.AddWithValue("$time", time.ToString());
        return (long)command.ExecuteScalar()! == 1;
    }

    /// <summary>Begins a round. Until it is completed nothing of it is to be seen.</summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public RoundEntry BeginRound(RoundTime time, string region)
    {
        try
        {
            return new RoundEntry(_connection, InsertRound(time, region), time, region);
        }
        catch (SqliteException e)
        {
            throw StoreException.Unwritable(_connection, e);
        }
    }

    public void Dispose() => _connection.Dispose();

    private static SampleStore Open(string dataSource, string path)
    {
        // Pooling would keep the file open after the store is closed.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = dataSource, Pooling = false }.ToString());
        try
        {
            connection.Open();
            var store = new SampleStore(connection, path);
            store.Prepare();
            return store;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new StoreException(path, $"cannot be opened: {e.Message}", e);
        }
        catch (StoreException)
        {
            connection.Dispose();
            throw;
        }
    }

    private long InsertRound(RoundTime time, string region)
    {
        using var transaction = _connection.BeginTransaction();

        // What a crash left of an earlier period is never finished. One that runs in this period may be another process's.
        const string Gone = "SELECT id FROM round WHERE state = 'abandoned' OR (state = 'running' AND time < $time)";
        Execute($"DELETE FROM sample WHERE round IN ({Gone})", time.ToString());
        Execute($"DELETE FROM not_measured WHERE round IN ({Gone})", time.ToString());
        Execute($"DELETE FROM round WHERE id IN ({Gone})", time.ToString());

        using var insert = Command(
            "INSERT INTO round (time, period_seconds, region, state) VALUES ($time, $period, $region, 'running') RETURNING id");
        insert.Parameters.AddWithValue("$time", time.ToString());
        insert.Parameters.AddWithValue("$period", (long)time.Period.TotalSeconds);
        insert.Parameters.AddWithValue("$region", region);
        var id = (long)insert.ExecuteScalar()!;
        transaction.Commit();
        return id;
    }

    private void Prepare()
    {
        // Looked at before anything is set: the journal mode would change a database of somebody else.
        using (_connection.BeginTransaction())
        {
            _ = IsNew();
        }

        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = FULL");
        using var transaction = _connection.BeginTransaction();
        if (IsNew())
        {
            Execute(Schema);
            Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {SchemaVersion}"));
        }

        transaction.Commit();
    }

    /// <summary>Whether nothing is in the database yet.</summary>
    /// <exception cref="StoreException">Something is that is not ours, or of another version.</exception>
    private bool IsNew()
    {
        var applicationId = Number("PRAGMA application_id");
        if (applicationId == 0 && Number("SELECT count(*) FROM sqlite_master") == 0)
        {
            return true;
        }

        if (applicationId != ApplicationId)
        {
            throw new StoreException(Path, "is a database, but not Consometer's");
        }

        return Number("PRAGMA user_version") == SchemaVersion
            ? false
            : throw new StoreException(Path, $"wanted schema {SchemaVersion}, found {Number("PRAGMA user_version")}: of another version of Consometer");
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private void Execute(string sql, string? time = null)
    {
        using var command = Command(sql);
        if (time is not null)
        {
            command.Parameters.AddWithValue("$time", time);
        }

        command.ExecuteNonQuery();
    }

    private long Number(string sql)
    {
        using var command = Command(sql);
        return (long)command.ExecuteScalar()!;
    }
}
