using System.Globalization;

namespace Consometer.Rings;

/// <summary>The MD5 of a path in the cluster, which says where it is.</summary>
/// <param name="High">The digest's first half as a big-endian number.</param>
/// <param name="Low">Its second half. One number of 128 bits would be compiled at every start: ReadyToRun code has none.</param>
public readonly record struct PathHash(ulong High, ulong Low)
{
    /// <summary>The first bits of the digest, as many as the part power (<c>ring.py</c>, <c>Ring.get_part</c>).</summary>
    /// <param name="partPower">0 to 32.</param>
    public uint Partition(int partPower) => (uint)((High >> 32) >> (32 - partPower));

    /// <summary>The digest in lower-case hex, as in paths on disk.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}
