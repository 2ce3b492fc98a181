using System.Text;
using System.Text.Unicode;

namespace Consometer.Metering.Samples;

/// <summary>Ids of samples: UUID version 5 (RFC 9562 §5.5) of region, meter, resource and round time.</summary>
internal static class SampleId
{
    private const int UuidBytes = 16;

    /// <summary>Longer names have an array of their own.</summary>
    private const int StackBytesMax = 512;

    /// <summary>The namespace of Consometer's samples. Changing it changes every id.</summary>
    private static readonly Guid Namespace = new("6f0f7a52-94e5-4c0c-9d0a-3c1f5f0e7d21");

    public static Guid Of(string region, string meter, string resourceId, RoundTime time, string? origin = null)
    {
        // No region, meter, time or origin has a line feed in it, so no two samples make the same name.
        var bytesMax = UuidBytes + Encoding.UTF8.GetMaxByteCount(
            region.Length + meter.Length + resourceId.Length + RoundTime.TextLength + (origin?.Length ?? 0) + "\n\n @\n".Length);
        var input = bytesMax <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[bytesMax];
        Namespace.TryWriteBytes(input, bigEndian: true, out var length);
        var name = 0;
        _ = origin is null
            ? Utf8.TryWrite(input[length..], $"{region}\n{meter}\n{time}\n{resourceId}", out name)
            : Utf8.TryWrite(input[length..], $"{region}\n{meter}\n{time} @{origin}\n{resourceId}", out name);
        return Uuid(input[..(length + name)]);
    }

    private static Guid Uuid(ReadOnlySpan<byte> input)
    {
        Span<byte> uuid = stackalloc byte[Sha1.DigestBytes];
        Sha1.Hash(input, uuid);
        uuid[6] = (byte)((uuid[6] & 0x0f) | 0x50);
        uuid[8] = (byte)((uuid[8] & 0x3f) | 0x80);
        return new Guid(uuid[..UuidBytes], bigEndian: true);
    }
}
