namespace Consometer.Rings;

/// <summary>A section of a ring of format 2, as the ring's index has it.</summary>
/// <param name="Name">For example <c>swift/ring/devices</c>.</param>
/// <param name="Start">Where it begins in the inflated ring: the eight bytes of its length come first.</param>
/// <param name="End">Where it ends in the inflated ring, exclusive.</param>
/// <param name="CompressedStart">Where it begins in the file.</param>
/// <param name="CompressedEnd">Where it ends in the file, exclusive.</param>
/// <param name="Method">How its checksum is made.</param>
/// <param name="Checksum">The checksum, in hex.</param>
public sealed record RingSection(string Name, long Start, long End, long CompressedStart, long CompressedEnd, string Method, string Checksum)
{
    /// <summary>Whether the checksum was made anew and compared: <c>md5</c>, <c>sha1</c>, <c>sha256</c> and <c>sha512</c> are known.</summary>
    public bool IsVerified => Method is "md5" or "sha1" or "sha256" or "sha512";
}
