using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Consometer.Rings;

/// <summary>
/// The rows of the ring in one array, one after another: entry = row × partitions + partition. A row holds one replica of
/// every partition as a device id; the last row may be short (2.5 replicas are two rows and half a one).
/// </summary>
internal abstract class AssignmentTable
{
    /// <summary>More replicas than any cluster has; what reads a partition may rely on it.</summary>
    private const int ReplicasMax = 256;

    private AssignmentTable(int partitions, int entries, uint unassigned)
    {
        Partitions = partitions;
        Entries = entries;
        Unassigned = unassigned;
    }

    public int Partitions { get; }

    public int Entries { get; }

    /// <summary>The id that stands for "no device": <c>NONE_DEV</c> in <c>swift/common/ring/utils.py</c>.</summary>
    public uint Unassigned { get; }

    public int Rows => (Entries + Partitions - 1) / Partitions;

    public abstract uint IdAt(int entry);

    /// <summary>Decodes the ids.</summary>
    /// <param name="table">The table's bytes.</param>
    /// <param name="idBytes">Bytes of one id, 2 or 4.</param>
    /// <param name="bigEndian">The byte order of the ids.</param>
    /// <param name="partPower">The logarithm of the number of partitions.</param>
    /// <param name="offset">Where the table starts, for the error.</param>
    /// <exception cref="RingFormatException">Not a whole number of ids, or less than one row.</exception>
    public static AssignmentTable Decode(ReadOnlySpan<byte> table, int idBytes, bool bigEndian, int partPower, long offset)
    {
        if (table.Length % idBytes != 0)
        {
            throw RingFormatException.At(offset, $"ids of {idBytes} bytes each", $"{table.Length} bytes");
        }

        var entries = table.Length / idBytes;
        if (entries >> partPower == 0)
        {
            throw RingFormatException.At(offset, $"at least one row of {1L << partPower} partitions", $"{entries} ids: truncated");
        }

        if (entries >> partPower > ReplicasMax)
        {
            throw RingFormatException.At(offset, $"at most {ReplicasMax} replicas", $"{entries >> partPower}");
        }

        var swap = bigEndian == BitConverter.IsLittleEndian;
        if (idBytes == sizeof(ushort))
        {
            var ids = MemoryMarshal.Cast<byte, ushort>(table).ToArray();
            if (swap)
            {
                BinaryPrimitives.ReverseEndianness(ids, ids);
            }

            return new Narrow(1 << partPower, ids);
        }
        else
        {
            var ids = MemoryMarshal.Cast<byte, uint>(table).ToArray();
            if (swap)
            {
                BinaryPrimitives.ReverseEndianness(ids, ids);
            }

            return new Wide(1 << partPower, ids);
        }
    }

    private sealed class Narrow(int partitions, ushort[] ids) : AssignmentTable(partitions, ids.Length, ushort.MaxValue)
    {
        public override uint IdAt(int entry) => ids[entry];
    }

    private sealed class Wide(int partitions, uint[] ids) : AssignmentTable(partitions, ids.Length, uint.MaxValue)
    {
        public override uint IdAt(int entry) => ids[entry];
    }
}
