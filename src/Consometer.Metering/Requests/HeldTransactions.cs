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

    /// <summary>Bytes of their lines, for the same.</summary>
    private const int BytesMax = 64 << 20;

    /// <summary>Lines of one: an S3 request may delete a thousand objects.</summary>
    private const int LinesMax = 16;

    /// <summary>The client's line comes when the last byte is sent, and that may take hours; only a proxy that dies writes none.</summary>
    private static readonly TimeSpan RequestMax = TimeSpan.FromDays(1);

    private readonly Dictionary<byte[], Held> _held = new(Bytes.Comparer);

    /// <summary>The same, in the order in which their first lines came: looking for the oldest among all would cost each line that is one too many.</summary>
    private readonly LinkedList<byte[]> _byAge = [];

    private long _bytes;

    public int Count => _held.Count;

    /// <summary>Whether there are more than may be held.</summary>
    public bool IsOver => _held.Count > Max || _bytes > BytesMax;

    /// <summary>All lines that are held, as they came, those of a transaction in their order.</summary>
    public IEnumerable<byte[]> Lines => _byAge.SelectMany(transaction => _held[transaction].Lines);

    /// <summary>Holds a line. See <see cref="IsOver"/>.</summary>
    /// <returns>Whether it takes the place of another one of its transaction, which is no client's then.</returns>
    public bool Hold(AccessLine line)
    {
        var byTransaction = _held.GetAlternateLookup<ReadOnlySpan<byte>>();
        var isAnother = byTransaction.TryGetValue(line.Transaction, out var held);
        if (held is null)
        {
            var transaction = line.Transaction.ToArray();
            held = new Held(_byAge.AddLast(transaction));
            _held.Add(transaction, held);
        }

        // The last one is the outermost, and its candidate; the others tell account and bucket.
        if (held.Lines.Count == LinesMax)
        {
            _bytes -= held.Lines[LinesMax / 2].Length;
            held.Lines.RemoveAt(LinesMax / 2);
            held.Requests.RemoveAt(LinesMax / 2);
        }

        held.Lines.Add(line.Text.ToArray());
        held.Requests.Add(BackendRequest.Of(line));
        held.End = line.End;
        held.IsVersioned = line.Source.SequenceEqual("OV"u8);
        _bytes += line.Text.Length;
        return isAnother;
    }

    /// <summary>What middleware requested in the transaction of a client's line, which is here now; that is held no more. Null if nothing is held of it.</summary>
    public IReadOnlyList<BackendRequest>? Take(ReadOnlySpan<byte> transaction) =>
        _held.Count > 0 && _held.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(transaction, out _, out var held) ? [.. Remove(held).Requests.OfType<BackendRequest>()] : null;

    /// <summary>The clients' own lines among those held: no other comes for them.</summary>
    /// <param name="time">What the log is at.</param>
    public IReadOnlyList<byte[]> Settle(DateTimeOffset time) => _held.Count == 0 ? [] :
        [.. _held.Values.Where(held => time - held.End >= (held.IsVersioned ? grace : RequestMax)).ToArray().Select(held => Remove(held).Lines[^1])];

    /// <summary>The line of the oldest transaction that would be its client's if it were settled; held no more.</summary>
    public byte[] SettleOldest() => Remove(_held[_byAge.First!.Value]).Lines[^1];

    private Held Remove(Held held)
    {
        _held.Remove(held.Place.Value);
        _byAge.Remove(held.Place);
        _bytes -= held.Lines.Sum(line => (long)line.Length);
        return held;
    }

    /// <param name="place">Its transaction, among the others.</param>
    private sealed class Held(LinkedListNode<byte[]> place)
    {
        public LinkedListNode<byte[]> Place => place;

        public List<byte[]> Lines { get; } = [];

        /// <summary>What the lines say, one each.</summary>
        public List<BackendRequest?> Requests { get; } = [];

        public DateTimeOffset End { get; set; }

        public bool IsVersioned { get; set; }
    }
}
