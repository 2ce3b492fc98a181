using System.Text;

namespace Consometer.Metering.Requests;

/// <summary>Whose an S3 request is: its path (<c>/bucket/key</c>, or <c>/key</c> at the bucket's own host) does not say.</summary>
/// <param name="Account">The account's name, as the log has it: somebody who could not prove who he is may have chosen it.</param>
/// <param name="Bucket">Null of a request to no bucket.</param>
/// <param name="HasKey">Whether it is of an object.</param>
internal readonly record struct S3Request(string Account, string? Bucket, bool HasKey)
{
    /// <summary>After the name of a bucket that the parts of objects are in (<c>swift/common/middleware/s3api/controllers/multi_upload.py</c>).</summary>
    private const string Segments = "+segments";

    /// <summary>
    /// What sends a request elsewhere than to its object, and is not refused (<c>swift/common/middleware/s3api/s3request.py</c>, <c>controller</c>). A
    /// key that s3api does not know has no effect: a download with it is a download.
    /// </summary>
    private static readonly byte[][] SubResources =
        [.. ((string[])["acl", "delete", "location", "logging", "object-lock", "tagging", "uploadId", "uploads", "versioning"]).Select(Encoding.ASCII.GetBytes)];

    /// <summary>From the fields of the template; null where it has none, or nothing in them.</summary>
    public static S3Request? ByTemplate(AccessLine line)
    {
        if (AccessLine.IsNothing(line.Account))
        {
            return null;
        }

        // The values are not the path's, and quoted once; a proxy that quotes them twice all the same does so for its own paths.
        var bucket = AccessLine.IsNothing(line.Container) ? null : BucketOf(Text(line.Container));
        return new S3Request(Text(line.Account), bucket, bucket is not null && HasKeyIn(LoggedPath.Of(line.Path), bucket));
    }

    /// <summary>
    /// Whether what looks like a path of Swift's is an S3 key at its bucket's own host: then the template names another account than it does. Of a copy into another account
    /// both may be named, and the path's is where it goes.
    /// </summary>
    public static bool IsKeyOf(AccessLine line, LoggedPath path) =>
        !AccessLine.IsNothing(line.Account) && !line.Account.SequenceEqual(path.Account) && !line.Method.SequenceEqual("COPY"u8)
        && LoggedPath.NameOf(line.Account) != LoggedPath.NameOf(path.Account);

    /// <summary>
    /// From the requests to Swift that were made for it, which a proxy with <c>force_swift_request_proxy_log</c> logs too; null where there are
    /// none. A copy has another bucket's among them: the path's own bucket counts, or that of the request with its method.
    /// </summary>
    public static S3Request? ByBackend(AccessLine line, IReadOnlyList<BackendRequest> backend)
    {
        if (backend.Count == 0)
        {
            return null;
        }

        var path = LoggedPath.Of(line.Path);
        var first = FirstOf(path);
        var method = Encoding.ASCII.GetString(line.Method);
        var found = backend.FirstOrDefault(request => request.Container is { } container && BucketOf(container) == first)
            ?? backend.LastOrDefault(request => request.Method == method && request.Container is not null)
            ?? backend[^1];
        var bucket = found.Container is null ? null : BucketOf(found.Container);
        return new S3Request(found.Account, bucket, bucket is not null && HasKeyIn(path, bucket));
    }

    /// <summary>Whether a request is about an object, and not for it: its rights, its tags, an upload in parts that begins or ends, its bucket.</summary>
    public static bool IsOfSubResource(LoggedPath path)
    {
        if (path.Query.IsEmpty || (path.Has("partNumber"u8) && path.Has("uploadId"u8)))
        {
            return false;
        }

        foreach (var key in SubResources)
        {
            if (path.Has(key))
            {
                return true;
            }
        }

        return false;
    }

    private static string BucketOf(string container)
    {
        var bucket = LoggedPath.ContainerOf(container);
        return bucket.EndsWith(Segments, StringComparison.Ordinal) ? bucket[..^Segments.Length] : bucket;
    }

    private static string FirstOf(LoggedPath path)
    {
        var parts = path.Path.TrimStart((byte)'/');
        return LoggedPath.NameOf(parts.IndexOf((byte)'/') is >= 0 and var slash ? parts[..slash] : parts);
    }

    /// <summary>With the bucket in its path a key comes after it; at the bucket's own host all of the path is the key.</summary>
    private static bool HasKeyIn(LoggedPath path, string bucket)
    {
        var parts = path.Path.TrimStart((byte)'/');
        var slash = parts.IndexOf((byte)'/');
        return FirstOf(path) == bucket ? slash >= 0 && slash + 1 < parts.Length : parts.Length > 0;
    }

    private static string Text(ReadOnlySpan<byte> field) => Uri.UnescapeDataString(Encoding.UTF8.GetString(field));
}

/// <summary>A request to Swift that middleware made for a client's: what is needed of its line.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Account">The account in its path.</param>
/// <param name="Container">The container in its path; null if there is none.</param>
internal sealed record BackendRequest(string Method, string Account, string? Container)
{
    /// <summary>Null of one whose path is not Swift's.</summary>
    public static BackendRequest? Of(AccessLine line)
    {
        var path = LoggedPath.Of(line.Path);
        return path.IsSwift
            ? new BackendRequest(Encoding.ASCII.GetString(line.Method), LoggedPath.NameOf(path.Account), path.Container.IsEmpty ? null : LoggedPath.NameOf(path.Container))
            : null;
    }
}
