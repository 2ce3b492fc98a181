using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Consometer.Metering.Samples;

/// <summary>
/// SHA-1 (RFC 3174 §6.1), for ids and nothing that must be secret. The base library's goes to OpenSSL for each call, and the way there takes
/// three times as long as the hash of a sample's name: with three ids an account that was a tenth of what a round costs.
/// </summary>
internal static class Sha1
{
    public const int DigestBytes = 20;

    private const int BlockBytes = 64;
    private const int Words = 80;

    /// <summary>Hashes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="digest">Room for <see cref="DigestBytes"/>.</param>
    public static void Hash(ReadOnlySpan<byte> message, Span<byte> digest)
    {
        Span<uint> state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
        var rest = message;
        for (; rest.Length >= BlockBytes; rest = rest[BlockBytes..])
        {
            Take(rest, state);
        }

        // A one bit, zeros, and the length in bits: in this block, or in one more where there is no room.
        Span<byte> last = stackalloc byte[2 * BlockBytes];
        last.Clear();
        rest.CopyTo(last);
        last[rest.Length] = 0x80;
        last = last[..(rest.Length + 1 + sizeof(ulong) <= BlockBytes ? BlockBytes : 2 * BlockBytes)];
        BinaryPrimitives.WriteUInt64BigEndian(last[^sizeof(ulong)..], 8UL * (ulong)message.Length);
        for (; !last.IsEmpty; last = last[BlockBytes..])
        {
            Take(last, state);
        }

        for (var i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest[(i * sizeof(uint))..], state[i]);
        }
    }

    /// <summary>Hashes a block. At full speed from the first one on: it is nothing but a loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Take(ReadOnlySpan<byte> block, Span<uint> state)
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

        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4]);
        for (var t = 0; t < w.Length; t++)
        {
            var mixed = t < 20 ? ((b & c) | (~b & d)) + 0x5a827999
                : t < 40 ? (b ^ c ^ d) + 0x6ed9eba1
                : t < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
                : (b ^ c ^ d) + 0xca62c1d6;
            (a, b, c, d, e) = (BitOperations.RotateLeft(a, 5) + mixed + e + w[t], a, BitOperations.RotateLeft(b, 30), c, d);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
    }
}
