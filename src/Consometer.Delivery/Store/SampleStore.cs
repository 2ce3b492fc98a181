using System.Globalization;
using Consometer.Metering;

namespace Consometer.Delivery.Store;

/// <summary>
/// The database where rounds and samples live: SQLite, WAL, every commit synced. Not shared between threads; several
/// processes may have it open, and wait for each other's transactions.
/// </summary>
public sealed class SampleStore : IDisposable
{
    private static readonly TimeSpan CrashedAfter = TimeSpan.FromDays(1);

    private readonly StoreConnection _connection;

    private SampleStore(StoreConnection connection, string path)
    {
        _connection = connection;
        Path = path;
    }

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <summary>Opens the database. Makes it if there is none, and what an earlier version made this version's.</summary>
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
            StoreSchema.Prepare(connection);
            return new SampleStore(connection, path);
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
        foreach (var table in StoreSchema.TablesOfRounds)
        {
            _connection.Execute($"DELETE FROM {table} WHERE round IN ({Leftovers})", ("$crashed", crashed));
        }

        _connection.Execute($"DELETE FROM round WHERE id IN ({Leftovers})", ("$crashed", crashed));
    }
}
