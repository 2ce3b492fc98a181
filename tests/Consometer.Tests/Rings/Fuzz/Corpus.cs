using System.IO.Compression;
using Consometer.Rings;

namespace Consometer.Tests.Rings.Fuzz;

/// <summary>A ring of the fixtures, to be mutated.</summary>
internal sealed record CorpusRing(string Name, byte[] File, byte[] Inflated);

/// <summary>The fixtures that are small enough to be decoded some ten thousand times each.</summary>
internal static class Corpus
{
    public static CorpusRing[] Format1 { get; } = Read(
        "single.v1", "one-partition.v1", "empty-row.v1", "corner.v1", "one-host.v1", "small.v1", "holes.v1", "fractional.v1", "big-endian.v1",
        "oldest-header.v1", "ipv6.v1");

    public static CorpusRing[] Format2 { get; } = Read("single.v2", "one-host.v2", "small.v2", "holes.v2", "fractional.v2", "ipv6.v2", "wide-ids.v2");

    public static CorpusRing[] All { get; } = [.. Format1, .. Format2];

    /// <summary>All that these rings say, as text.</summary>
    public static IReadOnlySet<string> Sound { get; } = All.Select(ring => EditedRing.Describe(RingFile.Decode(ring.File))).ToHashSet();

    public static CorpusRing Any(CorpusRing[] rings, Random random) => rings[random.Next(rings.Length)];

    /// <summary>Right again from the outside.</summary>
    public static byte[] Gzip(byte[] ring) => EditedRing.Gzip(ring, CompressionLevel.NoCompression);

    private static CorpusRing[] Read(params string[] names) => [.. names.Select(name => new CorpusRing(name, EditedRing.File(name), EditedRing.Inflated(name)))];
}
