using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Consometer.Rings;

/// <summary>
/// A <c>.ring.gz</c> on disk. Formats 1 and 2 are read; format 0, a Python pickle, is refused
/// (<c>swift/common/ring/ring.py</c>, <c>RingData.load</c>; support for it left Swift in 2.36.0).
/// </summary>
/// <param name="Path">Where it was read.</param>
/// <param name="Md5">MD5 of the compressed file in lower-case hex, as <c>/recon/ringmd5</c> reports it.</param>
/// <param name="WrittenAt">When the file was last written, as the file system says: where it was built, if whoever copied it kept the time.</param>
/// <param name="Table">What it says.</param>
public sealed record RingFile(string Path, string Md5, DateTimeOffset WrittenAt, RingTable Table)
{
    /// <summary>Bytes by which a ring is known: the magic and the format.</summary>
    internal const int MagicBytes = FormatOffset + sizeof(ushort);

    private const int FormatOffset = 4;

    /// <summary>Reads and checks a ring file whole.</summary>
    /// <exception cref="InputFileException">The file cannot be read.</exception>
    /// <exception cref="RingFormatException">The file is not a sound ring.</exception>
    public static RingFile Load(string path) => Load(path, known: null);

    /// <summary>
    /// Reads the same path again. The bytes decide, not time or size: <c>rsync --times</c> can put another ring there with both
    /// unchanged.
    /// </summary>
    /// <returns>This very object if the file has the same bytes, however often it was written; nothing is decoded then.</returns>
    /// <exception cref="InputFileException">The file cannot be read.</exception>
    /// <exception cref="RingFormatException">The file is not a sound ring.</exception>
    public RingFile Reload() => Load(Path, known: this);

    /// <summary>
    /// Decodes the bytes of a <c>.ring.gz</c>. Whatever the bytes, no more than the largest ring's worth of memory is taken: the file
    /// may inflate to 512 MiB, of which JSON may be 32 MiB.
    /// </summary>
    /// <exception cref="RingFormatException">They are not a sound ring.</exception>
    public static RingTable Decode(byte[] file) => Decode(RingGzip.Inflate(file), fault => throw fault).ToTable();

    /// <summary>Decodes an inflated ring.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="onFault">What to do with a fault that can be read on after; it may throw it.</param>
    /// <exception cref="RingFormatException">A fault that can't.</exception>
    internal static DecodedRing Decode(byte[] ring, Action<RingFormatException> onFault)
    {
        RequireMagic(ring);
        var format = BinaryPrimitives.ReadUInt16BigEndian(ring.AsSpan(FormatOffset));
        return format switch
        {
            1 => RingFormat1.Decode(ring, onFault),
            2 => RingFormat2.Decode(ring, onFault),
            _ => throw RingFormatException.At(FormatOffset, "ring format 1 or 2", $"format {format}"),
        };
    }

    /// <summary>Refuses what does not begin as a ring.</summary>
    /// <exception cref="RingFormatException">A ring of format 0, or no ring.</exception>
    internal static void RequireMagic(ReadOnlySpan<byte> ring)
    {
        if (ring is [0x80, ..])
        {
            throw RingFormatException.At(
                0, "a ring of format 1 or 2", "a Python pickle (ring format 0, written before Swift 1.7): have swift-ring-builder write it anew");
        }

        if (!HasMagic(ring))
        {
            throw RingFormatException.At(0, "the ring's magic R1NG", "something else: not a ring");
        }
    }

    /// <summary>Whether it begins as a ring of format 1 or later.</summary>
    internal static bool HasMagic(ReadOnlySpan<byte> ring) => ring.StartsWith("R1NG"u8) && ring.Length >= MagicBytes;

    private static RingFile Load(string path, RingFile? known)
    {
        var bytes = InputFileException.ReadAllBytes(path, "ring", out var writtenAt);

        // On the side: it takes as long as a fifth of the decoding, and needs nothing of it.
        var md5 = Task.Run(() => Convert.ToHexStringLower(MD5.HashData(bytes)));
        if (known is not null && md5.Result == known.Md5)
        {
            return known;
        }

        try
        {
            var table = Decode(bytes);
            return new RingFile(path, md5.Result, writtenAt, table);
        }
        catch (RingFormatException e)
        {
            throw e.In(path);
        }
    }
}
