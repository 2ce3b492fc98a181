using System.Buffers.Binary;
using System.IO.Compression;

namespace Consometer.Metering.Requests.Sources;

/// <summary>A rotated log file that was compressed.</summary>
internal sealed class GzipLogFile : ILogFile
{
    private const int SkippedAtOnce = 1 << 16;

    private readonly FileStream _file;
    private readonly GZipStream _inflated;
    private long _offset;

    private GzipLogFile(string path)
    {
        Path = path;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, SkippedAtOnce);
        _inflated = new GZipStream(_file, CompressionMode.Decompress);
    }

    public string Path { get; }

    public DateTime LastWrite => File.GetLastWriteTimeUtc(_file.SafeFileHandle);

    public long Length => _file.Length;

    public bool IsFinal => true;

    public string? Damage { get; private set; }

    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be opened by this user, or is a folder.</exception>
    public static GzipLogFile Open(string path) => new(path);

    public int Read(long offset, Span<byte> into, CancellationToken stopping)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, _offset);
        Span<byte> skipped = offset == _offset ? [] : new byte[SkippedAtOnce];
        while (_offset < offset)
        {
            stopping.ThrowIfCancellationRequested();
            if (ReadOn(skipped[..(int)Math.Min(skipped.Length, offset - _offset)]) == 0)
            {
                return 0;
            }
        }

        return ReadOn(into);
    }

    public long BytesAfter(long offset) => _file.Length - _file.Position;

    public void Dispose()
    {
        _inflated.Dispose();
        _file.Dispose();
    }

    private int ReadOn(Span<byte> into)
    {
        try
        {
            var bytes = Damage is null ? _inflated.Read(into) : 0;
            _offset += bytes;
            if (bytes == 0 && !into.IsEmpty)
            {
                CheckEnd();
            }

            return bytes;
        }
        catch (InvalidDataException e)
        {
            Damage = e.Message;
            return 0;
        }
    }

    /// <summary>
    /// The base library takes a truncated stream for a whole one. What was inflated must be as long as the stream's end says,
    /// which is the case for files of one member: those of gzip, pigz and logrotate.
    /// </summary>
    private void CheckEnd()
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        var isThere = RandomAccess.Read(_file.SafeFileHandle, length, Math.Max(0, _file.Length - length.Length)) == length.Length;
        if (!isThere || BinaryPrimitives.ReadUInt32LittleEndian(length) != unchecked((uint)_offset))
        {
            Damage ??= $"inflates to {_offset} bytes, its end says otherwise: truncated";
        }
    }
}
