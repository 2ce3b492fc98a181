using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Consometer.Tests.Rings;

/// <summary>A ring of format 2 taken to pieces, so that a test can change one and still have every checksum right.</summary>
internal sealed class SectionedRing
{
    public const string Metadata = "swift/ring/metadata";
    public const string Devices = "swift/ring/devices";
    public const string Assignments = "swift/ring/assignments";

    private const int FirstSectionOffset = 6;
    private const int LengthBytes = sizeof(ulong);
    private const int TailBytes = 2 * sizeof(ulong);

    private readonly byte[] _magic;
    private readonly Dictionary<string, byte[]> _sections;

    public SectionedRing(string name)
        : this(EditedRing.Inflated(name))
    {
    }

    /// <param name="ring">An inflated ring of format 2.</param>
    public SectionedRing(byte[] ring)
    {
        _magic = ring[..FirstSectionOffset];
        _sections = Sections(ring).ToDictionary(section => section.Name, section => ring[(section.Start + LengthBytes)..section.End]);
    }

    /// <summary>Changes the index before it is written.</summary>
    public Action<JsonObject> EditIndex { get; init; } = _ => { };

    /// <summary>Changes the index as it is written.</summary>
    public Func<byte[], byte[]> EditIndexText { get; init; } = json => json;

    /// <summary>A checksum's name and value: Swift knows four, its own rings have sha256.</summary>
    public Func<byte[], (string? Method, string Hex)> Checksum { get; init; } = blob => ("sha256", Convert.ToHexStringLower(SHA256.HashData(blob)));

    public static int IndexStart(byte[] ring) => (int)BinaryPrimitives.ReadUInt64BigEndian(ring.AsSpan(ring.Length - TailBytes));

    /// <summary>The sections of an inflated ring, each from its length prefix to its end.</summary>
    public static IEnumerable<(string Name, int Start, int End)> Sections(byte[] ring)
    {
        var index = JsonDocument.Parse(ring.AsMemory((IndexStart(ring) + LengthBytes)..^TailBytes)).RootElement;
        return index.EnumerateObject().Select(entry => (entry.Name, entry.Value[1].GetInt32(), entry.Value[3].GetInt32())).ToArray();
    }

    public SectionedRing Without(string section)
    {
        Assert.True(_sections.Remove(section));
        return this;
    }

    public SectionedRing With(string section, byte[] data)
    {
        _sections[section] = data;
        return this;
    }

    public SectionedRing WithJson(string section, string piece, string replacement)
    {
        var json = Encoding.UTF8.GetString(_sections[section]);
        Assert.Equal(2, json.Split(piece).Length);
        return With(section, Encoding.UTF8.GetBytes(json.Replace(piece, replacement, StringComparison.Ordinal)));
    }

    public SectionedRing WithTable(Func<byte[], byte[]> edit) => WithEdit(Assignments, edit);

    public SectionedRing WithEdit(string section, Func<byte[], byte[]> edit) => With(section, edit(_sections[section]));

    /// <summary>
    /// As Swift writes it, which finds a section by where it begins in the file: after a flush, and with nothing in it that refers to what
    /// was before. Without compression nothing does.
    /// </summary>
    public byte[] ToFile()
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.NoCompression, leaveOpen: true))
        {
            long length = 0;
            var index = new JsonObject();
            Write(_magic);
            foreach (var (name, data) in _sections)
            {
                var (start, compressedStart, blob) = (length, file.Length, Blob(data));
                Write(blob);
                var (method, hex) = Checksum(blob);
                index[name] = new JsonArray(compressedStart, start, file.Length, length, method, hex);
            }

            EditIndex(index);
            var (indexStart, compressedIndexStart) = (length, file.Length);
            Write(Blob(EditIndexText(Encoding.UTF8.GetBytes(index.ToJsonString()))));
            Write([.. BigEndian((ulong)indexStart), .. BigEndian((ulong)compressedIndexStart)]);

            void Write(byte[] bytes)
            {
                gzip.Write(bytes);
                gzip.Flush();
                length += bytes.Length;
            }
        }

        return file.ToArray();
    }

    private static byte[] Blob(byte[] data) => [.. BigEndian((ulong)data.Length), .. data];

    private static byte[] BigEndian(ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }
}
