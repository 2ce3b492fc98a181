using Microsoft.Data.Sqlite;

namespace Consometer.Delivery.Store;

/// <summary>
/// A store that is only read, by whoever may read its file, often not the user that writes it. Nothing is made beside it: a file
/// of the reader's that SQLite shares among processes would keep the writer out.
/// </summary>
internal sealed class StoreForReading : IDisposable
{
    private readonly string _path;

    /// <summary>How the file was when it was opened as one that nobody writes; null if it is read beside a writer.</summary>
    private readonly (DateTime Written, long Bytes)? _opened;

    private StoreForReading(StoreConnection connection, string path, (DateTime Written, long Bytes)? opened, int version)
    {
        Connection = connection;
        _path = path;
        _opened = opened;
        HasPolicies = version >= StoreSchema.VersionWithPolicies;
        HasIntervals = version >= StoreSchema.VersionWithIntervals;
    }

    public StoreConnection Connection { get; }

    /// <summary>Whether its samples have a storage policy, or are an earlier version's: those are read as they are.</summary>
    public bool HasPolicies { get; }

    /// <summary>Whether it may have intervals of requests.</summary>
    public bool HasIntervals { get; }

    /// <exception cref="StoreException">There is none, it cannot be read, or is not Consometer's.</exception>
    public static StoreForReading Open(string path)
    {
        var full = Existing(path);

        // While somebody has it open there is a write-ahead log, which is read too. Where there is none SQLite would make one,
        // but for a file that it is told does not change. That it has not is looked at in the end; so its state comes first here.
        var state = StateOf(full);
        var isQuiet = !File.Exists($"{full}-wal");
        var connection = StoreConnection.Open(isQuiet ? Unchanging(full) : full, full, SqliteOpenMode.ReadOnly);
        try
        {
            connection.Execute("BEGIN");
            var version = StoreSchema.VersionOf(connection);
            return version > 0
                ? new StoreForReading(connection, full, isQuiet ? state : null, version)
                : throw connection.Failure("is empty: no round was kept yet");
        }
        catch (StoreException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>To be asked when all is read: what was read of a file that changed may be of two states of it, or of none.</summary>
    /// <exception cref="StoreException">It was written meanwhile.</exception>
    public void RequireUnchanged()
    {
        if (_opened is not null && _opened != StateOf(_path))
        {
            throw Connection.Failure("was written while it was read, after nobody had it open: what was printed may be wrong; ask again");
        }
    }

    public void Dispose() => Connection.Dispose();

    /// <summary>The file's full name, when it is there. It is not opened to find out more: <see cref="StoreFile.Make"/>.</summary>
    private static string Existing(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            return File.Exists(full) ? full : throw new StoreException(path, Directory.Exists(full) ? "is a folder" : "there is none yet; the daemon makes it, or a round");
        }
        catch (ArgumentException e)
        {
            throw new StoreException(path, $"cannot be read: {e.Message}", e);
        }
    }

    private static (DateTime Written, long Bytes) StateOf(string path)
    {
        var file = new FileInfo(path);
        return (file.LastWriteTimeUtc, file.Exists ? file.Length : 0);
    }

    /// <summary>SQLite's name for a file that nobody writes.</summary>
    private static string Unchanging(string path) => $"file:{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}?immutable=1";
}
