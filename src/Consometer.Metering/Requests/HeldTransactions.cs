namespace Consometer.Metering.Requests;

/// <summary>
/// Lines that some middleware's request left and that have a client's address. One of them is the client's own where its transaction has no other,
/// as a PUT into a container with versions has (source <c>OV</c>); elsewhere the client's line follows. They are held until that is clear.
/// </summary>
/// <param name="grace">How long after such a PUT the client's line may follow: it is written within the same request.</param>
internal sealed class HeldTransactions(TimeSpan grace)
{
    /// <summary>Transactions, so that memory is bounded: beyond it the oldest is taken for settled.</summary>
    private const int Max = 10_000;

    /// <summary>Lines of one: an S3 request may delete a thousand objects.</summary>
    private const int LinesMax = 16;

    /// <summary>The client's line comes when the last byte is sent, and that may take hours; only a proxy that dies writes none.</summary>
    private static readonly TimeSpan RequestMax = TimeSpan.FromDays(1);

    private readonly Dictionary<byte[], Held> _held = new(Bytes.Comparer);

    public int Count => _held.Count;

    /// <summary>All lines that are held, as they came, those of a transaction in their order.</summary>
    public IEnumerable<byte[]> Lines => _held.Values.SelectMany(held => held.Lines);

    /// <summary>Holds a line.</summary>
    /// <returns>The transaction that is settled for it; null for none.</returns>
    public byte[]? Hold(AccessLine line)
    {
        var byTransaction = _held.GetAlternateLookup<ReadOnlySpan<byte>>();
        byte[]? settled = null;
        if (!byTransaction.TryGetValue(line.Transaction, out var held))
        {
            if (_held.Count == Max)
            {
                settled = Settle(_held.MinBy(held => held.Value.End).Key);
            }

            held = new Held();
            byTransaction[line.Transaction] = held;
        }

        // The last one is the outermost, and its candidate; the others tell account and bucket.
        if (held.Lines.Count == LinesMax)
        {
            held.Lines.RemoveAt(LinesMax / 2);
            held.Requests.RemoveAt(LinesMax / 2);
        }

        held.Lines.Add(line.Text.ToArray());
        held.Requests.Add(BackendRequest.Of(line));
        held.End = line.End;
        held.IsVersioned = line.Source.SequenceEqual("OV"u8);
        return settled;
    }

    /// <summary>What middleware requested in the transaction of a client's line, which is here now; that is held no more.</summary>
    public IReadOnlyList<BackendRequest> Take(ReadOnlySpan<byte> transaction) =>
        _held.Count > 0 && _held.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(transaction, out _, out var held) ? [.. held.Requests.OfType<BackendRequest>()] : [];

    /// <summary>The clients' own lines among those held: no other comes for them.</summary>
    /// <param name="time">What the log is at.</param>
    public IReadOnlyList<byte[]> Settle(DateTimeOffset time) => _held.Count == 0 ? [] :
        [.. _held.Where(held => held.Value.End + (held.Value.IsVersioned ? grace : RequestMax) <= time).Select(held => held.Key).ToArray().Select(Settle)];

    private byte[] Settle(byte[] transaction)
    {
        _held.Remove(transaction, out var held);
        return held!.Lines[^1];
    }

    private sealed class Held
    {
        public List<byte[]> Lines { get; } = [];

        /// <summary>What the lines say, one each.</summary>
        public List<BackendRequest?> Requests { get; } = [];

        public DateTimeOffset End { get; set; }

        public bool IsVersioned { get; set; }
    }
}
