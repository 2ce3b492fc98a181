using System.Text;

namespace Consometer.Metering.Samples;

/// <summary>
/// Ids of the samples of one meter in a round: UUID version 5 (RFC 9562 §5.5) of region, meter, round time and resource. What is the same in
/// all of them is hashed once.
/// </summary>
public sealed class SampleIds
{
    private const int UuidBytes = 16;

    /// <summary>Longer names have an array of their own.</summary>
    private const int StackBytesMax = 512;

    /// <summary>The namespace of Consometer's samples. Changing it changes every id.</summary>
    private static readonly Guid Namespace = new("6f0f7a52-94e5-4c0c-9d0a-3c1f5f0e7d21");

    private readonly Sha1 _hashed;
    private readonly byte[] _unhashed;

    private SampleIds(Sha1 hashed, byte[] unhashed) => (_hashed, _unhashed) = (hashed, unhashed);

    /// <summary>Those of all samples that have the region, meter, time and origin of this one.</summary>
    public static SampleIds Like(Sample sample)
    {
        // No region, meter, time or origin has a line feed in it, so no two samples make the same name.
        var origin = sample.Origin is null ? "" : $" @{sample.Origin}";
        byte[] beginning = [.. Namespace.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes($"{sample.Region}\n{sample.Meter.Name}\n{sample.Time}{origin}\n")];
        var hashed = Sha1.Start.Take(beginning, out var unhashed);
        return new SampleIds(hashed, unhashed.ToArray());
    }

    /// <summary>The same for the same figure of the same round, however often it is made.</summary>
    public Guid Of(string resourceId)
    {
        var bytesMax = _unhashed.Length + Encoding.UTF8.GetMaxByteCount(resourceId.Length);
        var name = bytesMax <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[bytesMax];
        _unhashed.CopyTo(name);
        var length = _unhashed.Length + Encoding.UTF8.GetBytes(resourceId, name[_unhashed.Length..]);
        Span<byte> uuid = stackalloc byte[Sha1.DigestBytes];
        _hashed.Digest(name[..length], uuid);
        uuid[6] = (byte)((uuid[6] & 0x0f) | 0x50);
        uuid[8] = (byte)((uuid[8] & 0x3f) | 0x80);
        return new Guid(uuid[..UuidBytes], bigEndian: true);
    }
}
