using System.Globalization;
using System.Text;

namespace Consometer.Simulation;

/// <summary>The path of a request to an account-server, <c>/device/partition/account</c>, decoded.</summary>
/// <remarks>
/// Swift decodes first and splits then (<c>swift/common/utils</c>, <c>split_path</c>), so an encoded slash is a slash, and an account
/// name with one is refused. One slash at the end is allowed.
/// </remarks>
internal readonly ref struct AccountPath
{
    private const int SegmentsMax = 5;

    private AccountPath(ReadOnlySpan<char> device, ReadOnlySpan<char> partition, ReadOnlySpan<char> account)
    {
        Device = device;
        Partition = partition;
        Account = account;
    }

    public ReadOnlySpan<char> Device { get; }

    public ReadOnlySpan<char> Partition { get; }

    public ReadOnlySpan<char> Account { get; }

    /// <summary>Takes the query off a request target and decodes its percent signs. Allocates only if there are any.</summary>
    /// <returns>False if it is not UTF-8.</returns>
    public static bool TryDecode(string target, out ReadOnlySpan<char> path)
    {
        path = target.AsSpan();
        var query = path.IndexOf('?');
        path = query < 0 ? path : path[..query];
        return !path.Contains('%') || TryUnescape(path.ToString(), out path);
    }

    /// <summary>Splits a decoded path.</summary>
    /// <returns>False if it does not have three segments, none of them empty.</returns>
    public static bool TrySplit(ReadOnlySpan<char> path, out AccountPath parts)
    {
        Span<Range> segments = stackalloc Range[SegmentsMax];
        var count = path.Split(segments, '/');
        if (count < SegmentsMax - 1 || !path[segments[0]].IsEmpty || (count == SegmentsMax && !path[segments[4]].IsEmpty))
        {
            parts = default;
            return false;
        }

        parts = new AccountPath(path[segments[1]], path[segments[2]], path[segments[3]]);
        return !parts.Device.IsEmpty && !parts.Partition.IsEmpty && !parts.Account.IsEmpty;
    }

    /// <summary>
    /// Uri.UnescapeDataString would leave bytes that are no UTF-8 as they are; Swift refuses them, so they must be noticed.
    /// </summary>
    private static bool TryUnescape(string escaped, out ReadOnlySpan<char> path)
    {
        var bytes = new byte[escaped.Length];
        var length = 0;
        for (var i = 0; i < escaped.Length; i++)
        {
            // As Python's unquote: a percent sign without two digits stands for itself.
            byte value = 0;
            var isByte = escaped[i] == '%'
                && i + 2 < escaped.Length
                && byte.TryParse(escaped.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
            bytes[length++] = isByte ? value : (byte)escaped[i];
            i += isByte ? 2 : 0;
        }

        var valid = System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(0, length));
        path = valid ? Encoding.UTF8.GetString(bytes, 0, length) : default;
        return valid;
    }
}
