using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace Consometer.Rings;

/// <summary>
/// The one place that inflates a ring file. The base library's <see cref="GZipStream"/> checks the CRC, but takes a
/// truncated stream for a short one and a second member for more of the first; the length in the trailer tells both.
/// </summary>
internal static class RingGzip
{
    /// <summary>Bytes of the largest inflated ring accepted: part power 26 with three replicas of two-byte ids, and room.</summary>
    public const long InflatedBytesMax = 1L << 30;

    /// <summary>What one byte of deflate can become at most (RFC 1951: 258 bytes for a bit or so each of length and distance).</summary>
    private const long DeflateRatioMax = 1032;

    /// <summary>Bytes of the smallest gzip file: header 10, an empty deflate block 2, trailer 8.</summary>
    private const int GzipBytesMin = 20;

    /// <summary>Inflates a whole gzip file of one member.</summary>
    /// <exception cref="RingFormatException">Not gzip, truncated, damaged, followed by more, or larger than the limit.</exception>
    public static byte[] Inflate(byte[] file)
    {
        if (file.Length < 2 || file[0] != 0x1f || file[1] != 0x8b)
        {
            throw RingFormatException.At(0, "a gzip file (1f 8b)", Hex(file));
        }

        if (file.Length < GzipBytesMin)
        {
            throw Truncated(file);
        }

        // Nothing is allocated on the file's word alone: what it claims must be within the limit and within what its size can hold.
        var claimed = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(^4));
        if (claimed > file.Length * DeflateRatioMax)
        {
            throw Truncated(file);
        }

        if (claimed > InflatedBytesMax)
        {
            throw RingFormatException.At(file.Length - 4, $"at most {InflatedBytesMax} bytes when inflated", Number(claimed));
        }

        var inflated = new byte[claimed];
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
        catch (InvalidDataException e)
        {
            throw RingFormatException.At(0, "an undamaged gzip stream", e.Message.TrimEnd('.'));
        }

        return inflated;
    }

    private static RingFormatException Truncated(byte[] file) =>
        RingFormatException.At(file.Length, "the rest of the gzip stream", "the end of the file (truncated, or bytes added)");

    private static string Hex(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? "an empty file" : Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, 4)]);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
