namespace Consometer.Metering.Requests.Sources;

/// <summary>
/// An access log in a file, through all its rotations: each line once, in order. Files are known by what stands in them, not
/// by name or inode, so that a log goes on after a restart whatever became of its files meanwhile.
/// </summary>
/// <remarks>
/// A file is left only when what comes after it has something in it, since who writes the log (rsyslog) writes on to the
/// renamed file until it is told to open the log anew. Whatever is read is asked for again afterwards, the file's last bytes or
/// the folder's files, so that what changes between a look and a reading is seen.
/// </remarks>
/// <param name="path">The log.</param>
/// <param name="from">Where to go on; null to begin with the file that is the log now.</param>
/// <param name="tell">Who is told what happens.</param>
/// <param name="clock">What is waited by.</param>
/// <param name="since">Since when the log is read, where nothing of it was read yet: files that it was rotated to since then come first. Null for now.</param>
public sealed class FileSource(string path, LogPosition? from, Action<LogSourceNews> tell, TimeProvider clock, DateTimeOffset? since = null) : ILogSource
{
    /// <summary>How long a reading waits for lines.</summary>
    public static readonly TimeSpan LooksEvery = TimeSpan.FromMilliseconds(250);

    private readonly LogFolder _folder = new(path, tell, from is null ? since : null);
    private LogPosition? _position = from;

    /// <summary>The place to look for when no file is open; null if there is none, or it is lost.</summary>
    private LogPosition? _sought = from is { Offset: > 0, Tail.Length: > 0 } ? from : null;

    private LogReader? _reader;
    private string? _trouble;
    private Backlog? _backlog;

    /// <summary>Bytes of the log that are not read yet, those of compressed files as they are on disk. From any thread.</summary>
    public long BytesBehind => Volatile.Read(ref _backlog) is not { } backlog ? 0
        : backlog.IsOfLog ? Math.Max(0, _folder.Name.Length - backlog.Bytes)
        : _folder.Name.Length + backlog.Bytes;

    public async ValueTask<LogLines> ReadAsync(CancellationToken stopping)
    {
        var lines = Look(stopping);
        if (lines.Text.IsEmpty)
        {
            await Task.Delay(LooksEvery, clock, stopping);
            lines = Look(stopping);
        }

        return lines;
    }

    public void Dispose() => _reader?.Dispose();

    private LogLines Look(CancellationToken stopping)
    {
        Step step;
        try
        {
            do
            {
                stopping.ThrowIfCancellationRequested();
                step = _reader is not null ? ReadOn(_reader, stopping) : _sought is not null ? Resume(_sought, stopping) : Follow(null, stopping);
            }
            while (step.IsToGoOn);
            _trouble = null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Renamed between two looks: the next one finds it under its new name.
            step = Step.Nothing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Tell(e.Message);
            step = Step.Nothing;
        }

        return new LogLines(step.Text, _position, step.IsCaughtUp);
    }

    private Step ReadOn(LogReader reader, CancellationToken stopping)
    {
        if (!reader.Read(stopping))
        {
            return LeaveCut(reader);
        }

        // Before lines are taken, which would be lost to whatever is thrown here.
        var isLog = reader.IsAtEnd && IsTheLog(reader, stopping);
        Volatile.Write(ref _backlog, isLog ? new Backlog(true, reader.Offset) : new Backlog(false, reader.File.BytesAfter(reader.Offset) + _folder.LaterBytes));
        var text = reader.TakeLines();
        Advance(reader);
        return !text.IsEmpty || isLog ? new Step(text, isLog)
            : reader.IsAtEnd ? Follow(reader, stopping)
            : Step.GoOn;
    }

    /// <summary>Whether the file that was read to its end is the log still. If the log is a copy of it that goes on, that is read from now on.</summary>
    private bool IsTheLog(LogReader reader, CancellationToken stopping)
    {
        var log = _folder.Name.Open();
        var isLog = log is not null && log.Stands(reader.Reach, stopping);
        if (isLog && log!.Length > reader.Offset)
        {
            reader.MoveTo(log);
            return false;
        }

        log?.Dispose();
        return isLog;
    }

    private Step Resume(LogPosition position, CancellationToken stopping)
    {
        if (_folder.Find(position, out var isLost, stopping) is { } file)
        {
            if (file.Path != path)
            {
                tell(new LogSourceNews.Rotated(path, file.Path));
            }

            _reader = new LogReader(file, position, tell);
            return Step.GoOn;
        }

        if (isLost)
        {
            tell(new LogSourceNews.Lost(position.Offset));
            _sought = null;
            return Step.GoOn;
        }

        return Step.Nothing;
    }

    /// <summary>Goes on to the file after the one that was read, once there is something in it.</summary>
    private Step Follow(LogReader? read, CancellationToken stopping)
    {
        if (_folder.OpenNext(read, stopping) is not { } next)
        {
            return new Step(default, IsCaughtUp: _folder is { LaterBytes: 0, Name.State: NamedLog.Missing or NamedLog.Empty });
        }

        var isLeft = read is null;
        try
        {
            // It may have been written until the next one was begun.
            if (read is not null && !read.Read(stopping))
            {
                return LeaveCut(read);
            }

            isLeft |= read is { IsAtEnd: true };
            return isLeft ? MoveOn(read, next) : Step.GoOn;
        }
        finally
        {
            if (!isLeft)
            {
                next.Dispose();
            }
        }
    }

    private Step MoveOn(LogReader? read, LogReader next)
    {
        _reader = next;
        if (read is null)
        {
            return Step.GoOn;
        }

        var text = read.TakeAll();
        Advance(read);
        _folder.TellDamage(read.File, read.Offset);
        tell(new LogSourceNews.Rotated(read.File.Path, next.File.Path));
        read.Dispose();
        return text.IsEmpty ? Step.GoOn : new Step(text, IsCaughtUp: false);
    }

    private Step LeaveCut(LogReader reader)
    {
        tell(new LogSourceNews.Truncated(reader.Offset));
        reader.Dispose();
        _reader = null;
        return Step.GoOn;
    }

    private void Advance(LogReader reader)
    {
        if (reader.Position is { } position)
        {
            (_position, _sought) = (position, position);
        }
    }

    private void Tell(string trouble)
    {
        if (_trouble != trouble)
        {
            tell(new LogSourceNews.Unreadable(trouble));
        }

        _trouble = trouble;
    }

    private readonly record struct Step(ReadOnlyMemory<byte> Text, bool IsCaughtUp, bool IsToGoOn = false)
    {
        public static Step Nothing => default;

        public static Step GoOn => new(default, IsCaughtUp: false, IsToGoOn: true);
    }

    /// <param name="IsOfLog">Whether the file that is read is the log itself.</param>
    /// <param name="Bytes">If so, those read of it; else those not read of all files before it.</param>
    private sealed record Backlog(bool IsOfLog, long Bytes);
}
