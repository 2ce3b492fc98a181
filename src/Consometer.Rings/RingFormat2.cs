using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Consometer.Rings;

/// <summary>
/// Ring format 2, since Swift 2.36.0: sections with checksums and an index at the end
/// (<c>swift/common/ring/io.py</c>; <c>ring.py</c>, <c>RingData.deserialize_v2</c>).
/// </summary>
/// <remarks>
/// Swift seeks by the compressed offsets; we inflate the whole and go by the uncompressed ones, so a ring that somebody
/// gunzipped and gzipped again, which Swift refuses, is read as well.
/// </remarks>
internal static class RingFormat2
{
    private const int LengthBytes = sizeof(ulong);
    private const int TailBytes = 2 * sizeof(ulong);
    private const int FirstSectionOffset = 6;

    /// <summary>Swift writes three. Each costs a checksum, and in verify an inflater.</summary>
    private const int SectionsMax = 64;

    public static DecodedRing Decode(byte[] ring, Action<RingFormatException> onFault)
    {
        var sections = ReadIndex(ring);
        foreach (var section in sections.Where(section => section.IsVerified))
        {
            RequireChecksum(ring, section);
        }

        var (metadataJson, metadataOffset) = Find(ring, sections, "swift/ring/metadata");
        var (devicesJson, devicesOffset) = Find(ring, sections, "swift/ring/devices");
        var (table, tableOffset) = Find(ring, sections, "swift/ring/assignments");
        using var metadata = RingJson.Parse(metadataJson, metadataOffset);
        using var devices = RingJson.Parse(devicesJson, devicesOffset);

        var header = new RingHeader(
            2, metadata.WholeNumber("dev_id_bytes", 1, int.MaxValue), metadata.BuilderVersion(), metadata.PartPower(), metadata.NextPartPower())
        {
            Sections = sections,
        };
        if (header.DeviceIdBytes is not (sizeof(ushort) or sizeof(uint)))
        {
            throw RingFormatException.At(metadataOffset, "device ids of 2 or 4 bytes", $"dev_id_bytes {header.DeviceIdBytes}");
        }

        var entries = AssignmentTable.CountEntries(table.Length, header, tableOffset, onFault);
        var rows = (int)((entries + (1L << header.PartPower) - 1) >> header.PartPower);
        var assignments = AssignmentTable.Decode(table.Span[..(entries * header.DeviceIdBytes)], header, rows, isBigEndian: true);
        return new DecodedRing(header, devices.Devices(), assignments, tableOffset);
    }

    private static RingSection[] ReadIndex(byte[] ring)
    {
        if (ring.Length < FirstSectionOffset + LengthBytes + TailBytes)
        {
            throw RingFormatException.At(ring.Length, "the offsets of the index", "the end of the ring");
        }

        var start = BinaryPrimitives.ReadUInt64BigEndian(ring.AsSpan(ring.Length - TailBytes));
        using var json = RingJson.Parse(ReadBlob(ring, start, (ulong)(ring.Length - TailBytes), "the index"), (long)start + LengthBytes);
        var sections = json.Sections();
        RequireApart(sections, (long)start);
        return sections;
    }

    /// <summary>
    /// Sections are one after another, and there is one of each name. Where they might overlap, a small index could ask for the checksum
    /// of the whole ring a million times over.
    /// </summary>
    private static void RequireApart(RingSection[] sections, long indexStart)
    {
        if (sections.Length > SectionsMax)
        {
            throw RingFormatException.At(indexStart, $"at most {SectionsMax} sections", $"{sections.Length}");
        }

        long end = FirstSectionOffset;
        foreach (var section in sections)
        {
            if (section.Start < end || section.End < section.Start || section.End > indexStart)
            {
                throw RingFormatException.At(indexStart, $"{section.Name} between byte {end} and the index", $"bytes {section.Start} to {section.End}");
            }

            end = section.End;
        }

        if (sections.CountBy(section => section.Name).FirstOrDefault(name => name.Value > 1).Key is { } twice)
        {
            throw RingFormatException.At(indexStart, $"one section {twice}", "more");
        }
    }

    private static (ReadOnlyMemory<byte> Data, long Offset) Find(byte[] ring, RingSection[] sections, string name)
    {
        var section = sections.FirstOrDefault(section => section.Name == name)
            ?? throw RingFormatException.At(ring.Length - TailBytes, $"an index entry for {name}", "none");
        return section.IsVerified
            ? (Data(ring, section), section.Start + LengthBytes)
            : throw RingFormatException.At(section.Start, "a checksum of md5, sha1, sha256 or sha512", $"\"{section.Method}\"");
    }

    /// <summary>The checksum covers the length before the data too (<c>io.py</c>, <c>RingWriter.section</c>).</summary>
    private static void RequireChecksum(byte[] ring, RingSection section)
    {
        var blob = ring.AsSpan((int)section.Start, LengthBytes + Data(ring, section).Length);
        var checksum = Convert.ToHexStringLower(section.Method switch
        {
            "md5" => MD5.HashData(blob),
            "sha1" => SHA1.HashData(blob),
            "sha256" => SHA256.HashData(blob),
            _ => SHA512.HashData(blob),
        });
        if (!checksum.Equals(section.Checksum, StringComparison.OrdinalIgnoreCase))
        {
            throw RingFormatException.At(section.Start, $"{section.Name} with {section.Method} {section.Checksum}", checksum);
        }
    }

    private static ReadOnlyMemory<byte> Data(byte[] ring, RingSection section) =>
        ReadBlob(ring, (ulong)section.Start, (ulong)section.End, section.Name);

    /// <summary>A blob is its length in eight bytes, then the data; it must end where the index says.</summary>
    private static ReadOnlyMemory<byte> ReadBlob(byte[] ring, ulong start, ulong end, string what)
    {
        if (start < FirstSectionOffset || end > (ulong)ring.Length || start > end || end - start < LengthBytes)
        {
            throw RingFormatException.At(ring.Length - TailBytes, $"{what} within the {ring.Length} bytes of the ring", $"bytes {start} to {end}");
        }

        var length = BinaryPrimitives.ReadUInt64BigEndian(ring.AsSpan((int)start));
        if (length != end - start - LengthBytes)
        {
            throw RingFormatException.At((long)start, $"{what} of {end - start - LengthBytes} bytes", $"a length of {length}");
        }

        return ring.AsMemory((int)start + LengthBytes, (int)length);
    }
}
