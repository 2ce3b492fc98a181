using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Consometer.Simulation;

/// <summary>The answers of an account-server (<c>swift/account/server.py</c>), as recorded in <c>fixtures/responses</c>.</summary>
internal static class AccountAnswers
{
    private const string Html = "text/html; charset=UTF-8";

    /// <summary>A database that was found answers in lower case, every other answer in upper case.</summary>
    private const string HtmlOfDatabase = "text/html; charset=utf-8";

    public static void Stored(HttpContext context, StoredReplica replica, UsageHeaders usage)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status204NoContent;
        response.ContentType = "text/plain; charset=utf-8";
        response.ContentLength = 0;
        var headers = response.Headers;
        foreach (var header in usage.Headers)
        {
            headers[header.Key] = header.Value;
        }

        headers["X-Timestamp"] = replica.Timestamp;
    }

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
        var bytes = Encoding.UTF8.GetBytes(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes, 0, bytes.Length, context.RequestAborted);
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
