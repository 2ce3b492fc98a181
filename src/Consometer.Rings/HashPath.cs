using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Consometer.Rings;

/// <summary>
/// Swift's <c>hash_path</c> (<c>swift/common/utils/__init__.py</c>): the cluster's secret prefix and suffix around
/// <c>/account</c>, <c>/account/container</c> or <c>/account/container/object</c>. With a wrong prefix or suffix every
/// account seems to be missing.
/// </summary>
public sealed class HashPath
{
    private const int StackBytesMax = 512;
    private const int MarkDigits = 16;

    /// <summary>Text that is not valid Unicode has no place in a cluster: Swift fails on it, and so does this.</summary>
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _prefix;
    private readonly byte[] _suffix;

    /// <param name="prefix"><c>swift_hash_path_prefix</c>, as bytes of the file.</param>
    /// <param name="suffix"><c>swift_hash_path_suffix</c>, as bytes of the file.</param>
    public HashPath(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> suffix)
    {
        _prefix = prefix.ToArray();
        _suffix = suffix.ToArray();
    }

    /// <summary>From text, as UTF-8.</summary>
    public HashPath(string prefix, string suffix)
        : this(Utf8.GetBytes(prefix), Utf8.GetBytes(suffix))
    {
    }

    /// <summary>Hashes an account, and a container or an object in it.</summary>
    /// <exception cref="ArgumentException">An object without a container, or text that is not valid Unicode.</exception>
    public PathHash Hash(string account, string? container = null, string? @object = null)
    {
        if (@object is not null && container is null)
        {
            throw new ArgumentException("an object is in a container", nameof(container));
        }

        return Hash(container is null ? account : @object is null ? $"{account}/{container}" : $"{account}/{container}/{@object}");
    }

    /// <summary>Tells prefix and suffix from others, and does not tell them: a hash of the hash of a name that no account has.</summary>
    public string Mark => Convert.ToHexStringLower(SHA256.HashData(Utf8.GetBytes(Hash("").ToString())))[..MarkDigits];

    private PathHash Hash(string path)
    {
        var bytesMax = _prefix.Length + 1 + Utf8.GetMaxByteCount(path.Length) + _suffix.Length;
        var bytes = bytesMax <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[bytesMax];
        _prefix.CopyTo(bytes);
        var length = _prefix.Length;
        bytes[length++] = (byte)'/';
        length += Utf8.GetBytes(path, bytes[length..]);
        _suffix.CopyTo(bytes[length..]);
        length += _suffix.Length;

        Span<byte> digest = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(bytes[..length], digest);
        return new PathHash(BinaryPrimitives.ReadUInt64BigEndian(digest), BinaryPrimitives.ReadUInt64BigEndian(digest[sizeof(ulong)..]));
    }
}
