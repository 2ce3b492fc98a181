using System.Globalization;
using Consometer.Rings;

namespace Consometer.Tests.Rings;

/// <summary>Every bit of a small ring turned over, in the file and in what it inflates to.</summary>
public sealed class RingDamageTests
{
    public static TheoryData<string> SmallRings() => ["single.v1", "single.v2", "one-partition.v1", "corner.v1", "one-host.v1"];

    /// <summary>The gzip checksum sees to it: a bit may be one nobody reads (time, name), but the ring is never another.</summary>
    [Theory]
    [MemberData(nameof(SmallRings))]
    public void A_file_with_one_bit_wrong_is_the_same_ring_or_refused(string name)
    {
        var file = EditedRing.File(name);
        var sound = EditedRing.Describe(RingFile.Decode(file));
        var refused = 0;
        foreach (var damaged in EveryBitFlipped(file))
        {
            if (DecodeOrRefuse(damaged) is { } ring)
            {
                Assert.Equal(sound, EditedRing.Describe(ring));
            }
            else
            {
                refused++;
            }
        }

        const int HeaderBitsMax = 8 * 64;
        Assert.InRange(refused, (8 * file.Length) - HeaderBitsMax, 8 * file.Length);
    }

    /// <summary>
    /// Without the gzip checksum, format 1 cannot tell a wrong digit from a right one: such a ring may be read, but then
    /// every question to it has an answer.
    /// </summary>
    [Theory]
    [MemberData(nameof(SmallRings))]
    public void A_ring_with_one_bit_wrong_is_usable_or_refused(string name)
    {
        var hashPath = new HashPath("p", "s");
        int usable = 0, refused = 0;
        foreach (var damaged in EveryBitFlipped(EditedRing.Inflated(name)))
        {
            if (DecodeOrRefuse(EditedRing.Gzip(damaged, System.IO.Compression.CompressionLevel.NoCompression)) is not { } ring)
            {
                refused++;
                continue;
            }

            usable++;
            Assert.NotEmpty(EditedRing.Describe(ring));
            for (var account = 0; account < 4; account++)
            {
                var placement = ring.Locate(hashPath.Hash(account.ToString(CultureInfo.InvariantCulture)));
                Assert.InRange(placement.Primaries().Count + placement.Handoffs().Count(), 0, ring.Devices.Count);
            }
        }

        Assert.NotEqual(0, usable);
        Assert.NotEqual(0, refused);
    }

    private static IEnumerable<byte[]> EveryBitFlipped(byte[] bytes)
    {
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return damaged;
        }
    }

    private static RingTable? DecodeOrRefuse(byte[] file)
    {
        try
        {
            return RingFile.Decode(file);
        }
        catch (RingFormatException)
        {
            return null;
        }
    }
}
