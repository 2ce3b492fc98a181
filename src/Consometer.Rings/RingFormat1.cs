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

    public static RingTable Decode(byte[] ring)
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
        var assignments = AssignmentTable.Decode(ring.AsSpan(tableOffset), header.DeviceIdBytes, BigEndian(json), header.PartPower, tableOffset);
        var rows = json.WholeNumber("replica_count", 1, int.MaxValue);
        if (assignments.Rows != rows && !HasEmptyLastRow(assignments, rows))
        {
            throw RingFormatException.At(
                tableOffset,
                $"{rows} rows of {assignments.Partitions} partitions, the last perhaps shorter",
                $"{assignments.Entries} ids: {(assignments.Rows < rows ? "truncated" : "bytes added")}");
        }

        return RingTable.Create(header, json.Devices(), assignments, tableOffset);
    }

    /// <summary>
    /// The builder writes a last row of no partitions for a fraction of a replica that rounds to none: 2.1 replicas of four
    /// partitions. In larger rings no one has such a fraction, and a row that is not there was cut off.
    /// </summary>
    private static bool HasEmptyLastRow(AssignmentTable assignments, int rows) =>
        assignments.Partitions <= EmptyRowPartitionsMax && assignments.Entries == (rows - 1L) * assignments.Partitions;

    /// <summary>A header without <c>byteorder</c> is of before 2.12: the order of the machine that wrote it, in practice little-endian.</summary>
    private static bool BigEndian(RingJson json) => json.Text("byteorder") switch
    {
        null or "little" => false,
        "big" => true,
        var other => throw RingFormatException.At(JsonOffset, "byteorder little or big", $"\"{other}\""),
    };
}
