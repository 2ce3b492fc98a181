namespace Consometer.Metering.Requests.Sources;

/// <summary>Where lines of an access log come from.</summary>
public interface ILogSource : IDisposable
{
    /// <summary>The next lines; none after a short wait in which nothing came.</summary>
    /// <exception cref="OperationCanceledException">It is stopped.</exception>
    public ValueTask<LogLines> ReadAsync(CancellationToken stopping);
}

/// <summary>Lines of an access log, and where to go on after them.</summary>
/// <param name="Text">Whole lines, each ended by a line feed; valid until the next ReadAsync. About 1 MiB at most (a longest line more).</param>
/// <param name="Position">Where to go on once these are counted; null where nothing can be read again (datagrams), or nothing was read yet.</param>
/// <param name="IsCaughtUp">Whether all that was written until now is read.</param>
public readonly record struct LogLines(ReadOnlyMemory<byte> Text, LogPosition? Position, bool IsCaughtUp);

/// <summary>A place in a log file. It names no file: log files change their names.</summary>
/// <param name="Offset">Bytes read of the file, as they are when it is not compressed.</param>
/// <param name="Tail">The last bytes before the offset (at most 1 KiB; all there are if fewer): by them the file is known again under whatever name.</param>
public sealed record LogPosition(long Offset, byte[] Tail);
