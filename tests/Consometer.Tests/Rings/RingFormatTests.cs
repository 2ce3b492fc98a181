using System.Buffers.Binary;
using System.Text;
using Consometer.Rings;

namespace Consometer.Tests.Rings;

/// <summary>What is wrong with the file as a whole: cut, not gzip, more than one gzip member, not a ring.</summary>
public sealed class RingFormatTests
{
    private const int TrailerBytes = 8;

    public static TheoryData<string> Rings() => [.. EditedRing.Names];

    [Theory]
    [MemberData(nameof(Rings))]
    public void A_file_cut_at_any_byte_is_refused(string name)
    {
        var file = EditedRing.File(name);
        var step = EditedRing.Inflated(name).Length < 100_000 ? 1 : 13; // The rings for long walks take a millisecond each to inflate.
        for (var length = 0; length < file.Length; length += step)
        {
            EditedRing.AssertRefused(file[..length]);
        }

        EditedRing.AssertRefused(file[..^1]);
    }

    /// <summary>
    /// A good gzip of half a ring. Format 1 does not say how long its last row is, so that a cut between two ids of it is
    /// a ring of fewer replicas, to Swift and to us; every other cut is found.
    /// </summary>
    [Theory]
    [InlineData("single.v1")]
    [InlineData("one-host.v1")]
    [InlineData("holes.v1")]
    [InlineData("fractional.v1")]
    [InlineData("single.v2")]
    [InlineData("one-host.v2")]
    [InlineData("fractional.v2")]
    public void A_ring_cut_at_any_byte_and_then_gzipped_is_refused(string name)
    {
        var ring = EditedRing.Inflated(name);
        var sound = RingFile.Decode(EditedRing.File(name));
        var fullRows = (int)Math.Ceiling(sound.Replicas) - 1;
        var lastRow = sound.Header.Format == 1 ? EditedRing.TableOffset(ring) + (2 * sound.Partitions * fullRows) : ring.Length;
        for (var length = 0; length < ring.Length; length++)
        {
            var cut = EditedRing.Gzip(ring.AsSpan(..length));
            var idsLeft = (length - lastRow) / 2;
            var seemsWhole = idsLeft > 0 || (length == lastRow && sound.Partitions <= 128);
            if (fullRows > 0 && seemsWhole && length % 2 == lastRow % 2)
            {
                Assert.Equal(fullRows + ((double)idsLeft / sound.Partitions), RingFile.Decode(cut).Replicas);
            }
            else
            {
                EditedRing.AssertRefused(cut);
            }
        }
    }

    [Fact]
    public void A_pickled_ring_is_refused_by_its_name()
    {
        Assert.Contains("pickle", EditedRing.AssertRefused(EditedRing.File("pickle.v0")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_gzip_is_refused_at_its_first_byte()
    {
        foreach (var file in new[] { [], "R"u8.ToArray(), [0x1f], EditedRing.Inflated("single.v1"), "<html>404</html>"u8.ToArray(), new byte[4096] })
        {
            Assert.Equal(0, EditedRing.AssertRefused(file).Offset);
        }
    }

    [Fact]
    public void What_is_gzip_and_not_a_ring_is_refused()
    {
        foreach (var ring in new[] { "", "R", "R1NG", "R1NG\0", "r1ng\0\u0001", "not a ring at all", new string('\0', 4096) })
        {
            Assert.Contains("R1NG", EditedRing.AssertRefused(EditedRing.Gzip(Encoding.Latin1.GetBytes(ring))).Wanted, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(256)]
    [InlineData(65535)]
    public void Another_format_is_refused_with_its_number(ushort format)
    {
        var ring = EditedRing.Inflated("single.v1");
        BinaryPrimitives.WriteUInt16BigEndian(ring.AsSpan(4), format);

        var refusal = EditedRing.AssertRefused(EditedRing.Gzip(ring));

        Assert.Equal((4, $"format {format}"), (refusal.Offset, refusal.Found));
    }

    /// <summary>Swift reads the first member and ignores the rest; the base library reads them all as one.</summary>
    [Theory]
    [InlineData("single.v1")]
    [InlineData("regions.v1")]
    [InlineData("regions.v2")]
    public void A_second_gzip_member_is_refused(string name)
    {
        var file = EditedRing.File(name);
        byte[][] rings = [file, EditedRing.File("small.v1"), EditedRing.File("small.v2"), EditedRing.File("single.v1")];
        foreach (var other in rings.Append(EditedRing.Gzip([])).Append(EditedRing.Gzip("x"u8)))
        {
            EditedRing.AssertRefused([.. file, .. other]);
        }

        EditedRing.AssertRefused([.. EditedRing.Gzip([]), .. file]);
    }

    [Theory]
    [InlineData("single.v1")]
    [InlineData("regions.v2")]
    public void Anything_after_the_gzip_member_is_refused(string name)
    {
        var file = EditedRing.File(name);
        byte[][] trails = [[0], [10], [0, 0, 0, 0], new byte[512], new byte[100_000], [0x1f], [0x1f, 0x8b], [0x1f, 0x8b, 8, 0], file[1..^1]];
        foreach (var trail in trails)
        {
            EditedRing.AssertRefused([.. file, .. trail]);
        }
    }

    /// <summary>
    /// Where the last four bytes are the ring's length once more the base library gives no sign. What it inflated has its
    /// checksum all the same: this is the ring, and no other.
    /// </summary>
    [Theory]
    [InlineData("single.v1")]
    [InlineData("regions.v2")]
    public void What_hides_beside_the_gzip_member_does_not_change_the_ring(string name)
    {
        var file = EditedRing.File(name);
        var sound = EditedRing.Describe(RingFile.Decode(file));
        foreach (var longer in new byte[][] { [.. file, .. file[^4..]], [.. file, .. file[^8..]] })
        {
            Assert.Equal(sound, EditedRing.Describe(RingFile.Decode(longer)));
        }
    }

    [Theory]
    [InlineData("single.v1")]
    [InlineData("regions.v2")]
    public void A_lie_about_length_or_checksum_in_the_trailer_is_refused(string name)
    {
        var file = EditedRing.File(name);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(^4));
        foreach (var lie in new uint[] { 0, 1, length - 1, length + 1, length / 2, length * 2, length + 65536, 1u << 30, 1u << 31, uint.MaxValue })
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(^4), lie);
            EditedRing.AssertRefused(file);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(^4), length);
        Assert.NotNull(RingFile.Decode(file));
        file[^TrailerBytes] ^= 1;
        EditedRing.AssertRefused(file);
    }

    [Fact]
    public void A_small_file_that_claims_a_large_ring_costs_nothing()
    {
        var file = EditedRing.File("single.v1");
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(^4), 512 << 20);
        EditedRing.AssertRefused(file);

        var before = GC.GetAllocatedBytesForCurrentThread();
        EditedRing.AssertRefused(file);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_ring_beyond_the_limit_is_refused_before_it_is_inflated()
    {
        var file = new byte[(1 << 21)];
        EditedRing.File("single.v1").CopyTo(file, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(^4), (512u << 20) + 1);

        Assert.Equal($"at most {512 << 20} bytes when inflated", EditedRing.AssertRefused(file).Wanted);
    }
}
