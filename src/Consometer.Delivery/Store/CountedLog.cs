using System.Globalization;
using Consometer.Metering;
using Consometer.Metering.Requests;
using Consometer.Metering.Requests.Sources;
using Consometer.Metering.Samples;

namespace Consometer.Delivery.Store;

/// <summary>
/// What is counted of a log of requests, and how far that log is read, in one transaction: so nothing is counted twice, and nothing missed, over a
/// crash. When an interval is complete its figures become samples, and go.
/// </summary>
public sealed class CountedLog : IDisposable
{
    private readonly SampleStore _store;
    private readonly StoreConnection _connection;
    private readonly long _id;
    private readonly StoreLock _lock;
    private readonly Dictionary<string, long> _meters;

    private CountedLog(SampleStore store, StoreConnection connection, long id, string region, string origin, StoreLock @lock)
    {
        _store = store;
        _connection = connection;
        _id = id;
        _lock = @lock;
        Region = region;
        Origin = origin;
        _meters = RequestMeters.All.ToDictionary(meter => meter.Name, meter => connection.NumberOfMeter(meter.Name));
    }

    public string Region { get; }

    /// <summary>Who counts.</summary>
    public string Origin { get; }

    /// <summary>The intervals before it are complete; null while none is.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public DateTimeOffset? ClosedUntil() =>
        _connection.Scalar("SELECT closed_until FROM access_log WHERE id = $log", ("$log", _id)) is string time ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) : null;

    /// <summary>Since when the log is read, or was to be.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public DateTimeOffset Since() => DateTimeOffset.Parse((string)_connection.Scalar("SELECT since FROM access_log WHERE id = $log", ("$log", _id))!, CultureInfo.InvariantCulture);

    /// <summary>How far the log is read; null if it was not, or is such as cannot be read again.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public LogPosition? Position() => _connection.Query(
        "SELECT bytes_read, tail FROM access_log WHERE id = $log AND bytes_read IS NOT NULL",
        row => new LogPosition(row.GetInt64(0), row.GetFieldValue<byte[]>(1)),
        ("$log", _id)).SingleOrDefault();

    /// <summary>The lines that were held, in their order.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IReadOnlyList<byte[]> HeldLines() =>
        [.. _connection.Query("SELECT line FROM held_line WHERE log = $log ORDER BY place", row => row.GetFieldValue<byte[]>(0), ("$log", _id))];

    /// <summary>What was counted of intervals that are open.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public IEnumerable<CountedFigure> Open() => _connection.Query(
        """
        SELECT time, period_seconds, account, container, meter.name, volume FROM traffic JOIN meter ON meter.id = traffic.meter
        WHERE log = $log ORDER BY time
        """,
        row => new CountedFigure(
            new RoundTime(DateTimeOffset.Parse(row.GetString(0), CultureInfo.InvariantCulture), TimeSpan.FromSeconds(row.GetInt64(1))),
            row.GetString(2),
            row.GetString(3) is { Length: > 0 } container ? container : null,
            row.GetString(4),
            row.GetInt64(5)),
        ("$log", _id));

    /// <summary>Keeps what has changed.</summary>
    /// <param name="open">The intervals that are open.</param>
    /// <param name="position">How far the log is read with that; null if it cannot be read again.</param>
    /// <param name="held">The lines that are held.</param>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public void Keep(IReadOnlyCollection<IntervalTraffic> open, LogPosition? position, IReadOnlyList<byte[]> held)
    {
        _connection.InTransaction(() =>
        {
            using var insert = _connection.Prepare(
                "INSERT OR REPLACE INTO traffic (log, time, period_seconds, account, container, meter, volume) VALUES ($log, $time, $period, $account, $container, $meter, $volume)");
            foreach (var interval in open)
            {
                var (time, period) = (interval.Time.ToString(), (long)interval.Time.Period.TotalSeconds);
                foreach (var traffic in interval.Changed)
                {
                    foreach (var meter in RequestMeters.All.Where(meter => traffic.Figures[meter.Figure] > 0))
                    {
                        insert.Run(
                            _id, time, period, traffic.Account.Name, traffic.Container ?? "", _meters[meter.Name], traffic.Figures[meter.Figure]);
                    }
                }
            }

            KeepPosition(position);
            KeepHeld(held);
        });
        foreach (var interval in open)
        {
            interval.Stored();
        }
    }

    /// <summary>Makes an interval complete: its samples are seen, what was counted of it is gone.</summary>
    /// <param name="interval">When it was.</param>
    /// <param name="samples">Its samples.</param>
    /// <param name="plan">What is made of them.</param>
    /// <returns>How many were made, and how many of those were withheld, since no consumer could read them.</returns>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public (int Made, int Withheld) Close(RoundTime interval, IEnumerable<Sample> samples, NewRound plan)
    {
        using var entry = _store.BeginInterval(plan with { Origin = Origin });
        var made = 0;
        foreach (var sample in samples)
        {
            entry.Keep(sample);
            made++;
        }

        entry.End(() =>
        {
            _connection.Execute("DELETE FROM traffic WHERE log = $log AND time = $time", ("$log", _id), ("$time", interval.ToString()));
            _connection.Execute(
                "UPDATE access_log SET closed_until = $until WHERE id = $log AND ifnull(closed_until, '') < $until", ("$log", _id), ("$until", interval.Next.ToString()));
        });
        return (made, entry.WithheldCount);
    }

    public void Dispose() => _lock.Dispose();

    /// <exception cref="StoreException">Another process is at it, or it cannot be written.</exception>
    internal static CountedLog Open(SampleStore store, StoreConnection connection, string region, string origin, string? file)
    {
        var id = (long)connection.Scalar(
            "INSERT INTO access_log (region, origin) VALUES ($region, $origin) ON CONFLICT DO UPDATE SET origin = origin RETURNING id",
            ("$region", region), ("$origin", origin))!;
        var @lock = StoreLock.Take(store.Path, StoreLock.OfLog(id));
        try
        {
            if (file is not null)
            {
                TakeOver(store, connection, id, file);
            }

            return new CountedLog(store, connection, id, region, origin, @lock);
        }
        catch (StoreException)
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>The logs with intervals that nobody is at: another one is read now, or by another name of this host.</summary>
    internal static IEnumerable<(string Region, string Origin)> Left(SampleStore store, StoreConnection connection) =>
        connection.Query(
            "SELECT id, region, origin FROM access_log WHERE EXISTS (SELECT 1 FROM traffic WHERE log = id) OR EXISTS (SELECT 1 FROM held_line WHERE log = id)",
            row => (Id: row.GetInt64(0), Region: row.GetString(1), Origin: row.GetString(2)))
            .ToArray().Where(log => !StoreLock.IsHeld(store.Path, StoreLock.OfLog(log.Id))).Select(log => (log.Region, log.Origin));

    /// <summary>
    /// A file that was read under another name of the host, or for another region, is not read again: how far it is read belongs to the file, and goes to
    /// whoever reads on, with the lines that are held. What was counted stays with who counted it.
    /// </summary>
    private static void TakeOver(SampleStore store, StoreConnection connection, long id, string file)
    {
        // No host's name has a space in it, so the file is what follows the first.
        var others = connection.Query(
            "SELECT id FROM access_log WHERE id <> $log AND bytes_read IS NOT NULL AND substr(origin, instr(origin, ' ') + 1) = $file", row => row.GetInt64(0), ("$log", id), ("$file", file)).ToArray();
        foreach (var other in others)
        {
            // Whoever is at it reads the same lines.
            using var @lock = StoreLock.Take(store.Path, StoreLock.OfLog(other));
            connection.InTransaction(() =>
            {
                connection.Execute(
                    "UPDATE access_log SET (bytes_read, tail) = (SELECT bytes_read, tail FROM access_log WHERE id = $other) WHERE id = $log", ("$log", id), ("$other", other));
                connection.Execute("UPDATE access_log SET bytes_read = NULL, tail = NULL WHERE id = $other", ("$other", other));
                connection.Execute("DELETE FROM held_line WHERE log = $log; UPDATE held_line SET log = $log WHERE log = $other", ("$log", id), ("$other", other));
            });
        }
    }

    private void KeepPosition(LogPosition? position)
    {
        if (position is not null)
        {
            _connection.Execute(
                "UPDATE access_log SET bytes_read = $bytes, tail = $tail WHERE id = $log", ("$bytes", position.Offset), ("$tail", position.Tail), ("$log", _id));
        }
    }

    private void KeepHeld(IReadOnlyList<byte[]> held)
    {
        _connection.Execute("DELETE FROM held_line WHERE log = $log", ("$log", _id));
        for (var i = 0; i < held.Count; i++)
        {
            _connection.Execute("INSERT INTO held_line (log, place, line) VALUES ($log, $place, $line)", ("$log", _id), ("$place", i), ("$line", held[i]));
        }
    }
}

/// <summary>A figure of an interval that is open.</summary>
/// <param name="Interval">The interval.</param>
/// <param name="Account">The account's name.</param>
/// <param name="Container">The container; null of the account's own.</param>
/// <param name="Meter">The meter's name.</param>
/// <param name="Volume">So much was counted.</param>
public sealed record CountedFigure(RoundTime Interval, string Account, string? Container, string Meter, long Volume);
