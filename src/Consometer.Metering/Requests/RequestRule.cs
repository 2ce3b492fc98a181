namespace Consometer.Metering.Requests;

/// <summary>What of a client's request counts, and as what. The reasons are in the README, "The request meters".</summary>
internal static class RequestRule
{
    /// <summary>
    /// Whether a request was refused before anybody looked into the account: no sense, no token or a wrong one, no right, no such method, a path that is
    /// none, too many at once. Anybody can send these, with any name in them; so they are nobody's traffic.
    /// </summary>
    public static bool IsRefused(int status) => status is 400 or 401 or 403 or 405 or 412 or 429 or 498;

    /// <summary>Whether <c>bulk</c> answers a request (<c>swift/common/middleware/bulk.py</c>), whoever it is from: see <see cref="BulkTransactions"/>.</summary>
    public static bool IsBulk(ReadOnlySpan<byte> method, LoggedPath path) =>
        !path.Query.IsEmpty && path.IsSwift && (IsArchive(method, path)
            || (path.Has("bulk-delete"u8) && (method.SequenceEqual("POST"u8) || method.SequenceEqual("DELETE"u8))));

    /// <summary>The operation that a request was to Swift's own path.</summary>
    public static Operation OfSwift(ReadOnlySpan<byte> method, int status, LoggedPath path)
    {
        if (path.Container.IsEmpty)
        {
            return Operation.None;
        }

        // Archives are unpacked into a container, and forms posted to one: all that is after it in the path begins the names of objects.
        if (IsArchive(method, path))
        {
            return IsSuccess(status) ? Operation.Upload : Operation.None;
        }

        // What it deletes is in its body, whatever is in its path.
        if (IsBulk(method, path))
        {
            return Operation.None;
        }

        if (method.SequenceEqual("POST"u8) && status is 201 or 303)
        {
            return Operation.Upload;
        }

        return path.HasObject && IsSuccess(status) ? OfMethod(method) : Operation.None;
    }

    /// <summary>The operation that a request was to an S3 path.</summary>
    public static Operation OfS3(ReadOnlySpan<byte> method, int status, S3Request request, LoggedPath path) =>
        request.HasKey && IsSuccess(status) && !S3Request.IsOfSubResource(path) ? OfMethod(method) : Operation.None;

    /// <summary>Bytes of the object's content: of an upload what came in, of a download what went out.</summary>
    public static long SizeOf(Operation operation, long received, long sent) => operation == Operation.Download ? sent : received;

    private static bool IsArchive(ReadOnlySpan<byte> method, LoggedPath path) => method.SequenceEqual("PUT"u8) && path.Has("extract-archive"u8);

    private static bool IsSuccess(int status) => status is >= 200 and < 300;

    /// <summary>Swift's copy is a PUT to the destination, whichever way a client asks for it (<c>swift/common/middleware/copy.py</c>); the log has the destination's path.</summary>
    private static Operation OfMethod(ReadOnlySpan<byte> method) => method switch
    {
        _ when method.SequenceEqual("GET"u8) => Operation.Download,
        _ when method.SequenceEqual("PUT"u8) || method.SequenceEqual("COPY"u8) => Operation.Upload,
        _ when method.SequenceEqual("DELETE"u8) => Operation.Delete,
        _ when method.SequenceEqual("POST"u8) => Operation.Update,
        _ => Operation.None,
    };
}
