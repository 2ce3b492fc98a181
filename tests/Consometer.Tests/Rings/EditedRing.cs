using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Consometer.Rings;

namespace Consometer.Tests.Rings;

/// <summary>Rings no Swift would write: one of the fixtures, inflated, edited, and gzipped again.</summary>
internal static class EditedRing
{
    private const string Extension = ".ring.gz";
    private const int JsonLengthOffset = 6;
    private const int JsonOffset = 10;

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Fixtures.Find("rings"), $"*{Extension}").Select(file => Path.GetFileName(file)[..^Extension.Length]).Order()];

    public static string PathOf(string name) => Fixtures.Find("rings", $"{name}{Extension}");

    public static byte[] File(string name) => System.IO.File.ReadAllBytes(PathOf(name));

    public static byte[] Inflated(string name)
    {
        using var gzip = new GZipStream(System.IO.File.OpenRead(PathOf(name)), CompressionMode.Decompress);
        using var ring = new MemoryStream();
        gzip.CopyTo(ring);
        return ring.ToArray();
    }

    public static byte[] Gzip(ReadOnlySpan<byte> ring, CompressionLevel level = CompressionLevel.Fastest)
    {
        if (ring.IsEmpty)
        {
            return Convert.FromHexString("1f8b080000000000000303000000000000000000"); // For nothing, the base library writes nothing.
        }

        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, level))
        {
            gzip.Write(ring);
        }

        return file.ToArray();
    }

    /// <summary>A ring of format 1 with another JSON header, as Latin-1 so that a test may put in any byte.</summary>
    public static byte[] WithJson(string name, Func<string, string> edit)
    {
        var ring = Inflated(name);
        var json = edit(Encoding.Latin1.GetString(ring, JsonOffset, JsonLength(ring)));
        return Gzip([.. ring[..JsonLengthOffset], .. BigEndian(json.Length), .. Encoding.Latin1.GetBytes(json), .. ring[TableOffset(ring)..]]);
    }

    /// <summary>As <see cref="WithJson(string, Func{string, string})"/>, with one piece replaced that must be there exactly once.</summary>
    public static byte[] WithJson(string name, string piece, string replacement) => WithJson(name, json =>
    {
        Assert.Equal(2, json.Split(piece).Length);
        return json.Replace(piece, replacement, StringComparison.Ordinal);
    });

    /// <summary>A ring of format 1 with other assignments.</summary>
    public static byte[] WithTable(string name, Func<byte[], byte[]> edit)
    {
        var ring = Inflated(name);
        return Gzip([.. ring[..TableOffset(ring)], .. edit(ring[TableOffset(ring)..])]);
    }

    /// <summary>A ring of format 1 with another device at one place of its assignments.</summary>
    public static byte[] WithId(string name, int entry, ushort id) => WithTable(name, table =>
    {
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(entry * sizeof(ushort)), id);
        return table;
    });

    public static byte[] BigEndian(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    public static int TableOffset(byte[] ring) => JsonOffset + JsonLength(ring);

    /// <summary>All a ring says, as text: two rings are the same when these are.</summary>
    public static string Describe(RingTable ring)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{ring.Partitions} partitions, {ring.Replicas} replicas\n").AppendJoin('\n', ring.Devices);
        var ids = new int[ring.ReplicasMax];
        for (var partition = 0u; partition < ring.Partitions; partition++)
        {
            text.Append('\n').AppendJoin(',', ids[..ring.GetPrimaries(partition, ids)]);
        }

        return text.ToString();
    }

    /// <summary>The ring is refused with the one exception for it, which says where, what was wanted and what was found.</summary>
    public static RingFormatException AssertRefused(byte[] file)
    {
        var refusal = Assert.Throws<RingFormatException>(() => RingFile.Decode(file));
        Assert.Matches(@"^ring: byte \d+: wanted \S.*, found \S.*$", refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
        return refusal;
    }

    private static int JsonLength(byte[] ring) => BinaryPrimitives.ReadInt32BigEndian(ring.AsSpan(JsonLengthOffset));
}
