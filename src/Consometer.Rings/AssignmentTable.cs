using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Consometer.Rings;

/// <summary>
/// The rows of the ring in one array, one after another: entry = row × partitions + partition. A row holds one replica of
/// every partition as a device id; the last row may be short (2.5 replicas are two rows and half a one).
/// </summary>
internal abstract class AssignmentTable
{
    /// <summary>More replicas than any cluster has; what reads a partition may rely on it.</summary>
    public const int RowsMax = 256;

    private AssignmentTable(int partitions, int rows, int entries, uint unassigned)
    {
        Partitions = partitions;
        Rows = rows;
        Entries = entries;
        Unassigned = unassigned;
    }

    public int Partitions { get; }

    /// <summary>Rows as Swift counts them: the last may be short, and even empty.</summary>
    public int Rows { get; }

    public int Entries { get; }

    /// <summary>The id that stands for "no device": <c>NONE_DEV</c> in <c>swift/common/ring/utils.py</c>.</summary>
    public uint Unassigned { get; }

    public abstract uint IdAt(int entry);

    /// <summary>Counts the entries of each id: a ring has millions, so this is most of what checking one takes.</summary>
    /// <param name="counts">Room for a count for each id there may be.</param>
    /// <returns>Whether there is no other id, but for <see cref="Unassigned"/>.</returns>
    public abstract bool TryCount(Span<int> counts);

    /// <summary>Decodes the ids.</summary>
    /// <param name="table">The table's bytes: a whole number of ids, at least a row of them and at most <see cref="RowsMax"/>.</param>
    /// <param name="header">Gives the width of the ids and the number of partitions.</param>
    /// <param name="rows">How many rows they are.</param>
    /// <param name="isBigEndian">The byte order of the ids.</param>
    public static AssignmentTable Decode(ReadOnlySpan<byte> table, RingHeader header, int rows, bool isBigEndian)
    {
        var isSwapped = isBigEndian == BitConverter.IsLittleEndian;
        if (header.DeviceIdBytes == sizeof(ushort))
        {
            var narrow = MemoryMarshal.Cast<byte, ushort>(table).ToArray();
            if (isSwapped)
            {
                BinaryPrimitives.ReverseEndianness(narrow, narrow);
            }

            return new Of<ushort>(1 << header.PartPower, rows, narrow);
        }

        var wide = MemoryMarshal.Cast<byte, uint>(table).ToArray();
        if (isSwapped)
        {
            BinaryPrimitives.ReverseEndianness(wide, wide);
        }

        return new Of<uint>(1 << header.PartPower, rows, wide);
    }

    /// <summary>How many ids the bytes of a table hold.</summary>
    /// <param name="bytes">Length of the table.</param>
    /// <param name="header">Gives the width of the ids and the number of partitions.</param>
    /// <param name="offset">Where the table starts, for the error.</param>
    /// <param name="onFault">Told of bytes that are no whole id; they are left out.</param>
    /// <exception cref="RingFormatException">Less than one row, or more than any ring has.</exception>
    public static int CountEntries(int bytes, RingHeader header, long offset, Action<RingFormatException> onFault)
    {
        if (bytes % header.DeviceIdBytes != 0)
        {
            onFault(RingFormatException.At(offset, $"ids of {header.DeviceIdBytes} bytes each", $"{bytes} bytes"));
        }

        var entries = bytes / header.DeviceIdBytes;
        return entries >> header.PartPower == 0
            ? throw RingFormatException.At(offset, $"at least one row of {1L << header.PartPower} partitions", $"{entries} ids: truncated")
            : entries > (long)RowsMax << header.PartPower
            ? throw RingFormatException.At(offset, $"at most {RowsMax} replicas", $"{entries >> header.PartPower}")
            : entries;
    }

    private sealed class Of<TId>(int partitions, int rows, TId[] ids) : AssignmentTable(partitions, rows, ids.Length, uint.CreateTruncating(TId.MaxValue))
        where TId : IUnsignedNumber<TId>, IMinMaxValue<TId>
    {
        public override uint IdAt(int entry) => uint.CreateTruncating(ids[entry]);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override bool TryCount(Span<int> counts)
        {
            foreach (var entry in ids)
            {
                var id = uint.CreateTruncating(entry);
                if (id < (uint)counts.Length)
                {
                    counts[(int)id]++;
                }
                else if (id != Unassigned)
                {
                    return false;
                }
            }

            return true;
        }
    }
}
