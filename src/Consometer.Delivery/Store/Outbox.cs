namespace Consometer.Delivery.Store;

/// <summary>A message that waits for its confirm.</summary>
/// <param name="Id">Its place: messages are sent in the order in which they were made.</param>
/// <param name="Samples">How many samples are in it.</param>
/// <param name="Body">What is sent, each time the same.</param>
public sealed record OutboxMessage(long Id, int Samples, byte[] Body);

/// <summary>How much of a format waits.</summary>
/// <param name="Format">The format's name.</param>
/// <param name="OldestRound">The time of the oldest round with a message there.</param>
public sealed record Backlog(string Format, long Messages, long Samples, string OldestRound);

/// <summary>
/// The messages of complete rounds, of intervals and of tasks: stored with the round, gone once they are confirmed. A connection of its own to the store's
/// file, so that it can be read while a round is written; not shared between threads.
/// </summary>
public sealed class Outbox : IDisposable
{
    private const string Complete = "round IN (SELECT id FROM round WHERE state IN ('complete', 'partial', 'interval', 'task'))";

    private readonly StoreConnection _connection;

    private Outbox(StoreConnection connection) => _connection = connection;

    /// <summary>Opens the outbox of a store that has been opened before.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public static Outbox Open(string path)
    {
        var connection = StoreConnection.Open(path, path);

        // A delete that power takes back is a message sent again: no reason to wait for the disk.
        connection.Execute("PRAGMA synchronous = NORMAL");
        StoreSchema.SetCheckpoints(connection);
        return new Outbox(connection);
    }

    /// <summary>The next messages of a format, in order.</summary>
    /// <param name="format">The format.</param>
    /// <param name="after">The id that they come after.</param>
    /// <param name="count">How many at most.</param>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IReadOnlyList<OutboxMessage> Next(string format, long after, int count) => [.. _connection.Query(
        $"SELECT id, samples, body FROM outbox WHERE format = $format AND id > $after AND {Complete} ORDER BY id LIMIT $count",
        row => new OutboxMessage(row.GetInt64(0), row.GetInt32(1), row.GetFieldValue<byte[]>(2)),
        ("$format", format),
        ("$after", after),
        ("$count", count))];

    /// <summary>Deletes messages that are confirmed; those that are gone already are passed over.</summary>
    /// <exception cref="StoreException">They cannot be deleted.</exception>
    public void Delete(IEnumerable<OutboxMessage> messages) => _connection.InTransaction(() =>
    {
        using var delete = _connection.Prepare("DELETE FROM outbox WHERE id = $id");
        foreach (var message in messages)
        {
            delete.Run(message.Id);
        }
    });

    /// <summary>Whether nothing of a round waits any more.</summary>
    /// <param name="round">Its place in the store.</param>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public bool IsDelivered(long round) => _connection.Scalar("SELECT 1 FROM outbox WHERE round = $round LIMIT 1", ("$round", round)) is null;

    /// <summary>What waits, by format; nothing for a format of which nothing does.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public IReadOnlyList<Backlog> Waiting() => Waiting(_connection);

    internal static IReadOnlyList<Backlog> Waiting(StoreConnection connection) => [.. connection.Query(
        """
        SELECT format, count(*), sum(samples), min(round.time) FROM outbox JOIN round ON round.id = outbox.round
        WHERE round.state IN ('complete', 'partial', 'interval', 'task') GROUP BY format ORDER BY format
        """,
        row => new Backlog(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3)))];

    public void Dispose() => _connection.Dispose();
}
