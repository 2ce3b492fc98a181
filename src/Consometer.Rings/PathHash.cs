using System.Globalization;

namespace Consometer.Rings;

/// <summary>The MD5 of a path in the cluster, which says where it is.</summary>
/// <param name="Value">The digest as a big-endian number.</param>
public readonly record struct PathHash(UInt128 Value)
{
    /// <summary>The first bits of the digest, as many as the part power (<c>ring.py</c>, <c>Ring.get_part</c>).</summary>
    /// <param name="partPower">0 to 32.</param>
    public uint Partition(int partPower) => (uint)((ulong)(Value >> 96) >> (32 - partPower));

    /// <summary>The digest in lower-case hex, as in paths on disk.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
