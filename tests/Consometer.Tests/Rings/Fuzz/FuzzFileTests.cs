using System.Buffers.Binary;

namespace Consometer.Tests.Rings.Fuzz;

/// <summary>The gzip file itself mutated. Its CRC sees to it that what is decoded all the same is one of the rings it was made of.</summary>
public sealed class FuzzFileTests
{
    private const int Mutants = 5_000;
    private const int FlagsOffset = 3;

    public static TheoryData<string> Kinds() => ["flip", "overwrite", "cut", "splice", "insert", "members", "trailer", "header"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_mutated_file_is_one_of_the_sound_rings_or_refused(string kind)
    {
        var run = FuzzRun.Of($"file {kind}", Mutants, random => Mutate(kind, random), ring => Assert.Contains(EditedRing.Describe(ring), Corpus.Sound));

        Assert.NotEqual(0, run.Refused);
    }

    private static byte[] Mutate(string kind, Random random)
    {
        var file = Corpus.Any(Corpus.All, random).File;
        var other = Corpus.Any(Corpus.All, random).File;
        return kind switch
        {
            "flip" => ByteMutation.Flip(file, random),
            "overwrite" => ByteMutation.Overwrite(file, random),
            "cut" => ByteMutation.Cut(file, random),
            "splice" => ByteMutation.Splice(file, other, random),
            "insert" => ByteMutation.Insert(file, random),
            "members" => Members(file, other, random),
            "trailer" => Trailer(file, random),
            _ => Header(file, random),
        };
    }

    /// <summary>Two members or three, whole or not, in any order, with the last one's length or another's at the end.</summary>
    private static byte[] Members(byte[] file, byte[] other, Random random)
    {
        byte[][] members = [file, other, Corpus.Gzip([]), Corpus.Gzip("R1NG"u8.ToArray()), ByteMutation.Any(other, random), other[^4..]];
        var rest = members[random.Next(members.Length)];
        byte[] both = random.Next(2) == 0 ? [.. file, .. rest] : [.. rest, .. file];
        return random.Next(3) == 0 ? [.. both, .. file[^4..]] : both;
    }

    /// <summary>Lies about the CRC and the length.</summary>
    private static byte[] Trailer(byte[] file, Random random)
    {
        var swapped = (byte[])file.Clone();
        swapped.AsSpan(^8).Reverse();
        var lied = ByteMutation.Length(swapped, random.Next(2) == 0 ? swapped.Length - 8 : swapped.Length - 4, sizeof(uint), random);
        lied.AsSpan(^8).Reverse();
        return lied.AsSpan(^8..).SequenceEqual(file.AsSpan(^8..)) ? [.. lied[..^4], 0xff, 0xff, 0xff, 0xff] : lied;
    }

    /// <summary>Flags that promise fields which are there, are not, or are said to be 65535 bytes long.</summary>
    private static byte[] Header(byte[] file, Random random)
    {
        const int FixedBytes = 10;
        var header = file[..FixedBytes];
        header[FlagsOffset] = (byte)random.Next(256);
        var extra = new byte[2 + random.Next(40)];
        BinaryPrimitives.WriteUInt16LittleEndian(extra, (ushort)(random.Next(4) == 0 ? random.Next(65536) : extra.Length - 2));
        byte[] fields = random.Next(3) switch { 0 => [], 1 => extra, _ => [.. extra, .. "name\0remark\0"u8] };
        return [.. header, .. fields, .. file[FixedBytes..]];
    }
}
