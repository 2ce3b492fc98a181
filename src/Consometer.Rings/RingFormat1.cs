using System.Buffers.Binary;

namespace Consometer.Rings;

/// <summary>
/// Ring format 1: magic, format, length of the JSON, the JSON, then the rows of two-byte device ids
/// (<c>swift/common/ring/ring.py</c>, <c>RingData.deserialize_v1</c>).
/// </summary>
/// <remarks>
/// Swift itself checks nothing: it reads a truncated table as fewer replicas and trailing bytes as partitions.
/// Here every row but the last must be whole, and nothing may follow.
/// </remarks>
internal static class RingFormat1
{
    private const int JsonLengthOffset = 6;
    private const int JsonOffset = 10;
    private const int EmptyRowPartitionsMax = 128;

    public static DecodedRing Decode(byte[] ring, Action<RingFormatException> onFault)
    {
        if (ring.Length < JsonOffset)
        {
            throw RingFormatException.At(ring.Length, "the length of the JSON header", "the end of the ring");
        }

        var jsonLength = BinaryPrimitives.ReadUInt32BigEndian(ring.AsSpan(JsonLengthOffset));
        if (jsonLength > ring.Length - JsonOffset)
        {
            throw RingFormatException.At(JsonLengthOffset, $"a JSON header within the {ring.Length} bytes of the ring", $"one of {jsonLength} bytes");
        }

        var tableOffset = JsonOffset + (int)jsonLength;
        using var json = RingJson.Parse(ring.AsMemory(JsonOffset, (int)jsonLength), JsonOffset);
        var header = new RingHeader(1, sizeof(ushort), json.BuilderVersion(), json.PartPower(), json.NextPartPower());
        var rows = json.WholeNumber("replica_count", 1, AssignmentTable.RowsMax);
        var entries = AssignmentTable.CountEntries(ring.Length - tableOffset, header, tableOffset, onFault);
        var whole = (long)rows << header.PartPower;
        if (entries > whole || (entries <= whole - (1L << header.PartPower) && !HasEmptyLastRow(entries, rows, header)))
        {
            onFault(RingFormatException.At(
                tableOffset,
                $"{rows} rows of {1L << header.PartPower} partitions, the last perhaps shorter",
                $"{entries} ids: {(entries > whole ? "bytes added" : "truncated")}"));
            entries = (int)Math.Min(entries, whole);
        }

        var table = ring.AsSpan(tableOffset, entries * header.DeviceIdBytes);
        return new DecodedRing(header, json.Devices(), AssignmentTable.Decode(table, header, rows, IsBigEndian(json)), tableOffset);
    }

    /// <summary>
    /// The builder writes a last row of no partitions for a fraction of a replica that rounds to none: 2.1 replicas of four
    /// partitions. In larger rings no one has such a fraction, and a row that is not there was cut off.
    /// </summary>
    private static bool HasEmptyLastRow(int entries, int rows, RingHeader header) =>
        1L << header.PartPower <= EmptyRowPartitionsMax && entries == (rows - 1L) << header.PartPower;

    /// <summary>A header without <c>byteorder</c> is of before 2.12: the order of the machine that wrote it, in practice little-endian.</summary>
    private static bool IsBigEndian(RingJson json) => json.Text("byteorder") switch
    {
        null or "little" => false,
        "big" => true,
        var other => throw RingFormatException.At(JsonOffset, "byteorder little or big", $"\"{other}\""),
    };
}
