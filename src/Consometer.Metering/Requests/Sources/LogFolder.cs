namespace Consometer.Metering.Requests.Sources;

/// <summary>The files of one log, in the order in which they were written: the rotated ones, and the one that has the log's name.</summary>
/// <param name="path">The log.</param>
/// <param name="tell">Who is told what happens.</param>
/// <param name="since">Rotated files that were last written after it are read where none was read before them; null if those that are there now are not.</param>
internal sealed class LogFolder(string path, Action<LogSourceNews> tell, DateTimeOffset? since)
{
    private readonly LogName _name = new(path, tell);
    private readonly RotatedFiles _rotated = new(path);

    /// <summary>Rotated files with nothing in them that can be read. Their names change.</summary>
    private readonly HashSet<(DateTime LastWrite, long Length)> _unusable = [];

    /// <summary>Where there is none that was read: files that were last written until then are not read either.</summary>
    private DateTime? _notBefore = since?.UtcDateTime;

    /// <summary>The log's own name.</summary>
    public LogName Name => _name;

    /// <summary>Bytes of the rotated files that come after the one that is read.</summary>
    public long LaterBytes { get; private set; }

    /// <summary>Finds the file that a place is in: the log, or one of the files that it was rotated to.</summary>
    /// <param name="position">The place.</param>
    /// <param name="isLost">Whether no file is left that it could be in.</param>
    /// <param name="stopping">Ends the search.</param>
    /// <returns>The file, open; null if it is not found, or not yet.</returns>
    /// <exception cref="IOException">A file that may be the one cannot be read.</exception>
    public ILogFile? Find(LogPosition position, out bool isLost, CancellationToken stopping)
    {
        isLost = false;
        var log = _name.Open();
        if (log is not null && log.Stands(position, stopping))
        {
            LaterBytes = 0;
            return log;
        }

        log?.Dispose();
        var files = _rotated.List();
        if (RotatedFiles.Find(files, position, stopping, out var unread) is { } found)
        {
            LaterBytes = Sum(RotatedFiles.After(files, found.LastWrite));
            return found;
        }

        if (unread is not null)
        {
            throw new IOException(unread);
        }

        // Without the log nobody knows which folder this is: its disk may not be there yet.
        isLost = _name.State is NamedLog.There or NamedLog.Empty && _rotated.List().SequenceEqual(files);
        _notBefore = isLost ? LastWriteOf(files) : _notBefore;
        return null;
    }

    /// <summary>Opens the file after the one that was read: a rotated one, else the log.</summary>
    /// <param name="read">What was read; null if that is gone, or nothing was.</param>
    /// <param name="stopping">Ends the looking into files.</param>
    /// <returns>The file, with its first bytes read; null while there is none with something in it.</returns>
    /// <exception cref="IOException">The file, or the folder, cannot be read.</exception>
    public LogReader? OpenNext(LogReader? read, CancellationToken stopping)
    {
        var files = _rotated.List();
        _notBefore ??= LastWriteOf(files);
        var after = (read is null ? RotatedFiles.After(files, _notBefore.Value) : RotatedFiles.After(files, read, stopping))
            .Where(file => !_unusable.Contains((file.LastWrite, file.Length))).ToArray();
        LaterBytes = Sum(after);
        if ((after.Length > 0 ? after[0].Open() : _name.Open()) is not { } file)
        {
            return null;
        }

        var next = new LogReader(file, null, tell);
        var isNext = false;
        try
        {
            if (!next.Read(stopping))
            {
                return null;
            }

            if (next.Offset == 0 && after.Length > 0)
            {
                PassOver(file);
                return null;
            }

            // After the reading: what was rotated before it would be passed over, and is seen now.
            isNext = next.Offset > 0 && _rotated.List().SequenceEqual(files);
            LaterBytes = isNext ? Sum(after.Skip(1)) : LaterBytes;
            return isNext ? next : null;
        }
        finally
        {
            if (!isNext)
            {
                next.Dispose();
            }
        }
    }

    /// <summary>Says so if a file could not be read to its end.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Bytes read of it.</param>
    public void TellDamage(ILogFile file, long offset)
    {
        if (file.Damage is { } damage)
        {
            tell(new LogSourceNews.Unreadable($"{file.Path}: {damage}"));
            tell(new LogSourceNews.Lost(offset));
        }
    }

    private void PassOver(ILogFile file)
    {
        TellDamage(file, 0);
        _unusable.Add((file.LastWrite, file.Length));
    }

    private static DateTime LastWriteOf(List<RotatedFile> files) => files.Count == 0 ? DateTime.MinValue : files[^1].LastWrite;

    private static long Sum(IEnumerable<RotatedFile> files) => files.Sum(file => file.Length);
}
