using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Consometer.Metering.Samples;

/// <summary>
/// SHA-1 (RFC 3174 §6.1) of the blocks of a message so far, for ids and nothing that must be secret. The base library's goes to OpenSSL for each call, and the
/// way there takes three times as long as the hash of a sample's name: with three ids an account that was a tenth of what a round costs. And messages that
/// begin alike go on from here together.
/// </summary>
internal readonly record struct Sha1(uint A, uint B, uint C, uint D, uint E, int Bytes)
{
    public const int DigestBytes = 20;

    private const int BlockBytes = 64;
    private const int Words = 80;

    /// <summary>Of no message yet.</summary>
    public static Sha1 Start => new(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0, 0);

    /// <summary>Takes in the beginning of a message.</summary>
    /// <param name="message">The beginning.</param>
    /// <param name="rest">What is left of it, and belongs to the end: less than a block.</param>
    public Sha1 Take(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> rest)
    {
        var taken = this;
        for (rest = message; rest.Length >= BlockBytes; rest = rest[BlockBytes..])
        {
            taken = taken.Take(rest);
        }

        return taken;
    }

    /// <summary>Makes the hash.</summary>
    /// <param name="end">The end of the message.</param>
    /// <param name="digest">Room for <see cref="DigestBytes"/>.</param>
    public void Digest(ReadOnlySpan<byte> end, Span<byte> digest)
    {
        var taken = Take(end, out var rest);

        // A one bit, zeros, and the length in bits: in this block, or in one more where there is no room.
        Span<byte> last = stackalloc byte[2 * BlockBytes];
        last.Clear();
        rest.CopyTo(last);
        last[rest.Length] = 0x80;
        last = last[..(rest.Length + 1 + sizeof(ulong) <= BlockBytes ? BlockBytes : 2 * BlockBytes)];
        BinaryPrimitives.WriteUInt64BigEndian(last[^sizeof(ulong)..], 8UL * (ulong)(taken.Bytes + rest.Length));
        taken = taken.Take(last, out _);
        BinaryPrimitives.WriteUInt32BigEndian(digest, taken.A);
        BinaryPrimitives.WriteUInt32BigEndian(digest[4..], taken.B);
        BinaryPrimitives.WriteUInt32BigEndian(digest[8..], taken.C);
        BinaryPrimitives.WriteUInt32BigEndian(digest[12..], taken.D);
        BinaryPrimitives.WriteUInt32BigEndian(digest[16..], taken.E);
    }

    /// <summary>Hashes a block. At full speed from the first one on: it is nothing but a loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Sha1 Take(ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[Words];
        for (var t = 0; t < 16; t++)
        {
            w[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(t * sizeof(uint))..]);
        }

        for (var t = 16; t < w.Length; t++)
        {
            w[t] = BitOperations.RotateLeft(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
        }

        var (a, b, c, d, e) = (A, B, C, D, E);
        for (var t = 0; t < w.Length; t++)
        {
            var mixed = t < 20 ? ((b & c) | (~b & d)) + 0x5a827999
                : t < 40 ? (b ^ c ^ d) + 0x6ed9eba1
                : t < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
                : (b ^ c ^ d) + 0xca62c1d6;
            (a, b, c, d, e) = (BitOperations.RotateLeft(a, 5) + mixed + e + w[t], a, BitOperations.RotateLeft(b, 30), c, d);
        }

        return new Sha1(A + a, B + b, C + c, D + d, E + e, Bytes + BlockBytes);
    }
}
