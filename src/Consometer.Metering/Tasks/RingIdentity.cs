namespace Consometer.Metering.Tasks;

/// <summary>By what daemons find accounts: two that share a round should have the same.</summary>
/// <param name="Md5">The MD5 of the ring's file in lower-case hex, as recon tells it.</param>
/// <param name="PartPower">The ring's part power.</param>
/// <param name="HashMark">What tells hash prefix and suffix from others (<see cref="Consometer.Rings.HashPath.Mark"/>).</param>
public sealed record RingIdentity(string Md5, int PartPower, string HashMark)
{
    /// <summary>Whether an account has the same partition by both. A ring that is older or newer asks other devices for it, or the same in another order.</summary>
    public bool HasSamePartitions(RingIdentity other) => PartPower == other.PartPower && HashMark == other.HashMark;
}
