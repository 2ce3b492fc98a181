using System.Buffers.Binary;

namespace Consometer.Tests.Rings.Fuzz;

/// <summary>What the gzip holds mutated, and gzipped again: no CRC is in the way of what is wrong inside.</summary>
public sealed class FuzzInflatedTests
{
    private const int Mutants = 3_000;
    private const int JsonLengthOffset = 6;
    private const int TailBytes = 2 * sizeof(ulong);

    public static TheoryData<string> Kinds() => ["flip", "overwrite", "cut", "splice", "insert", "length"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_mutated_ring_of_format_1_is_usable_or_refused(string kind) =>
        FuzzRun.Of($"ring 1 {kind}", Mutants, random => Corpus.Gzip(Mutate(kind, Corpus.Any(Corpus.Format1, random).Inflated, random))).AssertBoth();

    /// <summary>The checksums of format 2 are as good as a CRC: all that may be wrong is what Swift alone needs, the compressed offsets.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_mutated_ring_of_format_2_is_one_of_the_sound_rings_or_refused(string kind)
    {
        var run = FuzzRun.Of(
            $"ring 2 {kind}",
            Mutants,
            random => Corpus.Gzip(Mutate(kind, Corpus.Any(Corpus.Format2, random).Inflated, random)),
            ring => Assert.Contains(EditedRing.Describe(ring), Corpus.Sound));

        Assert.NotEqual(0, run.Refused);
    }

    private static byte[] Mutate(string kind, byte[] ring, Random random) => kind switch
    {
        "flip" => ByteMutation.Flip(ring, random),
        "overwrite" => ByteMutation.Overwrite(ring, random),
        "cut" => ByteMutation.Cut(ring, random),
        "splice" => ByteMutation.Splice(ring, Corpus.Any(Corpus.All, random).Inflated, random),
        "insert" => ByteMutation.Insert(ring, random),
        _ => Length(ring, random),
    };

    /// <summary>Format 1 has one length; format 2 has the index's place twice, and a length before each section and the index.</summary>
    private static byte[] Length(byte[] ring, Random random)
    {
        if (BinaryPrimitives.ReadUInt16BigEndian(ring.AsSpan(4)) == 1)
        {
            return ByteMutation.Length(ring, JsonLengthOffset, sizeof(uint), random);
        }

        int[] places = [ring.Length - TailBytes, ring.Length - sizeof(ulong), SectionedRing.IndexStart(ring), .. SectionedRing.Sections(ring).Select(section => section.Start)];
        return ByteMutation.Length(ring, places[random.Next(places.Length)], sizeof(ulong), random);
    }
}
