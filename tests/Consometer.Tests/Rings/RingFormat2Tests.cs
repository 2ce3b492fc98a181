using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Consometer.Rings;

namespace Consometer.Tests.Rings;

/// <summary>Format 2: sections with checksums, an index of them, and where that is.</summary>
public sealed class RingFormat2Tests
{
    private const ulong ManyBytes = 1UL << 63;

    public static TheoryData<string> Pairs() => ["single", "small", "regions", "ipv6", "fractional", "holes", "one-host", "next-part-power"];

    public static TheoryData<string> Sections() => [SectionedRing.Metadata, SectionedRing.Devices, SectionedRing.Assignments];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void One_ring_says_the_same_in_both_formats(string name)
    {
        var ring1 = RingFile.Decode(EditedRing.File($"{name}.v1"));
        var ring2 = RingFile.Decode(EditedRing.File($"{name}.v2"));

        Assert.Equal(EditedRing.Describe(ring1), EditedRing.Describe(ring2));
        Assert.Equal(ring1.Header with { Format = 2, Sections = ring2.Header.Sections }, ring2.Header);
    }

    [Fact]
    public void Wide_ids_say_the_same_as_narrow_ones()
    {
        var narrow = RingFile.Decode(EditedRing.File("regions.v2"));
        var wide = RingFile.Decode(EditedRing.File("wide-ids.v2"));

        Assert.Equal((2, 4), (narrow.Header.DeviceIdBytes, wide.Header.DeviceIdBytes));
        Assert.Equal(EditedRing.Describe(narrow), EditedRing.Describe(wide));
    }

    /// <summary>Swift refuses such a file; nothing in it is lost, and it is read here.</summary>
    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void A_ring_gunzipped_and_gzipped_again_is_the_same_ring(CompressionLevel level)
    {
        foreach (var name in EditedRing.Names.Where(name => name.EndsWith(".v2", StringComparison.Ordinal)))
        {
            var again = EditedRing.Gzip(EditedRing.Inflated(name), level);

            Assert.Equal(EditedRing.Describe(RingFile.Decode(EditedRing.File(name))), EditedRing.Describe(RingFile.Decode(again)));
        }
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void A_wrong_byte_in_a_section_is_refused_by_the_sections_name(string section)
    {
        var ring = EditedRing.Inflated("one-host.v2");
        var (_, start, end) = SectionedRing.Sections(ring).Single(entry => entry.Name == section);
        for (var at = start; at < end; at++)
        {
            ring[at] ^= 0x10;
            var refusal = EditedRing.AssertRefused(EditedRing.Gzip(ring));
            ring[at] ^= 0x10;

            Assert.Equal(start, refusal.Offset);
            Assert.StartsWith(section, refusal.Wanted, StringComparison.Ordinal);
            Assert.Equal(at >= start + sizeof(ulong), refusal.Wanted.Contains("sha256", StringComparison.Ordinal)); // Before that it is its length.
        }
    }

    [Fact]
    public void All_four_checksums_of_Swift_are_known()
    {
        var sound = EditedRing.Describe(RingFile.Decode(EditedRing.File("small.v2")));
        var checksums = new Func<byte[], (string?, string)>[]
        {
            blob => ("md5", Convert.ToHexStringLower(MD5.HashData(blob))),
            blob => ("sha1", Convert.ToHexStringLower(SHA1.HashData(blob))),
            blob => ("sha256", Convert.ToHexStringLower(SHA256.HashData(blob))),
            blob => ("sha512", Convert.ToHexStringLower(SHA512.HashData(blob))),
        };

        foreach (var checksum in checksums)
        {
            Assert.Equal(sound, EditedRing.Describe(RingFile.Decode(new SectionedRing("small.v2") { Checksum = checksum }.ToFile())));
            EditedRing.AssertRefused(new SectionedRing("small.v2") { Checksum = blob => (checksum(blob).Item1, checksum([0]).Item2) }.ToFile());
        }
    }

    [Theory]
    [InlineData("crc32")]
    [InlineData("SHA256")]
    [InlineData("")]
    [InlineData(null)]
    public void An_unknown_checksum_is_refused_by_its_name(string? method)
    {
        var file = new SectionedRing("small.v2") { Checksum = blob => (method, Convert.ToHexStringLower(SHA256.HashData(blob))) }.ToFile();

        Assert.Equal($"\"{method}\"", EditedRing.AssertRefused(file).Found);
    }

    [Theory]
    [InlineData("\"dev_id_bytes\": 2", "\"dev_id_bytes\": 8", "2 or 4 bytes")]
    [InlineData("\"dev_id_bytes\": 2", "\"dev_id_bytes\": 3", "2 or 4 bytes")]
    [InlineData("\"dev_id_bytes\": 2", "\"dev_id_bytes\": 0", "dev_id_bytes")]
    [InlineData("\"dev_id_bytes\": 2", "\"dev_id_bytes\": 4", "the id of one of 8 devices")]
    [InlineData("\"dev_id_bytes\": 2, ", "", "dev_id_bytes")]
    [InlineData("\"part_shift\": 24, ", "", "part_shift")]
    [InlineData("\"part_shift\": 24", "\"part_shift\": 0", "part_shift")]
    [InlineData("\"part_shift\": 24", "\"part_shift\": 33", "part_shift")]
    [InlineData("\"part_shift\": 24", "\"part_shift\": 8", "16777216 partitions")]
    public void Metadata_unlike_Swifts_is_refused(string piece, string replacement, string wanted)
    {
        var file = new SectionedRing("small.v2").WithJson(SectionedRing.Metadata, piece, replacement).ToFile();

        Assert.Contains(wanted, EditedRing.AssertRefused(file).Wanted, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void A_missing_section_is_refused_by_its_name_and_an_empty_one_too(string section)
    {
        Assert.Contains(section, EditedRing.AssertRefused(new SectionedRing("small.v2").Without(section).ToFile()).Wanted, StringComparison.Ordinal);
        EditedRing.AssertRefused(new SectionedRing("small.v2").With(section, []).ToFile());
    }

    [Fact]
    public void A_section_Swift_may_add_one_day_does_no_harm()
    {
        var file = new SectionedRing("small.v2").With("swift/ring/hereafter", "anything"u8.ToArray()).ToFile();

        Assert.Equal(EditedRing.Describe(RingFile.Decode(EditedRing.File("small.v2"))), EditedRing.Describe(RingFile.Decode(file)));
    }

    [Fact]
    public void A_table_with_half_an_id_or_an_id_of_a_removed_device_is_refused()
    {
        EditedRing.AssertRefused(new SectionedRing("holes.v2").WithTable(table => table[..^1]).ToFile());
        EditedRing.AssertRefused(new SectionedRing("holes.v2").WithTable(table => [.. table[..^2], 0, 5]).ToFile());
        EditedRing.AssertRefused(new SectionedRing("holes.v2").WithTable(table => [.. table[..^2], 0x7f, 0xff]).ToFile());
        Assert.NotNull(RingFile.Decode(new SectionedRing("holes.v2").WithTable(table => [.. table[..^2], 0xff, 0xff]).ToFile()));
        EditedRing.AssertRefused(new SectionedRing("wide-ids.v2").WithTable(table => [.. table[..^4], 0, 0, 0xff, 0xff]).ToFile());
        Assert.NotNull(RingFile.Decode(new SectionedRing("wide-ids.v2").WithTable(table => [.. table[..^4], 0xff, 0xff, 0xff, 0xff]).ToFile()));
    }

    [Fact]
    public void An_index_anywhere_else_is_refused()
    {
        var ring = EditedRing.Inflated("small.v2");
        var length = (ulong)ring.Length;
        var sound = (ulong)SectionedRing.IndexStart(ring);
        ulong[] offsets =
        [
            0, 5, 6, sound - 1, sound + 1, length - 24, length - 17, length - 16, length - 8, length - 1, length, int.MaxValue, uint.MaxValue,
            sound + (1UL << 32), ManyBytes - 1, ManyBytes, ManyBytes + sound, ulong.MaxValue - length, ulong.MaxValue - 7, ulong.MaxValue,
        ];
        foreach (var offset in offsets)
        {
            BinaryPrimitives.WriteUInt64BigEndian(ring.AsSpan(^16), offset);
            EditedRing.AssertRefused(EditedRing.Gzip(ring));
        }

        foreach (var blobLength in new ulong[] { 0, 1, length, int.MaxValue, ManyBytes - 1, ManyBytes, ulong.MaxValue - 7, ulong.MaxValue })
        {
            BinaryPrimitives.WriteUInt64BigEndian(ring.AsSpan(^16), sound);
            BinaryPrimitives.WriteUInt64BigEndian(ring.AsSpan((int)sound), blobLength);
            EditedRing.AssertRefused(EditedRing.Gzip(ring));
        }
    }

    [Fact]
    public void A_section_the_index_puts_anywhere_else_is_refused()
    {
        string[] nonsense =
        [
            "0", "5", "7", "-1", "1.5", "1e3", "null", "\"6\"", "[]", "2147483647", "4294967302", "9223372036854775807", "9223372036854775808",
            "18446744073709551608", "18446744073709551615", "18446744073709551616", "1e999",
        ];
        foreach (var offset in nonsense)
        {
            foreach (var field in new[] { 1, 3 })
            {
                EditedRing.AssertRefused(WithIndex(index => index[SectionedRing.Devices]![field] = JsonNode.Parse(offset)));
            }

            EditedRing.AssertRefused(WithIndex(index =>
            {
                index[SectionedRing.Devices]![1] = JsonNode.Parse(offset);
                index[SectionedRing.Devices]![3] = JsonNode.Parse(offset);
            }));
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("[0, 6, 0, 14, \"md5\"]")]
    [InlineData("[0, 6, 0, 14, \"md5\", \"\", 0]")]
    public void An_index_entry_of_another_shape_is_refused(string entry)
    {
        EditedRing.AssertRefused(WithIndex(index => index[SectionedRing.Devices] = JsonNode.Parse(entry)));
    }

    private static byte[] WithIndex(Action<JsonObject> edit) => new SectionedRing("small.v2") { EditIndex = edit }.ToFile();
}
