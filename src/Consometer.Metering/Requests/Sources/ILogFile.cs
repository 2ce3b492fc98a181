namespace Consometer.Metering.Requests.Sources;

/// <summary>One file of a log, open: it stays the same whatever happens to its name.</summary>
internal interface ILogFile : IDisposable
{
    /// <summary>The name it was opened by. Another file may have it by now.</summary>
    public string Path { get; }

    /// <summary>When it was last written, UTC.</summary>
    public DateTime LastWrite { get; }

    /// <summary>Bytes it takes on disk, compressed if it is.</summary>
    public long Length { get; }

    /// <summary>Whether it is as it will be: not written to any more, nor cut.</summary>
    public bool IsFinal { get; }

    /// <summary>Why it ends before its end; null while nothing is wrong with it.</summary>
    public string? Damage { get; }

    /// <summary>Reads bytes of the log. What is final is read forwards only.</summary>
    /// <param name="offset">The first one's place in the log.</param>
    /// <param name="into">Where they go.</param>
    /// <param name="stopping">Ends a long way to the offset.</param>
    /// <returns>How many; 0 at the end.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public int Read(long offset, Span<byte> into, CancellationToken stopping);

    /// <summary>About how many bytes of disk hold what comes after an offset.</summary>
    public long BytesAfter(long offset);
}

/// <summary>How a file of a log is known again.</summary>
internal static class LogTail
{
    /// <summary>Bytes before an offset that are remembered: several lines of an access log, with times and transaction ids, which stand in no other file.</summary>
    public const int BytesMax = 1 << 10;

    /// <summary>Whether these bytes stand before the offset.</summary>
    public static bool Stands(this ILogFile file, long offset, ReadOnlySpan<byte> tail, CancellationToken stopping)
    {
        Span<byte> there = stackalloc byte[BytesMax];
        tail = tail[^Math.Min(tail.Length, BytesMax)..];
        there = there[..tail.Length];
        for (var read = 0; read < there.Length;)
        {
            var bytes = file.Read(offset - there.Length + read, there[read..], stopping);
            if (bytes == 0)
            {
                return false;
            }

            read += bytes;
        }

        return there.SequenceEqual(tail);
    }

    /// <inheritdoc cref="Stands(ILogFile, long, ReadOnlySpan{byte}, CancellationToken)"/>
    public static bool Stands(this ILogFile file, LogPosition position, CancellationToken stopping) => file.Stands(position.Offset, position.Tail, stopping);
}
