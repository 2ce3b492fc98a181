using System.Collections;
using System.Text;

namespace Consometer.Swift;

/// <summary>
/// Names of projects or accounts, each once, in the order they came. A million of Keystone's ids take 45 MB, where strings in a hash set take three
/// times as much and as much again while they grow: this is all that a round's memory grows with. Names are made anew each time they are gone through.
/// </summary>
public sealed class NameSet : IReadOnlyCollection<string>
{
    /// <summary>A name begins in the first mebibyte of its chunk, so that its place is a number of 32 bits in up to 4 GiB of names.</summary>
    private const int ChunkBits = 20;
    private const int ChunkBytes = 1 << ChunkBits;
    private const int LengthBytes = sizeof(int);

    /// <summary>Names one after another, each as its length and its UTF-8.</summary>
    private readonly List<byte[]> _chunks = [];

    /// <summary>1 + where a name is, by its hash, or in the next place that was free; 0 is free.</summary>
    private uint[] _places = new uint[16];
    private byte[] _utf8 = new byte[256];
    private int _end = ChunkBytes;

    public int Count { get; private set; }

    /// <returns>False if it is there already.</returns>
    /// <param name="name">The name: valid Unicode, and not empty.</param>
    public bool Add(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (_utf8.Length < Encoding.UTF8.GetMaxByteCount(name.Length))
        {
            _utf8 = new byte[Encoding.UTF8.GetMaxByteCount(name.Length)];
        }

        var utf8 = _utf8.AsSpan(0, Encoding.UTF8.GetBytes(name, _utf8));
        ref var place = ref Find(utf8);
        if (place != 0)
        {
            return false;
        }

        place = 1 + Append(utf8);
        Count++;
        if (Count > _places.Length / 4 * 3)
        {
            Grow();
        }

        return true;
    }

    public IEnumerator<string> GetEnumerator() => Places().Select(place => Encoding.UTF8.GetString(At(place))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Where all names are, in the order they came.</summary>
    private IEnumerable<uint> Places()
    {
        for (var (count, chunk, offset) = (0, 0, 0); count < Count; count++)
        {
            // What is not filled of a chunk is zeros, or too short for a length: and a name of no length is none.
            if (offset > _chunks[chunk].Length - LengthBytes || Length(chunk, offset) == 0)
            {
                (chunk, offset) = (chunk + 1, 0);
            }

            yield return ((uint)chunk << ChunkBits) | (uint)offset;
            offset += LengthBytes + Length(chunk, offset);
        }
    }

    private uint Append(ReadOnlySpan<byte> utf8)
    {
        if (_end + LengthBytes + utf8.Length > ChunkBytes)
        {
            _chunks.Add(new byte[Math.Max(ChunkBytes, LengthBytes + utf8.Length)]);
            _end = 0;
        }

        var (chunk, offset) = (_chunks.Count - 1, _end);
        BitConverter.TryWriteBytes(_chunks[chunk].AsSpan(offset), utf8.Length);
        utf8.CopyTo(_chunks[chunk].AsSpan(offset + LengthBytes));
        _end += LengthBytes + utf8.Length;
        return checked((uint)(((long)chunk << ChunkBits) | (uint)offset));
    }

    private int Length(int chunk, int offset) => BitConverter.ToInt32(_chunks[chunk].AsSpan(offset));

    private ReadOnlySpan<byte> At(uint place)
    {
        var (chunk, offset) = ((int)(place >> ChunkBits), (int)(place % ChunkBytes));
        return _chunks[chunk].AsSpan(offset + LengthBytes, Length(chunk, offset));
    }

    /// <summary>The place of a name, or the free one where it belongs.</summary>
    private ref uint Find(ReadOnlySpan<byte> utf8)
    {
        var hash = default(HashCode);
        hash.AddBytes(utf8);
        var i = hash.ToHashCode() & (_places.Length - 1);
        while (_places[i] != 0 && !At(_places[i] - 1).SequenceEqual(utf8))
        {
            i = (i + 1) & (_places.Length - 1);
        }

        return ref _places[i];
    }

    private void Grow()
    {
        _places = new uint[2 * _places.Length];
        foreach (var place in Places())
        {
            Find(At(place)) = 1 + place;
        }
    }
}
