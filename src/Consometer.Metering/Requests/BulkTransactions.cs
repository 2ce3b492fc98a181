namespace Consometer.Metering.Requests;

/// <summary>
/// Transactions in which Swift's <c>bulk</c> middleware did something for its client. It stands before authentication, and answers 200 to whoever asks; whether a
/// request was let do anything shows only in the lines of what the middleware did then (sources <c>EA</c>, <c>BD</c>), which come before the client's.
/// </summary>
internal sealed class BulkTransactions
{
    /// <summary>As many as there may be at one proxy at a time: of more the oldest are forgotten, whose client's line never came.</summary>
    private const int Max = 1_000;

    /// <summary>The first line of each.</summary>
    private readonly Dictionary<byte[], byte[]> _lines = new(Bytes.Comparer);

    /// <summary>Those whose client's line is here: a deletion that ends later says nothing any more.</summary>
    private readonly HashSet<byte[]> _done = new(Bytes.Comparer);
    private readonly Queue<byte[]> _byAge = [];

    /// <summary>The lines that are remembered.</summary>
    public IEnumerable<byte[]> Lines => _lines.Values;

    /// <summary>Whether a request of middleware's is a part of a bulk request, and was granted.</summary>
    public static bool IsPart(AccessLine line) => (line.Source.SequenceEqual("EA"u8) || line.Source.SequenceEqual("BD"u8)) && line.Status is >= 200 and < 300;

    /// <summary>Remembers such a part.</summary>
    public void Add(AccessLine line)
    {
        if (!_done.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(line.Transaction) && _lines.GetAlternateLookup<ReadOnlySpan<byte>>().TryAdd(line.Transaction, line.Text.ToArray()))
        {
            Enqueue(line.Transaction.ToArray());
        }
    }

    /// <summary>Whether a client's bulk request was let do anything; asked once, with its line.</summary>
    public bool Take(ReadOnlySpan<byte> transaction)
    {
        var isGranted = _lines.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(transaction);
        var done = transaction.ToArray();
        if (_done.Add(done))
        {
            Enqueue(done);
        }

        return isGranted;
    }

    private void Enqueue(byte[] transaction)
    {
        _byAge.Enqueue(transaction);
        if (_byAge.Count > 2 * Max)
        {
            var oldest = _byAge.Dequeue();
            _lines.Remove(oldest);
            _done.Remove(oldest);
        }
    }
}
