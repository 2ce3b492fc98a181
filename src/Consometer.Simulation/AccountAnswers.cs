using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Consometer.Simulation;

/// <summary>The answers of an account-server (<c>swift/account/server.py</c>), as recorded in <c>fixtures/responses</c>.</summary>
internal static class AccountAnswers
{
    private const string Html = "text/html; charset=UTF-8";

    /// <summary>A database that was found answers in lower case, every other answer in upper case.</summary>
    private const string HtmlOfDatabase = "text/html; charset=utf-8";

    public static void Stored(HttpContext context, StoredReplica replica, StoredUsage usage)
    {
        SetUsage(context, StatusCodes.Status204NoContent, replica, usage);
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = 0;
    }

    /// <summary>A page of the account's containers, as JSON whatever was asked for.</summary>
    public static Task ListedAsync(HttpContext context, StoredReplica replica, StoredUsage usage, ListingQuery query)
    {
        SetUsage(context, StatusCodes.Status200OK, replica, usage);
        var page = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(page))
        {
            json.WriteStartArray();
            foreach (var container in usage.Containers.After(query.Marker).Take(query.Limit))
            {
                json.WriteStartObject();
                json.WriteString("name", container.Name);
                json.WriteNumber("count", container.Objects);
                json.WriteNumber("bytes", container.Bytes);
                json.WriteString("last_modified", "2023-11-14T22:13:20.000000");
                json.WriteString("storage_policy", container.Policy);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return WriteAsync(context, "application/json; charset=utf-8", page.WrittenMemory);
    }

    public static Task UnmountedAsync(HttpContext context, string drive) => WithBodyAsync(
        context,
        StatusCodes.Status507InsufficientStorage,
        Html,
        $"<html><h1>Insufficient Storage</h1><p>There was not enough space to save the resource. Drive: {drive}</p></html>");

    public static Task LimitTooHighAsync(HttpContext context) =>
        WithBodyAsync(context, StatusCodes.Status412PreconditionFailed, Html, $"Maximum limit is {ListingQuery.LimitMax}");

    public static void Deleted(HttpContext context)
    {
        Plain(context, StatusCodes.Status404NotFound);
        context.Response.Headers["X-Account-Status"] = "Deleted";
    }

    /// <summary>An answer without a body.</summary>
    public static void Plain(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = status == StatusCodes.Status404NotFound ? HtmlOfDatabase : Html;
        context.Response.ContentLength = 0;
        SetReason(context, status);
    }

    public static Task InvalidUtf8Async(HttpContext context) =>
        WithBodyAsync(context, StatusCodes.Status412PreconditionFailed, Html, "Invalid UTF8");

    public static Task MethodNotAllowedAsync(HttpContext context) =>
        WithBodyAsync(
            context,
            StatusCodes.Status405MethodNotAllowed,
            Html,
            "<html><h1>Method Not Allowed</h1><p>The method is not allowed for this resource.</p></html>");

    public static Task InvalidPathAsync(HttpContext context, string path) =>
        WithBodyAsync(
            context,
            StatusCodes.Status400BadRequest,
            "text/plain",
            "Invalid path: " + Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal));

    /// <summary>To a HEAD, Swift gives the length of the body and not the body; Kestrel leaves it out by itself.</summary>
    public static Task WithBodyAsync(HttpContext context, int status, string contentType, string body)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, contentType, Encoding.UTF8.GetBytes(body));
    }

    private static Task WriteAsync(HttpContext context, string contentType, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static void SetUsage(HttpContext context, int status, StoredReplica replica, StoredUsage usage)
    {
        context.Response.StatusCode = status;
        var headers = context.Response.Headers;
        foreach (var header in usage.Headers)
        {
            headers[header.Key] = header.Value;
        }

        headers["X-Timestamp"] = replica.Timestamp;
    }

    /// <summary>Where Swift's words are not the standard's, or the standard has none.</summary>
    private static void SetReason(HttpContext context, int status)
    {
        var reason = status switch
        {
            StatusCodes.Status500InternalServerError => "Internal Error",
            529 => "Too Many Backend Requests",
            _ => null,
        };
        if (reason is not null)
        {
            context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = reason;
        }
    }
}
