using Microsoft.Data.Sqlite;

namespace Consometer.Delivery.Store;

/// <summary>How full the store is, for gauges.</summary>
/// <param name="Waiting">What waits in the outbox, by format.</param>
/// <param name="UsedBytes">Bytes of the database that are in use.</param>
public sealed record StoreLevel(IReadOnlyList<Backlog> Waiting, long UsedBytes)
{
    /// <summary>Reads it by a connection for just that, so that nobody waits for anybody. It takes as long as going through the outbox does.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public static StoreLevel Read(string path)
    {
        using var connection = StoreConnection.Open(path, path, SqliteOpenMode.ReadOnly);
        return new StoreLevel(Outbox.Waiting(connection), StoreSchema.UsedBytes(connection));
    }
}
