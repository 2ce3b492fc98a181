using System.Text;
using Microsoft.AspNetCore.Http;

namespace Consometer.Status;

/// <summary>Answers of the status address. Nothing of them is kept by caches, guessed at, framed or passed on by browsers.</summary>
internal static class Answers
{
    public const string Text = "text/plain; charset=utf-8";
    public const string Json = "application/json";
    public const string Html = "text/html; charset=utf-8";

    /// <summary>Sets what all answers have, before anything is written.</summary>
    public static void Protect(HttpContext context, string policy = "default-src 'none'; frame-ancestors 'none'")
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>A whole answer; of one to HEAD the server sends no body.</summary>
    public static async Task SendAsync(HttpContext context, int status, string type, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>Lines of text.</summary>
    public static Task TextAsync(HttpContext context, int status, params IEnumerable<string> lines)
    {
        Protect(context);
        return SendAsync(context, status, Text, string.Concat(lines.Select(line => line + "\n")));
    }
}
