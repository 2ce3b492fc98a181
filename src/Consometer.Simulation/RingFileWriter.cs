using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using Consometer.Rings;

namespace Consometer.Simulation;

/// <summary>
/// Writes rings of format 1 as Swift does (<c>swift/common/ring/ring.py</c>, <c>RingData.serialize_v1</c>). It checks nothing,
/// as Swift checks nothing, so that a ring that should be refused can be written as well.
/// </summary>
public static class RingFileWriter
{
    private const ushort Format = 1;

    /// <summary>Writes the file whole and only then gives it its name, so that a reader never meets half a ring.</summary>
    /// <param name="path">The <c>.ring.gz</c>; replaced if there is one.</param>
    /// <param name="devices">The devices by id; null where one was removed.</param>
    /// <param name="rows">One row a replica: device ids by partition. The last may be shorter than the others (2.5 replicas).</param>
    /// <param name="partShift">32 minus the part power.</param>
    /// <param name="builderVersion">How often the builder file had changed; null leaves it out, as Swift before 2.24.0 did.</param>
    public static void Write(
        string path, IReadOnlyList<Device?> devices, IReadOnlyList<ushort[]> rows, int partShift, long? builderVersion = null)
    {
        var unfinished = path + ".unfinished";
        using (var gzip = new GZipStream(File.Create(unfinished), CompressionLevel.Optimal))
        {
            gzip.Write(Serialize(devices, rows, partShift, builderVersion));
        }

        File.Move(unfinished, path, overwrite: true);
    }

    private static ReadOnlySpan<byte> Serialize(
        IReadOnlyList<Device?> devices, IReadOnlyList<ushort[]> rows, int partShift, long? builderVersion)
    {
        var json = Header(devices, rows.Count, partShift, builderVersion);
        var ring = new ArrayBufferWriter<byte>();
        ring.Write("R1NG"u8);
        BinaryPrimitives.WriteUInt16BigEndian(ring.GetSpan(sizeof(ushort)), Format);
        ring.Advance(sizeof(ushort));
        BinaryPrimitives.WriteUInt32BigEndian(ring.GetSpan(sizeof(uint)), (uint)json.Length);
        ring.Advance(sizeof(uint));
        ring.Write(json);
        foreach (var row in rows)
        {
            var bytes = ring.GetSpan(row.Length * sizeof(ushort));
            for (var partition = 0; partition < row.Length; partition++)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(bytes[(partition * sizeof(ushort))..], row[partition]);
            }

            ring.Advance(row.Length * sizeof(ushort));
        }

        return ring.WrittenSpan;
    }

    private static ReadOnlySpan<byte> Header(IReadOnlyList<Device?> devices, int rows, int partShift, long? builderVersion)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("byteorder", "little");
            json.WriteStartArray("devs");
            foreach (var device in devices)
            {
                Write(json, device);
            }

            json.WriteEndArray();
            json.WriteNumber("part_shift", partShift);
            json.WriteNumber("replica_count", rows);
            if (builderVersion is { } version)
            {
                json.WriteNumber("version", version);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }

    private static void Write(Utf8JsonWriter json, Device? device)
    {
        if (device is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("device", device.Name);
        json.WriteNumber("id", device.Id);
        json.WriteString("ip", device.Ip);
        json.WriteString("meta", device.Meta);
        json.WriteNumber("port", device.Port);
        json.WriteNumber("region", device.Region);
        json.WriteString("replication_ip", device.ReplicationIp);
        json.WriteNumber("replication_port", device.ReplicationPort);
        json.WriteNumber("weight", device.Weight);
        json.WriteNumber("zone", device.Zone);
        json.WriteEndObject();
    }
}
