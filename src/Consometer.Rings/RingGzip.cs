using System.Buffers.Binary;
using System.IO.Compression;

namespace Consometer.Rings;

/// <summary>
/// The one place that inflates a ring file. The base library's <see cref="GZipStream"/> checks the CRC, but takes a
/// truncated stream for a short one and a second member for more of the first; the length in the trailer tells both.
/// </summary>
internal static class RingGzip
{
    /// <summary>Bytes of the largest inflated ring accepted: part power 26 with three replicas of two-byte ids, and room.</summary>
    public const int InflatedBytesMax = 512 << 20;

    /// <summary>Bytes after the deflate stream: a CRC and the length.</summary>
    public const int TrailerBytes = 8;

    /// <summary>What one byte of deflate can become at most (RFC 1951: 258 bytes for a bit or so each of length and distance).</summary>
    private const long DeflateRatioMax = 1032;

    private const int FixedHeaderBytes = 10;
    private const int FlagsOffset = 3;

    /// <summary>Inflates a whole gzip file of one member.</summary>
    /// <exception cref="RingFormatException">Not gzip, not a ring, truncated, damaged, followed by more, or larger than the limit.</exception>
    public static byte[] Inflate(byte[] file)
    {
        var body = BodyOffset(file);
        if (file.Length < body + TrailerBytes)
        {
            throw Truncated(file);
        }

        // Nothing is allocated on the file's word alone: what it claims must begin as a ring, be within the limit, and within what its
        // size can hold.
        RingFile.RequireMagic(Begin(file, body));
        var claimed = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(^4));
        if (claimed > file.Length * DeflateRatioMax)
        {
            throw Truncated(file);
        }

        if (claimed > InflatedBytesMax)
        {
            throw RingFormatException.At(file.Length - 4, $"at most {InflatedBytesMax} bytes when inflated", $"{claimed}");
        }

        var inflated = GC.AllocateUninitializedArray<byte>((int)claimed);
        try
        {
            using var gzip = new GZipStream(new MemoryStream(file, writable: false), CompressionMode.Decompress);
            var length = gzip.ReadAtLeast(inflated, inflated.Length, throwOnEndOfStream: false);
            if (length < inflated.Length)
            {
                throw Truncated(file);
            }

            if (gzip.ReadByte() >= 0)
            {
                throw RingFormatException.At(
                    file.Length - 4, "one gzip member and its length", $"{claimed}, and more data than that (a second member, or bytes added)");
            }
        }
        catch (InvalidDataException)
        {
            throw Damaged(body);
        }

        return inflated;
    }

    /// <summary>Where the deflate stream of the first member begins (RFC 1952, 2.3).</summary>
    /// <exception cref="RingFormatException">Not gzip, or truncated in its header.</exception>
    public static int BodyOffset(byte[] file)
    {
        if (!file.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
        {
            throw RingFormatException.At(0, "a gzip file (1f 8b)", file.Length == 0 ? "an empty file" : Convert.ToHexStringLower(file.AsSpan(..Math.Min(file.Length, 4))));
        }

        var flags = file.Length < FixedHeaderBytes ? throw Truncated(file) : file[FlagsOffset];
        var offset = FixedHeaderBytes;
        if ((flags & 4) != 0)
        {
            offset += file.Length < offset + 2 ? throw Truncated(file) : 2 + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(offset));
        }

        // A file name, then a comment, each up to a zero.
        for (var text = 8; text <= 16; text *= 2)
        {
            if ((flags & text) != 0)
            {
                var length = offset < file.Length ? file.AsSpan(offset).IndexOf((byte)0) : -1;
                offset += length < 0 ? throw Truncated(file) : length + 1;
            }
        }

        offset += (flags & 2) != 0 ? 2 : 0;
        return offset <= file.Length ? offset : throw Truncated(file);
    }

    /// <summary>The end of the file where there should be more.</summary>
    public static RingFormatException Truncated(byte[] file) =>
        RingFormatException.At(file.Length, "the rest of the gzip stream", "the end of the file (truncated, or bytes added)");

    /// <summary>Bytes that no deflate stream has, or a CRC of other bytes.</summary>
    public static RingFormatException Damaged(int offset) => RingFormatException.At(offset, "an undamaged gzip stream", "damage, or a wrong CRC");

    /// <summary>The first inflated bytes of the first member; fewer if it has no more, or is damaged.</summary>
    private static ReadOnlySpan<byte> Begin(byte[] file, int body)
    {
        var begin = new byte[RingFile.MagicBytes];
        try
        {
            using var deflate = new DeflateStream(new MemoryStream(file, body, file.Length - body, writable: false), CompressionMode.Decompress);
            return begin.AsSpan(..deflate.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false));
        }
        catch (InvalidDataException)
        {
            throw Damaged(body);
        }
    }
}
