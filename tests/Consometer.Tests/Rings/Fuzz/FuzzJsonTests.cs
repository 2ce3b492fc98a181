using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Consometer.Tests.Rings.Fuzz;

/// <summary>The JSON of format 1 mutated, with its length right again.</summary>
public sealed class FuzzJsonTests
{
    private const int Mutants = 5_000;
    private const int JsonLengthOffset = 6;
    private const int JsonOffset = 10;

    /// <summary>Four cases, for none to take long.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_ring_with_mutated_JSON_is_usable_or_refused(int part)
    {
        FuzzRun.Of($"json {part}", Mutants, random =>
        {
            var ring = Corpus.Any(Corpus.Format1, random).Inflated;
            return WithJson(ring, JsonMutation.Any(ring[JsonOffset..EditedRing.TableOffset(ring)], random));
        }).AssertBoth();
    }

    /// <summary>Every number of replicas with every part shift, near what a decoder has as limits and far from it.</summary>
    [Theory]
    [InlineData("single.v1")]
    [InlineData("one-partition.v1")]
    [InlineData("fractional.v1")]
    public void A_ring_with_any_replicas_and_any_part_shift_is_usable_or_refused(string name)
    {
        var ring = Corpus.Format1.Single(ring => ring.Name == name).Inflated;
        var json = Encoding.Latin1.GetString(ring, JsonOffset, EditedRing.TableOffset(ring) - JsonOffset);
        Assert.Contains("\"part_shift\"", json, StringComparison.Ordinal);
        Assert.Contains("\"replica_count\"", json, StringComparison.Ordinal);

        // The last of two keys is the one that counts, in Python and here.
        FuzzRun.OfEach($"replicas and part shift {name}", Combinations().Select(both => WithJson(ring, Encoding.Latin1.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{json[..^1]}, \"replica_count\": {both.Replicas}, \"part_shift\": {both.PartShift}}}"))))).AssertBoth();
    }

    private static IEnumerable<(long Replicas, long PartShift)> Combinations()
    {
        long[] replicas = [-1, .. Enumerable.Range(0, 40), .. Enumerable.Range(254, 5), 65535, 65536, int.MaxValue, 1L << 31, uint.MaxValue, 1L << 32, long.MaxValue];
        long[] partShifts = [-1, .. Enumerable.Range(0, 36), 63, 64, 65, 255, int.MaxValue, 1L << 31, uint.MaxValue, (1L << 32) + 24, long.MaxValue];
        return replicas.SelectMany(replica => partShifts.Select(partShift => (replica, partShift)));
    }

    private static byte[] WithJson(byte[] ring, byte[] json)
    {
        var length = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)json.Length);
        return Corpus.Gzip([.. ring[..JsonLengthOffset], .. length, .. json, .. ring[EditedRing.TableOffset(ring)..]]);
    }
}
