using System.Buffers.Binary;
using System.IO.Compression;

namespace Consometer.Rings.Inspection;

/// <summary>
/// Everything that can be wrong with a ring. <see cref="RingFile"/> refuses a ring at its first fault; this reads on as long as there is
/// sense in it, as Swift would, and tells all.
/// </summary>
public static class RingVerification
{
    /// <summary>From the end of a file of format 2: the compressed start of the index, a flush, the end of the stream, the trailer (<c>io.py</c>).</summary>
    private const int IndexStartFromEnd = 26;

    /// <summary>Looks at the bytes of a <c>.ring.gz</c>.</summary>
    /// <returns>The findings in the order of the file; none for a sound ring.</returns>
    public static IReadOnlyList<RingFinding> Of(byte[] file)
    {
        var findings = new List<RingFinding>();
        var place = "file byte";
        try
        {
            var member = GzipMember.Read(file, findings.Add);
            place = "ring byte";
            var ring = RingFile.Decode(member.Inflated, fault => findings.Add(Error(place, fault)));
            if (ring.Header.Format == 2)
            {
                findings.AddRange(CompressedOffsets(file, member, ring.Header.Sections));
            }

            findings.AddRange(TableVerification.Of(ring));
        }
        catch (RingFormatException fatal)
        {
            findings.Add(Error(place, fatal) with { Found = $"{fatal.Found}; nothing after it was looked at" });
        }

        return findings;
    }

    /// <summary>Swift finds the sections of format 2 by where they begin in the file, which changes when the ring is gzipped again.</summary>
    private static IEnumerable<RingFinding> CompressedOffsets(byte[] file, GzipMember member, IReadOnlyList<RingSection> sections)
    {
        var indexAt = member.End - IndexStartFromEnd;
        var compressedStart = indexAt < 0 ? ulong.MaxValue : BinaryPrimitives.ReadUInt64BigEndian(file.AsSpan(indexAt));
        var start = BinaryPrimitives.ReadUInt64BigEndian(member.Inflated.AsSpan(^(2 * sizeof(ulong))));
        if (!InflatesTo(file, compressedStart, member.Inflated.AsSpan((int)start..^(2 * sizeof(ulong)))))
        {
            yield return new RingFinding(
                FindingWeight.Error, $"file byte {indexAt}", "where the index begins in the file", "something else: Swift can't read a ring that was gzipped again");
            yield break;
        }

        foreach (var section in sections)
        {
            if (!InflatesTo(file, (ulong)section.CompressedStart, member.Inflated.AsSpan((int)section.Start..(int)section.End)))
            {
                yield return new RingFinding(
                    FindingWeight.Error, $"file byte {section.CompressedStart}", $"the beginning of {section.Name}", "something else: Swift can't read it");
            }
        }
    }

    private static bool InflatesTo(byte[] file, ulong start, ReadOnlySpan<byte> wanted)
    {
        if (start >= (ulong)file.Length)
        {
            return false;
        }

        var found = new byte[wanted.Length];
        try
        {
            using var deflate = new DeflateStream(new MemoryStream(file, (int)start, file.Length - (int)start, writable: false), CompressionMode.Decompress);
            return deflate.ReadAtLeast(found, found.Length, throwOnEndOfStream: false) == found.Length && wanted.SequenceEqual(found);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static RingFinding Error(string place, RingFormatException fault) =>
        new(FindingWeight.Error, $"{place} {fault.Offset}", fault.Wanted, fault.Found);
}
