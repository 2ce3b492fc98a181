using System.IO.Compression;

namespace Consometer.Rings.Inspection;

/// <summary>The first member of a gzip file, as far as it can be inflated: it is all that Swift reads of one.</summary>
/// <param name="Inflated">What it inflates to.</param>
/// <param name="End">Where in the file it ends, its trailer included.</param>
internal sealed record GzipMember(byte[] Inflated, int End)
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Inflates what can be inflated, and finds what is wrong with the rest.</summary>
    /// <exception cref="RingFormatException">Not gzip, or more than any ring inflates to.</exception>
    public static GzipMember Read(byte[] file, Action<RingFinding> find)
    {
        var body = RingGzip.BodyOffset(file);
        using var source = new ByteByByte(file, body);
        using var inflated = new MemoryStream();
        try
        {
            Inflate(source, inflated, file.Length);
        }
        catch (InvalidDataException)
        {
            find(new RingFinding(FindingWeight.Error, $"file byte {body + source.Position}", "a deflate stream", "damage: what follows is not read"));
            return new GzipMember(inflated.ToArray(), file.Length);
        }

        var end = body + (int)source.Position + RingGzip.TrailerBytes;
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

    private static void Inflate(Stream source, MemoryStream inflated, int fileBytes)
    {
        using var deflate = new DeflateStream(source, CompressionMode.Decompress, leaveOpen: true);
        var buffer = new byte[BufferBytes];
        for (var read = deflate.Read(buffer); read > 0; read = deflate.Read(buffer))
        {
            inflated.Write(buffer, 0, read);
            if (inflated.Length > RingGzip.InflatedBytesMax)
            {
                throw RingFormatException.At(fileBytes, $"at most {RingGzip.InflatedBytesMax} bytes when inflated", "more");
            }
        }
    }

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

    /// <summary>The inflater stops with the last byte it needs only if it is given no more: so one learns where that was.</summary>
    private sealed class ByteByByte(byte[] file, int start) : MemoryStream(file, start, file.Length - start, writable: false)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));
    }
}
