using System.Buffers.Binary;

namespace Consometer.Tests.Rings.Fuzz;

/// <summary>What a bad disk, a bad copy or a bad person does to bytes.</summary>
internal static class ByteMutation
{
    private const int Most = 4;

    private static readonly byte[] Bytes = [0, 1, 0x0a, 0x22, 0x2c, 0x30, 0x39, 0x5b, 0x5d, 0x7b, 0x7d, 0x7f, 0x80, 0xfe, 0xff];

    private static readonly ulong[] Lengths =
    [
        0, 1, 2, 3, 7, 8, 255, 256, 65535, 65536, int.MaxValue - 8, int.MaxValue - 1, int.MaxValue, 1u << 31, (1u << 31) + 1, uint.MaxValue - 8, uint.MaxValue,
        1UL << 32, long.MaxValue - 8, long.MaxValue, 1UL << 63, (1UL << 63) + 1, ulong.MaxValue - 15, ulong.MaxValue - 7, ulong.MaxValue,
    ];

    /// <summary>Turns over some bits.</summary>
    public static byte[] Flip(byte[] bytes, Random random) => Each(bytes, random, (copy, at) => copy[at] ^= (byte)(1 << random.Next(8)));

    /// <summary>Writes over some bytes: anything, or a byte that means something to somebody.</summary>
    public static byte[] Overwrite(byte[] bytes, Random random) =>
        Each(bytes, random, (copy, at) => copy[at] = random.Next(2) == 0 ? (byte)random.Next(256) : Bytes[random.Next(Bytes.Length)]);

    /// <summary>The beginning, the end, or all but a piece.</summary>
    public static byte[] Cut(byte[] bytes, Random random)
    {
        var from = random.Next(bytes.Length + 1);
        var to = random.Next(4) switch { 0 => bytes.Length, 1 => Math.Min(bytes.Length, from + random.Next(16)), _ => random.Next(from, bytes.Length + 1) };
        return [.. bytes[..from], .. bytes[to..]];
    }

    /// <summary>The beginning of one and the end of another.</summary>
    public static byte[] Splice(byte[] bytes, byte[] other, Random random)
    {
        var from = random.Next(bytes.Length + 1);
        var to = random.Next(2) == 0 ? Math.Min(from, other.Length) : random.Next(other.Length + 1);
        return [.. bytes[..from], .. other[to..]];
    }

    /// <summary>Something in between: zeros, anything, or a piece of itself.</summary>
    public static byte[] Insert(byte[] bytes, Random random)
    {
        var piece = new byte[1 + random.Next(random.Next(8) == 0 ? 4096 : 16)];
        var from = random.Next(bytes.Length + 1);
        switch (random.Next(3))
        {
            case 0:
                break;
            case 1:
                random.NextBytes(piece);
                break;
            default:
                piece = bytes[from..Math.Min(bytes.Length, from + piece.Length)];
                break;
        }

        var at = random.Next(3) switch { 0 => from, 1 => bytes.Length, _ => random.Next(bytes.Length + 1) };
        return [.. bytes[..at], .. piece, .. bytes[at..]];
    }

    /// <summary>Another number where there is one, from those that break arithmetic and from those near the true one.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="at">Where the number is.</param>
    /// <param name="width">Its bytes, 4 or 8.</param>
    /// <param name="random">Chance.</param>
    public static byte[] Length(byte[] bytes, int at, int width, Random random)
    {
        var copy = (byte[])bytes.Clone();
        var number = copy.AsSpan(at, width);
        var sound = width == sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(number) : BinaryPrimitives.ReadUInt64BigEndian(number);
        var other = random.Next(4) switch
        {
            0 => unchecked(sound + (ulong)random.Next(-9, 10)),
            1 => (ulong)random.Next(bytes.Length + 16),
            _ => Lengths[random.Next(Lengths.Length)],
        };
        if (width == sizeof(uint))
        {
            BinaryPrimitives.WriteUInt32BigEndian(number, (uint)other);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(number, other);
        }

        return copy;
    }

    /// <summary>One of the above that needs no other ring.</summary>
    public static byte[] Any(byte[] bytes, Random random) => random.Next(4) switch
    {
        0 => Flip(bytes, random),
        1 => Overwrite(bytes, random),
        2 => Cut(bytes, random),
        _ => Insert(bytes, random),
    };

    private static byte[] Each(byte[] bytes, Random random, Action<byte[], int> change)
    {
        var copy = (byte[])bytes.Clone();
        for (var left = copy.Length == 0 ? 0 : 1 + random.Next(Most); left > 0; left--)
        {
            change(copy, random.Next(copy.Length));
        }

        return copy;
    }
}
