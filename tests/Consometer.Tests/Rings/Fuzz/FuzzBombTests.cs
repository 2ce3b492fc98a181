using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Consometer.Rings.Inspection;

namespace Consometer.Tests.Rings.Fuzz;

/// <summary>
/// Small files that inflate to a lot. What they cost is bounded by what they inflate to, and that is bounded: nothing for what is no
/// ring, 512 MiB for one that is.
/// </summary>
public sealed class FuzzBombTests
{
    private const int MiB = 1 << 20;

    /// <summary>Two tokens of an empty list are three bytes of JSON and 24 in memory, in an array that is made anew as it grows.</summary>
    private const long JsonBytesPerByte = 40;

    private static readonly byte[] Ring = Corpus.Format1.Single(ring => ring.Name == "small.v1").Inflated;

    public static TheoryData<string> Shapes() =>
    [
        "no ring", "zeros after the header", "a JSON of zeros", "empty lists", "one-letter texts", "numbers", "holes", "one long text", "one long number",
        "escapes", "keys", "deep",
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_bomb_is_a_ring_or_refused_at_a_price_of_its_size(string shape)
    {
        var bomb = Gzip(Bomb(shape));
        Assert.InRange(bomb.Length, 0, MiB / 4);

        var sound = Corpus.All[0].File;
        byte[][] files = [bomb, [.. sound, .. bomb], [.. bomb, .. sound], bomb[..^1], bomb[..(bomb.Length / 2)], Lie(bomb, 100), Lie(bomb, uint.MaxValue)];
        FuzzRun.OfEach($"bomb {shape}", files, JsonBytesPerByte);
    }

    [Fact]
    public void What_is_no_ring_is_not_inflated()
    {
        var bomb = Gzip(new byte[64 * MiB]);

        Assert.InRange(Allocated(() => EditedRing.AssertRefused(bomb)), 0, MiB);
        Assert.InRange(Allocated(() => Assert.Single(RingVerification.Of(bomb))), 0, MiB);
    }

    [Fact]
    public void What_claims_to_be_small_is_inflated_no_further()
    {
        var bomb = Lie(Gzip([.. Ring, .. new byte[64 * MiB]]), (uint)Ring.Length);

        Assert.InRange(Allocated(() => EditedRing.AssertRefused(bomb)), 0, MiB);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void JSON_of_more_than_32_MiB_is_refused(int format)
    {
        var spaces = new byte[33 * MiB];
        spaces.AsSpan().Fill((byte)' ');
        byte[] json = [.. spaces, .. "{}"u8];

        var file = format == 1 ? Gzip(WithJson(json)) : new SectionedRing("small.v2").With(SectionedRing.Devices, json).ToFile();

        Assert.Equal($"JSON of at most {32 * MiB} bytes", EditedRing.AssertRefused(file).Wanted);
    }

    /// <summary>Some eight MiB each; all but the first begin as a ring does.</summary>
    private static byte[] Bomb(string shape) => shape switch
    {
        "no ring" => new byte[8 * MiB],
        "zeros after the header" => [.. Ring, .. new byte[8 * MiB]],
        "a JSON of zeros" => WithJson(new byte[8 * MiB]),
        "empty lists" => WithJson(List("[],", 8 * MiB / 3)),
        "one-letter texts" => WithJson(List("\"a\",", 2 * MiB)),
        "numbers" => WithJson(List("1,", 4 * MiB)),
        "holes" => WithJson([.. "{\"part_shift\": 24, \"replica_count\": 3, \"devs\": "u8, .. List("null,", 3 * MiB / 2), .. "}"u8]),
        "one long text" => WithJson([.. "{\"part_shift\": \""u8, .. Repeated("x", 8 * MiB), .. "\"}"u8]),
        "one long number" => WithJson([.. "{\"part_shift\": "u8, .. Repeated("9", 8 * MiB), .. "}"u8]),
        "escapes" => WithJson([.. "{\"part_shift\": \""u8, .. Repeated("\\u0041", 8 * MiB / 6), .. "\"}"u8]),
        "keys" => WithJson([.. "{"u8, .. Repeated("\"a\":1,", 8 * MiB / 6), .. "\"a\":1}"u8]),
        _ => WithJson(Repeated("[", 8 * MiB)),
    };

    private static byte[] List(string item, int times) => [.. "["u8, .. Repeated(item, times), .. "[]]"u8];

    private static byte[] Repeated(string item, int times)
    {
        var bytes = new byte[item.Length * times];
        for (var i = 0; i < bytes.Length; i += item.Length)
        {
            Encoding.ASCII.GetBytes(item, bytes.AsSpan(i));
        }

        return bytes;
    }

    private static byte[] WithJson(byte[] json) => [.. Ring[..6], .. EditedRing.BigEndian(json.Length), .. json, .. Ring[EditedRing.TableOffset(Ring)..]];

    private static byte[] Gzip(byte[] ring) => EditedRing.Gzip(ring, CompressionLevel.Fastest);

    /// <summary>The same with another length in the trailer.</summary>
    private static byte[] Lie(byte[] file, uint length)
    {
        var lie = (byte[])file.Clone();
        BinaryPrimitives.WriteUInt32LittleEndian(lie.AsSpan(^sizeof(uint)), length);
        return lie;
    }

    /// <summary>What it allocates when it has been done before.</summary>
    private static long Allocated(Action act)
    {
        act();
        var before = GC.GetAllocatedBytesForCurrentThread();
        act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
