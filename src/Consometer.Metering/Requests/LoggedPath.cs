using System.Text;

namespace Consometer.Metering.Requests;

/// <summary>
/// The path of a request as the access line has it: the URL's path, which is quoted, and its query, quoted once more together
/// (<c>swift/common/utils/logs.py</c>, <c>LogStringFormatter</c>). Slashes stay as they are, so that the parts of a path stand there.
/// </summary>
internal readonly ref struct LoggedPath
{
    /// <summary>Before a container that holds the versions of another one's objects (<c>swift/common/middleware/versioned_writes/object_versioning.py</c>).</summary>
    private const string Versions = "\0versions\0";

    private LoggedPath(ReadOnlySpan<byte> path)
    {
        var query = path.IndexOf("%3F"u8);
        Query = query < 0 ? [] : path[(query + "%3F".Length)..];
        Path = query < 0 ? path : path[..query];
    }

    /// <summary>What is before the query.</summary>
    public ReadOnlySpan<byte> Path { get; }

    /// <summary>Empty where there is none.</summary>
    public ReadOnlySpan<byte> Query { get; }

    /// <summary>Whether it is one of Swift's own, <c>/v1/ACCOUNT</c> and what follows; else S3's, or of no account.</summary>
    public bool IsSwift => !Account.IsEmpty;

    public ReadOnlySpan<byte> Account { get; private init; }

    /// <summary>Account and container, with the slash between them; empty where there is no container.</summary>
    public ReadOnlySpan<byte> AccountAndContainer { get; private init; }

    public ReadOnlySpan<byte> Container => AccountAndContainer.IsEmpty ? [] : AccountAndContainer[(Account.Length + 1)..];

    public bool HasObject { get; private init; }

    /// <summary>The parts of a path.</summary>
    public static LoggedPath Of(ReadOnlySpan<byte> field)
    {
        var path = new LoggedPath(field);
        var rest = path.Path;
        rest = rest.StartsWith("/v1/"u8) ? rest["/v1/".Length..] : rest.StartsWith("/v1.0/"u8) ? rest["/v1.0/".Length..] : [];
        var slash = rest.IndexOf((byte)'/');
        if (slash < 0)
        {
            return path with { Account = rest };
        }

        var end = rest[(slash + 1)..].IndexOf((byte)'/') is >= 0 and var length ? slash + 1 + length : rest.Length;
        return path with
        {
            Account = rest[..slash],
            AccountAndContainer = end > slash + 1 ? rest[..end] : [],
            HasObject = end > slash + 1 && end + 1 < rest.Length,
        };
    }

    /// <summary>A name in a path as it was meant.</summary>
    public static string NameOf(ReadOnlySpan<byte> part)
    {
        var text = Encoding.UTF8.GetString(part);
        return part.Contains((byte)'%') ? Uri.UnescapeDataString(Uri.UnescapeDataString(text)) : text;
    }

    /// <summary>The name of the container that a client knows.</summary>
    public static string ContainerOf(string name) => name.StartsWith(Versions, StringComparison.Ordinal) ? name[Versions.Length..] : name;

    /// <summary>Whether the query has a key, with a value or without.</summary>
    public bool Has(ReadOnlySpan<byte> key)
    {
        for (var rest = Query; !rest.IsEmpty;)
        {
            var end = rest.IndexOf("%26"u8);
            var parameter = end < 0 ? rest : rest[..end];
            if (parameter.StartsWith(key) && (parameter.Length == key.Length || parameter[key.Length..].StartsWith("%3D"u8)))
            {
                return true;
            }

            rest = end < 0 ? [] : rest[(end + "%26".Length)..];
        }

        return false;
    }
}
