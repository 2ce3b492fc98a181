namespace Consometer.Metering.Requests.Sources;

/// <summary>Reads one file of a log from a place in it, and takes whole lines out of what it has read.</summary>
internal sealed class LogReader : IDisposable
{
    /// <summary>Bytes of a line at most, without its end. Swift's proxy refuses request lines and headers far shorter than that.</summary>
    public const int LineBytesMax = 1 << 20;

    private const byte LineFeed = (byte)'\n';

    private readonly Action<LogSourceNews> _tell;

    /// <summary>Some of what was given out, by which the file is known; then what was not; and a byte for a line feed that the file owes.</summary>
    private readonly byte[] _buffer = new byte[LogTail.BytesMax + LineBytesMax + 2];

    private ILogFile _file;
    private long _start;
    private int _given;
    private int _end;
    private bool _isDropping;

    public LogReader(ILogFile file, LogPosition? from, Action<LogSourceNews> tell)
    {
        _file = file;
        _tell = tell;
        if (from is not null)
        {
            var tail = from.Tail.AsSpan()[^Math.Min(from.Tail.Length, LogTail.BytesMax)..];
            tail.CopyTo(_buffer);
            _given = _end = tail.Length;
            _start = from.Offset - tail.Length;
            Position = from;
        }
    }

    /// <summary>The file.</summary>
    public ILogFile File => _file;

    /// <summary>After the last line that was given out or dropped; null before the first.</summary>
    public LogPosition? Position { get; private set; }

    /// <summary>How far the file is read, lines or not.</summary>
    public LogPosition Reach => At(_end);

    /// <summary>Bytes read of the file.</summary>
    public long Offset => _start + _end;

    /// <summary>Whether the last reading found the file's end.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Reads on, as far as a longest line needs.</summary>
    /// <returns>False if the file was cut, and maybe written anew, since it was opened: then nothing was read.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool Read(CancellationToken stopping)
    {
        Compact();
        var end = _end;
        var known = _end;
        IsAtEnd = false;
        for (var max = _given + LineBytesMax + 1; end < max;)
        {
            var bytes = _file.Read(_start + end, _buffer.AsSpan(end, max - end), stopping);
            if (bytes == 0)
            {
                IsAtEnd = true;
                break;
            }

            end += bytes;
            known = known == 0 ? end : known;
        }

        // What stood there before still stands there, after the reading: so the file was not cut before it either.
        if (!_file.IsFinal && !_file.Stands(_start + known, _buffer.AsSpan(0, known), stopping))
        {
            return false;
        }

        _end = end;
        return true;
    }

    /// <summary>The whole lines of what was read; valid until it is read on.</summary>
    public ReadOnlyMemory<byte> TakeLines()
    {
        DropLongLine();
        var lines = _isDropping ? -1 : _buffer.AsSpan(_given, _end - _given).LastIndexOf(LineFeed);
        var taken = _buffer.AsMemory(_given, lines + 1);
        Give(taken.Length);
        return taken;
    }

    /// <summary>All that was read, for a file that is left: a last line without its end gets one.</summary>
    public ReadOnlyMemory<byte> TakeAll()
    {
        DropLongLine();
        var all = _buffer.AsMemory(_given, _end - _given);
        if (!all.IsEmpty && _buffer[_end - 1] != LineFeed)
        {
            _buffer[_end] = LineFeed;
            all = _buffer.AsMemory(_given, all.Length + 1);
        }

        _given = _end;
        Position = Reach;
        return all;
    }

    /// <summary>Goes on in another file that is the same as far as it was read.</summary>
    public void MoveTo(ILogFile file)
    {
        _file.Dispose();
        _file = file;
        IsAtEnd = false;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The position stays before a line that is dropped until its end is seen: whoever starts there again drops it again.</summary>
    private void DropLongLine()
    {
        var unread = _buffer.AsSpan(_given, _end - _given);
        if (!_isDropping && unread.Length > LineBytesMax && !unread.Contains(LineFeed))
        {
            _tell(new LogSourceNews.LineTooLong(_start + _given));
            _isDropping = true;
        }

        if (_isDropping)
        {
            var rest = unread.IndexOf(LineFeed);
            _isDropping = rest < 0;
            if (_isDropping)
            {
                _given = _end;
            }
            else
            {
                Give(rest + 1);
            }
        }
    }

    private void Give(int bytes)
    {
        _given += bytes;
        Position = bytes > 0 ? At(_given) : Position;
    }

    private LogPosition At(int end) => new(_start + end, _buffer.AsSpan(Math.Max(0, end - LogTail.BytesMax), Math.Min(end, LogTail.BytesMax)).ToArray());

    private void Compact()
    {
        var from = Math.Max(0, _given - LogTail.BytesMax);
        _buffer.AsSpan(from, _end - from).CopyTo(_buffer);
        _start += from;
        _given -= from;
        _end -= from;
    }
}
