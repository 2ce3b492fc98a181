using Consometer.Delivery.Publishing;
using Consometer.Metering.Samples;

namespace Consometer.Delivery.Store;

/// <summary>Makes messages of a round's samples, and puts them into the outbox; the pump sees them once the round is complete.</summary>
internal sealed class OutboxWriter(StoreConnection connection, long round, Publication publication) : IDisposable
{
    private readonly List<Sample> _batch = new(publication.BatchSize);
    private readonly List<(int Samples, byte[] Body)> _pending = [];
    private readonly StoreStatement _insert = connection.Prepare(
        "INSERT INTO outbox (round, format, samples, body) VALUES ($round, $format, $samples, $body)");

    /// <summary>Takes a sample in; of each full batch a message is made.</summary>
    public void Add(Sample sample)
    {
        _batch.Add(sample);
        if (_batch.Count == publication.BatchSize)
        {
            CloseBatch();
        }
    }

    /// <summary>Makes a message of what has not filled one: the round has no more.</summary>
    public void CloseBatch()
    {
        if (_batch.Count > 0)
        {
            _pending.Add((_batch.Count, publication.Format.Encode(_batch)));
            _batch.Clear();
        }
    }

    /// <summary>Writes the messages made since the last time, in the transaction that is open.</summary>
    public void Insert()
    {
        foreach (var (samples, body) in _pending)
        {
            _insert.Run(round, publication.Format.Name, samples, body);
        }

        _pending.Clear();
    }

    public void Dispose() => _insert.Dispose();
}
