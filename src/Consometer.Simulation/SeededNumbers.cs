using System.Globalization;

namespace Consometer.Simulation;

/// <summary>
/// The numbers everything is drawn from: SplitMix64 (Steele, Lea, Flood 2014), because <see cref="Random"/> does not promise
/// the same numbers in the next .NET. Safe to share between threads; then who gets which number is up to the scheduler.
/// </summary>
/// <param name="seed">The plan's seed.</param>
/// <param name="stream">Which of the seed's sequences: what one part draws must not move what another one gets.</param>
internal sealed class SeededNumbers(int seed, SeededNumbers.Stream stream)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state = Mix(((ulong)(uint)seed << 8) | (byte)stream);

    internal enum Stream : byte
    {
        Ring,
        Accounts,
        Keystone,
    }

    /// <summary>The number that belongs to a key, in no sequence and of no seed but the key.</summary>
    public static ulong Of(ulong key) => Mix(key + Step);

    public ulong Next() => Mix(Interlocked.Add(ref _state, Step));

    /// <summary>A number from 0 to below the limit; the bias of at most limit / 2^64 is nobody's concern here.</summary>
    public ulong Below(ulong limit) => Math.BigMul(Next(), limit, out _);

    /// <inheritdoc cref="Below(ulong)"/>
    public int Below(int limit) => (int)Below((ulong)limit);

    /// <summary>True as often as the share says.</summary>
    public bool Happens(double share) => (Next() >> 11) * (1.0 / (1UL << 53)) < share;

    /// <summary>32 hexadecimal digits in lower case, as Keystone's ids are.</summary>
    public string NextId() => new UInt128(Next(), Next()).ToString("x32", CultureInfo.InvariantCulture);

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
