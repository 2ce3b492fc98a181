using System.Buffers.Binary;
using Consometer.Rings;

namespace Consometer.Tests.Rings;

/// <summary>Format 1, where Swift itself checks nothing: what it would misread is refused here.</summary>
public sealed class RingFormat1Tests
{
    private const int Partitions = 256;

    [Theory]
    [InlineData("\"part_shift\": 24", "\"part_shift\": 0", "part_shift")]
    [InlineData("\"part_shift\": 24", "\"part_shift\": 33", "part_shift")]
    [InlineData("\"part_shift\": 24", "\"part_shift\": -1", "part_shift")]
    [InlineData("\"part_shift\": 24", "\"part_shift\": 24.5", "part_shift")]
    [InlineData("\"part_shift\": 24", "\"part_shift\": \"24\"", "part_shift")]
    [InlineData("\"part_shift\": 24", "\"part_shift\": 1e999", "part_shift")]
    [InlineData("\"part_shift\": 24", "\"part_shift\": 99999999999999999999", "part_shift")]
    [InlineData("\"part_shift\": 24, ", "", "part_shift")]
    [InlineData("\"part_shift\": 24", "\"part_shift\": 1", "2147483648 partitions")]
    [InlineData("\"part_shift\": 24", "\"part_shift\": 23", "3 rows of 512")]
    [InlineData("\"part_shift\": 24", "\"part_shift\": 25", "3 rows of 128")]
    [InlineData("\"part_shift\": 24", "\"part_shift\": 32", "at most 256 replicas")]
    [InlineData("\"replica_count\": 3", "\"replica_count\": 4", "4 rows of 256")]
    [InlineData("\"replica_count\": 3", "\"replica_count\": 2", "2 rows of 256")]
    [InlineData("\"replica_count\": 3", "\"replica_count\": 2.5", "replica_count")]
    [InlineData("\"replica_count\": 3", "\"replica_count\": 0", "replica_count")]
    [InlineData("\"replica_count\": 3", "\"replica_count\": -3", "replica_count")]
    [InlineData("\"replica_count\": 3", "\"replica_count\": null", "replica_count")]
    [InlineData("\"byteorder\": \"little\"", "\"byteorder\": \"middle\"", "little or big")]
    [InlineData("\"byteorder\": \"little\"", "\"byteorder\": \"\"", "little or big")]
    [InlineData("\"byteorder\": \"little\"", "\"byteorder\": 1", "byteorder")]
    [InlineData("\"byteorder\": \"little\"", "\"byteorder\": \"big\"", "the id of one of 8 devices")]
    [InlineData("\"version\": 10", "\"version\": 1.5", "version")]
    [InlineData("\"version\": 10", "\"next_part_power\": 33", "next_part_power")]
    [InlineData("\"devs\": [", "\"devs_\": [", "a list of devices")]
    [InlineData("\"devs\": [", "\"devs\": {}, \"devs_\": [", "a list of devices")]
    [InlineData("\"devs\": [", "\"devs\": [7, ", "device 0")]
    [InlineData("\"devs\": [", "\"devs\": [null, ", "id 1 at index 1")]
    [InlineData("\"device\": \"sdd\"", "\"device\": \"\"", "device of device 2")]
    [InlineData("\"device\": \"sdd\"", "\"device\": 7", "device")]
    [InlineData("\"device\": \"sdd\", ", "", "device of device 2")]
    [InlineData("\"id\": 2, \"ip\": \"10.9.1.2\"", "\"id\": 2, \"ip\": \"\"", "ip of device 2")]
    [InlineData("\"id\": 2, \"ip\": \"10.9.1.2\"", "\"id\": 2", "ip of device 2")]
    [InlineData("\"id\": 2", "\"id\": 3", "id 2 at index 2")]
    public void A_header_unlike_Swifts_is_refused(string piece, string replacement, string wanted)
    {
        var refusal = EditedRing.AssertRefused(EditedRing.WithJson("small.v1", piece, replacement));

        Assert.Contains(wanted, refusal.Wanted, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("port", "65536")]
    [InlineData("port", "-1")]
    [InlineData("port", "null")]
    [InlineData("replication_port", "\"6202\"")]
    [InlineData("zone", "-1")]
    [InlineData("zone", "1.5")]
    [InlineData("region", "\"r1\"")]
    [InlineData("weight", "\"100\"")]
    public void A_device_with_a_wrong_number_is_refused(string key, string value)
    {
        var file = EditedRing.WithJson("one-partition.v1", json => ReplaceFirstNumber(json, key, value));

        Assert.Contains(key, EditedRing.AssertRefused(file).Wanted, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("[null]")]
    [InlineData("null")]
    [InlineData("3")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"devs\": [], }")]
    [InlineData("{} // remark")]
    [InlineData("{\"a\": NaN}")]
    [InlineData("{'a': 1}")]
    [InlineData("\u00ef\u00bb\u00bf{}")]
    public void A_header_that_is_no_object_or_no_JSON_is_refused(string json)
    {
        EditedRing.AssertRefused(EditedRing.WithJson("small.v1", _ => json));
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void A_header_10000_levels_deep_is_refused(string open, string close)
    {
        const int Levels = 10_000;
        var deep = string.Concat(Enumerable.Repeat(open, Levels)) + "1" + string.Concat(Enumerable.Repeat(close, Levels));

        EditedRing.AssertRefused(EditedRing.WithJson("small.v1", _ => deep));
        EditedRing.AssertRefused(EditedRing.WithJson("small.v1", "\"version\": 10", $"\"version\": 10, \"more\": {deep}"));
    }

    /// <summary>In a value that is read, in one that is not, and in a key; each as bytes and as an escape.</summary>
    [Theory]
    [InlineData("\u00ff")]
    [InlineData("a\u00c3")]
    [InlineData("\u00ed\u00a0\u0080")] // A surrogate in UTF-8's clothes.
    [InlineData(@"\ud800")]
    [InlineData(@"\udc00x")]
    [InlineData(@"\ud800\ud800")]
    public void Text_that_is_not_Unicode_is_refused(string text)
    {
        foreach (var unread in new[] { $"\"{text}\": 1", $"\"x\": \"{text}\"", $"\"x\": [{{\"{text}\": \"{text}\"}}]" })
        {
            EditedRing.AssertRefused(EditedRing.WithJson("small.v1", "\"version\": 10", $"\"version\": 10, {unread}"));
        }

        EditedRing.AssertRefused(EditedRing.WithJson("small.v1", "\"device\": \"sdd\"", $"\"device\": \"{text}\""));
    }

    [Theory]
    [InlineData(@"r\u00e4ck \ud83d\ude00", "räck 😀")]
    [InlineData("r\u00c3\u00a4ck", "räck")]
    public void Text_that_is_Unicode_is_read(string text, string expected)
    {
        var ring = RingFile.Decode(EditedRing.WithJson("single.v1", "\"meta\": \"\"", $"\"meta\": \"{text}\""));

        Assert.Equal(expected, ring.Devices[0]!.Meta);
    }

    [Fact]
    public void What_older_Swifts_left_out_has_its_meaning()
    {
        var file = EditedRing.WithJson("single.v1", json => json
            .Replace("\"region\": 1, ", "", StringComparison.Ordinal)
            .Replace("\"replication_ip\": \"10.9.0.1\", \"replication_port\": 6202, ", "", StringComparison.Ordinal)
            .Replace("\"weight\": 100.0, ", "", StringComparison.Ordinal)
            .Replace("\"meta\": \"\", ", "", StringComparison.Ordinal));

        Assert.Equal(new Device(0, 1, 1, "10.9.0.1", 6202, "10.9.0.1", 6202, "sdb", 0, ""), RingFile.Decode(file).Devices[0]);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(5_000u)]
    [InlineData((uint)int.MaxValue)]
    [InlineData(uint.MaxValue)]
    public void A_wrong_length_of_the_header_is_refused(uint length)
    {
        var ring = EditedRing.Inflated("small.v1");
        BinaryPrimitives.WriteUInt32BigEndian(ring.AsSpan(6), length);
        EditedRing.AssertRefused(EditedRing.Gzip(ring));
    }

    [Theory]
    [InlineData("small.v1", 1)]
    [InlineData("small.v1", 2)]
    [InlineData("small.v1", 512)]
    [InlineData("fractional.v1", 1)]
    [InlineData("fractional.v1", 258)] // Half a row is missing, and this is one id more.
    [InlineData("big-endian.v1", 257)]
    public void Bytes_after_the_last_row_are_refused(string name, int bytes)
    {
        EditedRing.AssertRefused(EditedRing.WithTable(name, table => [.. table, .. new byte[bytes]]));
    }

    [Fact]
    public void Text_after_a_short_last_row_is_refused_as_ids_without_a_device()
    {
        var refusal = EditedRing.AssertRefused(EditedRing.WithTable("fractional.v1", table => [.. table, .. "text"u8]));

        Assert.Equal($"{'t' + ('e' << 8)} (partition {Partitions / 2}, row 2)", refusal.Found);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(510)]
    [InlineData(511)]
    [InlineData(1023)]
    [InlineData(1024)]
    public void A_table_without_its_last_rows_is_refused(int bytes)
    {
        EditedRing.AssertRefused(EditedRing.WithTable("small.v1", table => table[..bytes]));
    }

    [Theory]
    [InlineData(0, 12, "12 (partition 0, row 0)")]
    [InlineData(257, 65534, "65534 (partition 1, row 1)")]
    [InlineData(767, 5, "5, which was removed (partition 255, row 2)")]
    public void An_id_without_a_device_is_refused_where_it_stands(int entry, ushort id, string found)
    {
        var refusal = EditedRing.AssertRefused(EditedRing.WithId("holes.v1", entry, id));

        Assert.Equal(EditedRing.TableOffset(EditedRing.Inflated("holes.v1")) + (2 * entry), refusal.Offset);
        Assert.Equal(found, refusal.Found);
    }

    [Fact]
    public void The_id_that_means_no_device_leaves_a_partition_with_one_device_less()
    {
        var sound = RingFile.Decode(EditedRing.File("small.v1"));
        var ids = new int[3];
        sound.GetPrimaries(7, ids);

        var ring = RingFile.Decode(EditedRing.WithId("small.v1", entry: Partitions + 7, id: ushort.MaxValue));

        Assert.Equal([ids[0], ids[2]], new Placement(ring, 7).Primaries().Select(device => device.Id));
        Assert.Equal(sound.PartitionsOf(ids[1]) - 1, ring.PartitionsOf(ids[1]));
        Assert.All(Enumerable.Range(0, Partitions), partition => Assert.Equal(
            8, new Placement(ring, (uint)partition) is var at ? at.Primaries().Concat(at.Handoffs()).Distinct().Count() : 0));
    }

    /// <summary>65,536 devices, all but one removed: the last of them has the id that means none.</summary>
    [Fact]
    public void The_id_that_means_no_device_means_none_in_a_list_long_enough_for_it()
    {
        Device?[] devices = [TestRing.DeviceAt(0, 6202), .. new Device?[ushort.MaxValue]];

        var ring = RingFile.Decode(TestRing.Bytes(devices, [[0, 0], [TestRing.NoDevice, 0]]));

        Assert.Equal(["0", "0"], Enumerable.Range(0, 2).Select(partition => string.Join(',', new Placement(ring, (uint)partition).Primaries().Select(device => device.Id))));
        EditedRing.AssertRefused(TestRing.Bytes(devices, [[0, 1], [TestRing.NoDevice, 0]]));
    }

    private static string ReplaceFirstNumber(string json, string key, string value)
    {
        var start = json.IndexOf($"\"{key}\": ", StringComparison.Ordinal) + key.Length + 4;
        return json[..start] + value + json[json.IndexOfAny([',', '}'], start)..];
    }
}
