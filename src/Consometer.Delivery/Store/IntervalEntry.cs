using Consometer.Metering.Samples;

namespace Consometer.Delivery.Store;

/// <summary>An interval of requests while it is written. It is seen when it is whole, as a round is.</summary>
internal sealed class IntervalEntry : IDisposable
{
    private const int SamplesPerCommit = 10_000;

    private readonly StoreConnection _connection;
    private readonly long _id;
    private readonly RemarkWriter _remarks;
    private readonly SampleWriter _samples;
    private readonly StoreLock? _lock;
    private int _uncommitted;

    public IntervalEntry(StoreConnection connection, long id, NewRound interval, StoreLock? @lock)
    {
        _connection = connection;
        _id = id;
        _lock = @lock;
        _remarks = new RemarkWriter(connection, id);
        _samples = new SampleWriter(connection, id, interval, _remarks);
    }

    /// <summary>How many samples were withheld so far, since no consumer could read them.</summary>
    public int WithheldCount => _samples.WithheldCount;

    /// <exception cref="StoreException">It cannot be written.</exception>
    public void Keep(Sample sample)
    {
        _samples.Add(sample);
        if (++_uncommitted >= SamplesPerCommit)
        {
            _connection.InTransaction(Insert);
            _uncommitted = 0;
        }
    }

    /// <summary>It is whole.</summary>
    /// <param name="with">What belongs into the same transaction.</param>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public void End(Action with)
    {
        _samples.CloseBatches();

        // What made it is gone with this commit, so it must be on the disk.
        _connection.Execute("PRAGMA synchronous = FULL");
        try
        {
            _connection.InTransaction(() =>
            {
                Insert();
                if (_connection.Execute("UPDATE round SET state = 'interval' WHERE id = $id AND state = 'running'", ("$id", _id)) == 0)
                {
                    throw _connection.Failure("wanted the interval to end, found it gone: another process took it for a crash's");
                }

                with();
            });
        }
        finally
        {
            _connection.Execute("PRAGMA synchronous = NORMAL");
        }
    }

    /// <summary>One that was not ended is deleted when the next one begins, as a crash's is.</summary>
    public void Dispose()
    {
        _samples.Dispose();
        _remarks.Dispose();
        _lock?.Dispose();
    }

    private void Insert()
    {
        _samples.Insert();
        _remarks.Insert();
    }
}
