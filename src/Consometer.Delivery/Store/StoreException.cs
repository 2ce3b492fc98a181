using Microsoft.Data.Sqlite;

namespace Consometer.Delivery.Store;

/// <summary>The store cannot be opened or written. The message names the file. The program ends with exit code 5.</summary>
public sealed class StoreException(string path, string found, Exception? innerException = null)
    : Exception($"store {path}: {found}", innerException)
{
    /// <summary>A full disk, a file system that is read-only, a database that another process holds too long.</summary>
    internal static StoreException Unwritable(SqliteConnection connection, SqliteException failure) =>
        new(connection.DataSource, $"cannot be written: {failure.Message}", failure);
}
