namespace Consometer.Metering.Requests.Sources;

/// <summary>Lines between the thread that receives them and whoever reads them, joined to blocks; so many bytes at most.</summary>
/// <param name="blocksMax">Blocks that may wait; whoever adds to them waits then.</param>
internal sealed class LineQueue(int blocksMax) : IDisposable
{
    /// <summary>Bytes of a block: a longest line fits in.</summary>
    public const int BlockBytes = LogReader.LineBytesMax + 1;

    /// <summary>Blocks kept for use again; more than these were a burst.</summary>
    private const int SpareMax = 2;

    private readonly Lock _lock = new();
    private readonly Queue<(byte[] Bytes, int Length)> _full = new();
    private readonly Stack<byte[]> _spare = new();
    private readonly ManualResetEventSlim _room = new(initialState: true);
    private TaskCompletionSource? _arrival;
    private byte[]? _lent;
    private byte[] _block = [];
    private int _length;

    /// <summary>Adds a line, with a line feed; waits while there is no room.</summary>
    /// <param name="line">At most as long as a line may be.</param>
    /// <param name="stopping">Ends the waiting.</param>
    public void Add(ReadOnlySpan<byte> line, CancellationToken stopping)
    {
        while (!TryAdd(line))
        {
            _room.Wait(stopping);
        }
    }

    /// <summary>Takes what waits, a block at most.</summary>
    /// <param name="isEmpty">Whether nothing waits any more.</param>
    /// <returns>Whole lines, valid until the next are taken; none if none wait.</returns>
    public ReadOnlyMemory<byte> Take(out bool isEmpty)
    {
        lock (_lock)
        {
            if (_lent is not null && _spare.Count < SpareMax)
            {
                _spare.Push(_lent);
            }

            if (_full.TryDequeue(out var taken))
            {
                _room.Set();
            }
            else if (_length > 0)
            {
                taken = (_block, _length);
                (_block, _length) = (Rent(), 0);
            }

            isEmpty = _full.Count == 0 && _length == 0;
            _lent = taken.Bytes;
            return taken.Bytes.AsMemory(0, taken.Length);
        }
    }

    /// <summary>Ends when something waits.</summary>
    public Task ArrivalAsync()
    {
        lock (_lock)
        {
            _arrival = _length > 0 || _full.Count > 0 ? null : _arrival ?? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _arrival?.Task ?? Task.CompletedTask;
        }
    }

    /// <summary>Wakes whoever waits for lines, though none came.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            _arrival?.TrySetResult();
            _arrival = null;
        }
    }

    public void Dispose() => _room.Dispose();

    private bool TryAdd(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            if (_block.Length == 0)
            {
                _block = Rent();
            }

            if (_length + line.Length + 1 > _block.Length)
            {
                if (_full.Count == blocksMax)
                {
                    _room.Reset();
                    return false;
                }

                _full.Enqueue((_block, _length));
                (_block, _length) = (Rent(), 0);
            }

            line.CopyTo(_block.AsSpan(_length));
            _length += line.Length;
            _block[_length++] = (byte)'\n';
            _arrival?.TrySetResult();
            _arrival = null;
            return true;
        }
    }

    private byte[] Rent() => _spare.TryPop(out var block) ? block : new byte[BlockBytes];
}
