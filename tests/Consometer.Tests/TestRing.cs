using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using Consometer.Rings;

namespace Consometer.Tests;

/// <summary>
/// Small rings whose devices are wherever a test has its servers. They pass through the program's own decoder; that this
/// decoder agrees with Swift is for the fixtures to prove, not for these.
/// </summary>
internal static class TestRing
{
    public const int PartPower = 6;

    public const ushort NoDevice = ushort.MaxValue;

    public static HashPath HashPath { get; } = new("", "test");

    public static Device DeviceAt(int id, int port, string ip = "127.0.0.1", string name = "sda", int replicationPort = 0) =>
        new(id, 1, id, ip, port, ip, replicationPort == 0 ? port : replicationPort, name, 1, "");

    /// <summary>Each partition on as many consecutive devices as there are replicas.</summary>
    public static RingTable Spread(int replicas, params IReadOnlyList<Device> devices) => RingFile.Decode(Bytes(replicas, devices));

    /// <summary>The file of the same ring.</summary>
    public static byte[] Bytes(int replicas, params IReadOnlyList<Device> devices) =>
        Bytes(devices, [.. Enumerable.Range(0, replicas).Select(row => Enumerable.Range(0, 1 << PartPower).Select(part => (ushort)((part + row) % devices.Count)).ToArray())]);

    /// <summary>Ring format 1 with these rows, the first of them with an id for each partition; a device that was removed is null.</summary>
    public static byte[] Bytes(IReadOnlyList<Device?> devices, ushort[][] rows)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new
        {
            devs = devices.Select(device => device is null ? null : new
            {
                id = device.Id,
                region = device.Region,
                zone = device.Zone,
                ip = device.Ip,
                port = device.Port,
                replication_ip = device.ReplicationIp,
                replication_port = device.ReplicationPort,
                device = device.Name,
                weight = device.Weight,
                meta = device.Meta,
            }),
            part_shift = 32 - int.Log2(rows[0].Length),
            replica_count = rows.Length,
            byteorder = "little",
        });
        var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
        {
            var length = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(length, (uint)json.Length);
            gzip.Write([.. "R1NG"u8, 0, 1, .. length, .. json]);
            var id = new byte[sizeof(ushort)];
            foreach (var entry in rows.SelectMany(row => row))
            {
                BinaryPrimitives.WriteUInt16LittleEndian(id, entry);
                gzip.Write(id);
            }
        }

        return file.ToArray();
    }
}
