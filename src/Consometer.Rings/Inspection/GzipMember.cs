using System.IO.Compression;

namespace Consometer.Rings.Inspection;

/// <summary>The first member of a gzip file, as far as it can be inflated: it is all that Swift reads of one.</summary>
/// <param name="Inflated">What it inflates to.</param>
/// <param name="End">Where in the file it ends, its trailer included.</param>
internal sealed record GzipMember(byte[] Inflated, int End)
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Bytes at the end of a file that the inflater is given one by one at once: most files are sound, and end there.</summary>
    private const int TailBytes = 64;

    /// <summary>Inflates what can be inflated, and finds what is wrong with the rest.</summary>
    /// <exception cref="RingFormatException">Not gzip, or more than any ring inflates to.</exception>
    public static GzipMember Read(byte[] file, Action<RingFinding> find)
    {
        var body = RingGzip.BodyOffset(file);
        var (inflated, source, isDamaged) = Inflate(file, body, oneByOneFrom: file.Length - TailBytes);
        if (IsOther(inflated))
        {
            return new GzipMember(inflated.ToArray(), file.Length);
        }

        if (isDamaged || !source.IsOneByOne)
        {
            (inflated, source, isDamaged) = Inflate(file, body, source.LastRead);
        }

        var end = (int)source.Position;
        if (isDamaged)
        {
            find(new RingFinding(FindingWeight.Error, $"file byte {end - 1}", "a deflate stream", "damage: what follows is not read"));
            return new GzipMember(inflated.ToArray(), file.Length);
        }

        end += RingGzip.TrailerBytes;
        if (end > file.Length)
        {
            find(new RingFinding(FindingWeight.Error, $"file byte {file.Length}", "the rest of the gzip stream", "the end of the file: truncated"));
            end = file.Length;
        }
        else
        {
            CheckTrailer(file, end, find);
        }

        return new GzipMember(inflated.ToArray(), end);
    }

    /// <summary>Inflates as much as can be; what turns out to be no ring, no further than that.</summary>
    private static (MemoryStream Inflated, Source Source, bool IsDamaged) Inflate(byte[] file, int body, int oneByOneFrom)
    {
        var source = new Source(file, oneByOneFrom) { Position = body };
        var inflated = new MemoryStream();
        using var deflate = new DeflateStream(source, CompressionMode.Decompress, leaveOpen: true);
        var buffer = new byte[BufferBytes];
        try
        {
            for (var read = deflate.Read(buffer); read > 0 && !IsOther(inflated); read = deflate.Read(buffer))
            {
                inflated.Write(buffer, 0, read);
                if (inflated.Length > RingGzip.InflatedBytesMax)
                {
                    throw RingFormatException.At(file.Length, $"at most {RingGzip.InflatedBytesMax} bytes when inflated", "more");
                }
            }
        }
        catch (InvalidDataException)
        {
            return (inflated, source, true);
        }

        return (inflated, source, false);
    }

    /// <summary>Whether enough was inflated to know that it is no ring.</summary>
    private static bool IsOther(MemoryStream inflated) =>
        inflated.Length >= RingFile.MagicBytes && !RingFile.HasMagic(inflated.GetBuffer().AsSpan(..(int)inflated.Length));

    private static void CheckTrailer(byte[] file, int end, Action<RingFinding> find)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(file, 0, end, writable: false), CompressionMode.Decompress);
            gzip.CopyTo(Stream.Null);
        }
        catch (InvalidDataException)
        {
            find(new RingFinding(
                FindingWeight.Error, $"file byte {end - RingGzip.TrailerBytes}", "the CRC and length of what was inflated", "those of something else"));
        }

        if (end < file.Length)
        {
            var isMember = file.AsSpan(end).StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]);
            find(new RingFinding(
                FindingWeight.Error, $"file byte {end}", "the end of the file", $"{file.Length - end} bytes more{(isMember ? ": a second gzip member, which Swift ignores" : "")}"));
        }
    }

    /// <summary>
    /// The inflater stops with the last byte it needs only if it is given no more, and so one learns where that was. It takes a hundred
    /// times as long that way, which is why it is done only for the last bytes.
    /// </summary>
    private sealed class Source(byte[] file, int oneByOneFrom) : MemoryStream(file, writable: false)
    {
        /// <summary>Where the last read began.</summary>
        public int LastRead { get; private set; }

        /// <summary>Whether the last read was of one byte, so that the inflater has had none it did not need.</summary>
        public bool IsOneByOne => LastRead >= oneByOneFrom;

        public override int Read(byte[] buffer, int offset, int count)
        {
            LastRead = (int)Position;
            return base.Read(buffer, offset, Math.Min(count, Math.Max(1, oneByOneFrom - LastRead)));
        }
    }
}
