using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Consometer.Rings.Inspection;

namespace Consometer.Tests.Rings.Inspection;

/// <summary>What <c>ring verify</c> finds wrong with the file and the format: each kind by a file made for it.</summary>
public sealed class RingVerificationFileTests
{
    private const int RowBytes = 512; // Of small.v1: 256 partitions.

    /// <summary>Tables that no builder makes: devices twice in a partition.</summary>
    private static readonly string[] MadeByHand = ["big-walk.v1", "big-walk-17.v1", "corner.v1", "pickle.v0"];

    public static TheoryData<string> Built() => [.. EditedRing.Names.Except(MadeByHand)];

    public static TheoryData<string> Formats() => ["small.v1", "small.v2"];

    [Theory]
    [MemberData(nameof(Built))]
    public void A_ring_of_the_real_builder_has_nothing_wrong(string name) => Assert.Empty(RingVerification.Of(EditedRing.File(name)));

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_truncated_file_is_told_as_such_and_read_on_as_far_as_there_is_any(string name)
    {
        var file = EditedRing.File(name)[..^30];

        var findings = RingVerification.Of(file);

        AssertError(findings[0], $"file byte {file.Length}", "truncated");
        Assert.Contains(findings.Skip(1), finding => finding.Place.StartsWith("ring byte ", StringComparison.Ordinal));
    }

    /// <summary>Swift reads it, as a ring with fewer replicas.</summary>
    [Theory]
    [InlineData(2 * RowBytes)]
    [InlineData(RowBytes)]
    [InlineData(RowBytes + 2)]
    public void A_truncated_table_in_a_sound_gzip_is_an_error(int bytes)
    {
        var file = EditedRing.WithTable("small.v1", table => table[..bytes]);

        AssertError(Assert.Single(RingVerification.Of(file)), $"ring byte {TableOffset("small.v1")}", $"{bytes / 2} ids: truncated");
    }

    [Fact]
    public void Half_an_id_is_an_error_and_so_is_the_row_that_is_short_of_it()
    {
        var findings = RingVerification.Of(EditedRing.WithTable("small.v1", table => table[..(RowBytes + 1)]));

        Assert.Equal([$"{RowBytes + 1} bytes", $"{RowBytes / 2} ids: truncated"], findings.Select(finding => finding.Found));
    }

    /// <summary>Swift reads partitions into them.</summary>
    [Fact]
    public void Bytes_after_the_table_are_an_error()
    {
        var findings = RingVerification.Of(EditedRing.WithTable("small.v1", table => [.. table, 7, 7, 7, 7]));

        AssertError(Assert.Single(findings), $"ring byte {TableOffset("small.v1")}", "770 ids: bytes added");
    }

    /// <summary>One byte; one that hides behind the length a second time; so many that the end is nowhere near.</summary>
    [Theory]
    [InlineData("small.v1", 1)]
    [InlineData("small.v2", 1)]
    [InlineData("small.v2", 4)]
    [InlineData("small.v1", 100_000)]
    [InlineData("regions.v2", 100_000)]
    public void Bytes_after_the_gzip_member_are_an_error_at_the_first_of_them(string name, int bytes)
    {
        var file = EditedRing.File(name);
        byte[] more = bytes == 4 ? file[^4..] : new byte[bytes];

        AssertError(Assert.Single(RingVerification.Of([.. file, .. more])), $"file byte {file.Length}", $"{bytes} bytes more");
    }

    [Fact]
    public void A_second_gzip_member_is_an_error_that_Swift_does_not_see()
    {
        var file = EditedRing.File("small.v1");

        AssertError(
            Assert.Single(RingVerification.Of([.. file, .. EditedRing.File("holes.v1")])),
            $"file byte {file.Length}",
            $"{EditedRing.File("holes.v1").Length} bytes more: a second gzip member, which Swift ignores");
    }

    [Theory]
    [InlineData(8)]
    [InlineData(5)]
    [InlineData(4)]
    [InlineData(1)]
    public void A_wrong_CRC_or_length_is_an_error(int fromEnd)
    {
        var file = EditedRing.File("small.v1");
        file[^fromEnd] ^= 1;

        AssertError(Assert.Single(RingVerification.Of(file)), $"file byte {file.Length - 8}", "those of something else");
    }

    /// <summary>To the byte, and near: an inflater given more at a time only knows that it was somewhere in that.</summary>
    [Fact]
    public void Damage_is_an_error_where_it_is()
    {
        const int Bytes = 40_000;
        var ring = new byte[Bytes];
        "R1NG\0\u0001"u8.CopyTo(ring);
        var file = EditedRing.Gzip(ring, CompressionLevel.NoCompression);
        var block = file.AsSpan().IndexOf("R1NG"u8) - 5;
        var length = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(block + 1));
        Assert.InRange(length, 10_000, Bytes - 1);
        file[block + 5 + length] = 6; // The next block, of a type that there is not.

        var findings = RingVerification.Of(file);

        AssertError(findings[0], $"file byte {block + 5 + length}", "damage");
        AssertError(findings[1], "ring byte 10", "nothing after it was looked at");
    }

    [Fact]
    public void What_is_no_ring_has_one_error()
    {
        AssertError(Assert.Single(RingVerification.Of([])), "file byte 0", "an empty file");
        AssertError(Assert.Single(RingVerification.Of(EditedRing.File("pickle.v0"))), "ring byte 0", "pickle");
        AssertError(Assert.Single(RingVerification.Of(EditedRing.Gzip("<html>404</html>"u8))), "ring byte 0", "not a ring");
    }

    [Fact]
    public void A_ring_of_format_2_that_was_gzipped_again_is_an_error_of_Swifts()
    {
        var file = EditedRing.Gzip(EditedRing.Inflated("small.v2"));

        AssertError(Assert.Single(RingVerification.Of(file)), $"file byte {file.Length - 26}", "gzipped again");
        Assert.Empty(RingVerification.Of(new SectionedRing("small.v2").ToFile()));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void A_section_that_is_elsewhere_in_the_file_is_an_error(int by)
    {
        long place = 0;
        var file = new SectionedRing("small.v2") { EditIndex = index => Move(index[SectionedRing.Devices]!) }.ToFile();

        AssertError(Assert.Single(RingVerification.Of(file)), $"file byte {place}", "Swift can't read it");

        void Move(JsonNode entry) => entry[0] = place = entry[0]!.GetValue<long>() + by;
    }

    /// <summary>Nothing checks such a section, and yet it must not lead out of the ring, or to the same bytes a million times.</summary>
    [Theory]
    [InlineData(1L << 40, 1L << 41)]
    [InlineData(0, 5)]
    [InlineData(6, 100)]
    [InlineData(100, 6)]
    public void A_section_that_overlaps_or_leads_out_of_the_ring_is_an_error(long start, long end)
    {
        var file = new SectionedRing("small.v2") { EditIndex = index => index["more"] = new JsonArray(0, start, 0, end, "none", "") }.ToFile();

        EditedRing.AssertRefused(file);
        Assert.Equal(FindingWeight.Error, Assert.Single(RingVerification.Of(file)).Weight);
    }

    [Fact]
    public void A_section_said_twice_and_more_sections_than_there_ever_will_be_are_errors()
    {
        var twice = new SectionedRing("small.v2") { EditIndexText = json => [.. "{\"swift/ring/devices\":[0,6,0,6,\"none\",\"\"],"u8, .. json[1..]] };
        var many = Enumerable.Range(0, 65).Aggregate(new SectionedRing("small.v2"), (ring, i) => ring.With($"more{i}", []));

        Assert.Equal("one section swift/ring/devices", EditedRing.AssertRefused(twice.ToFile()).Wanted);
        Assert.Equal("at most 64 sections", EditedRing.AssertRefused(many.ToFile()).Wanted);
    }

    /// <summary>A ring may say anything, to a terminal too.</summary>
    [Fact]
    public void What_a_ring_says_is_quoted_without_what_steers_a_terminal()
    {
        var file = EditedRing.WithJson("small.v1", "\"byteorder\": \"little\"", "\"byteorder\": \"\\u001b[2J\\n\\u009b\\ud83d\\ude00" + new string('x', 1000) + "\"");

        var refusal = EditedRing.AssertRefused(file);

        Assert.StartsWith("\"�[2J �😀xxx", refusal.Found, StringComparison.Ordinal);
        Assert.InRange(refusal.Found.Length, 200, 210);
    }

    private static int TableOffset(string name) => EditedRing.TableOffset(EditedRing.Inflated(name));

    private static void AssertError(RingFinding finding, string place, string found)
    {
        Assert.Equal((FindingWeight.Error, place), (finding.Weight, finding.Place));
        Assert.Contains(found, finding.Found, StringComparison.Ordinal);
    }
}
