using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Consometer.Simulation;

/// <summary>
/// A proxy with <c>authtoken</c>, <c>keystoneauth</c> and <c>account_autocreate</c>: <c>HEAD</c> and <c>GET</c> of accounts, and <c>/info</c>. It asks
/// the simulated account-servers over HTTP and feels their faults.
/// </summary>
public sealed class SimulatedProxy : ILoopbackService, IDisposable
{
    private const string Html = "text/html; charset=UTF-8";

    /// <summary>As operators have it who have no role of its own for that; what it may see here is every account.</summary>
    private const string ResellerAdminRole = "admin";

    /// <summary>What the proxy keeps to itself of an account-server's headers, or says anew.</summary>
    private static readonly string[] NotPassedOn = ["Date", "X-Put-Timestamp", "Transfer-Encoding", "Connection", "Accept-Ranges", "Vary"];

    private readonly KeystoneTokens _tokens;
    private readonly TimeProvider _clock;
    private readonly RequestDelegate _healthy;
    private readonly ConcurrentQueue<string> _asked = new();
    private volatile NodeFault _fault = NodeFault.None;

    internal SimulatedProxy(KeystoneTokens tokens, TimeProvider clock)
    {
        _tokens = tokens;
        _clock = clock;
        _healthy = RouteAsync;
    }

    /// <summary>Its address, <c>http://127.0.0.1:port</c>; accounts are below <c>/v1</c>.</summary>
    public Uri Uri { get; internal set; } = null!;

    /// <summary>What is wrong with it; may be set while the cluster runs.</summary>
    public NodeFault Fault
    {
        get => _fault;
        set => _fault = value;
    }

    /// <summary><c>system_reader_roles</c> of keystoneauth: who has one may read every account. None, as if nobody says.</summary>
    public IReadOnlyList<string> SystemReaderRoles { get; set; } = [];

    /// <summary><c>account_autocreate</c>.</summary>
    public bool Autocreates { get; set; } = true;

    /// <summary>Whether <c>/info</c> is told (<c>expose_info</c>).</summary>
    public bool ExposesInfo { get; set; } = true;

    /// <summary>Requests that were answered without a fault, such as <c>HEAD AUTH_0123</c>, in order.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    internal ProxyBackends Backends { get; set; } = null!;

    Task ILoopbackService.MeetAsync(ConnectionContext connection, ConnectionDelegate next) => _fault.MeetAsync(connection, next);

    Task ILoopbackService.AnswerAsync(HttpContext context, CancellationToken closing) => _fault.AnswerAsync(context, _healthy, _clock, closing);

    public void Dispose() => Backends.Dispose();

    private Task RouteAsync(HttpContext context)
    {
        if (!AccountPath.TryDecode(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, out var path))
        {
            return AccountAnswers.InvalidUtf8Async(context);
        }

        if (path is "/info")
        {
            return InfoAsync(context);
        }

        // Decoded before it is split: an encoded slash ends an account's name.
        string[] segments = path.ToString().Split('/', 4);
        if (segments is not ["", "v1", { Length: > 0 } account, ..])
        {
            return RefuseAsync(context, StatusCodes.Status404NotFound);
        }

        _asked.Enqueue($"{context.Request.Method} {account}");
        return _tokens.Recognise(context) is not { } token ? RefuseAsync(context, StatusCodes.Status401Unauthorized)
            : !MayRead(token) ? RefuseAsync(context, StatusCodes.Status403Forbidden)
            : segments.Length > 3 && segments[3].Length > 0 ? RefuseAsync(context, StatusCodes.Status404NotFound)
            : AccountAsync(context, account);
    }

    /// <summary>By the role's name alone, whatever the token's scope (<c>swift/common/middleware/keystoneauth.py</c>, <c>authorize</c>).</summary>
    private bool MayRead(KeystoneToken token) => token.User.RoleIn(token.Scope) is { } role && (role == ResellerAdminRole || SystemReaderRoles.Contains(role));

    /// <summary><c>swift/proxy/controllers/account.py</c>, <c>GETorHEAD</c>.</summary>
    private async Task AccountAsync(HttpContext context, string account)
    {
        var isListing = HttpMethods.IsGet(context.Request.Method);
        using var answer = await Backends.AskAsync(isListing ? HttpMethod.Get : HttpMethod.Head, account, context.Request.QueryString.Value ?? "", context.RequestAborted);
        switch (answer)
        {
            case null:
                await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable);
                break;
            case { IsSuccessStatusCode: true }:
                await PassOnAsync(context, answer);
                break;
            case { StatusCode: HttpStatusCode.NotFound } when answer.Headers.Contains("X-Account-Status"):
                await RefuseAsync(context, StatusCodes.Status410Gone);
                break;
            case { StatusCode: HttpStatusCode.NotFound } when Autocreates:
                await MakeUpAsync(context, isListing);
                break;
            default:
                await RefuseAsync(context, (int)answer.StatusCode);
                break;
        }
    }

    private static async Task PassOnAsync(HttpContext context, HttpResponseMessage answer)
    {
        var response = context.Response;
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.NonValidated.Where(header => !NotPassedOn.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            response.Headers[name] = values.ToString();
        }

        response.Headers.AcceptRanges = "bytes";
        response.Headers.Vary = "Accept";
        response.ContentType = answer.Content.Headers.ContentType!.ToString();
        if (answer.StatusCode != HttpStatusCode.NoContent)
        {
            var body = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
            response.ContentLength = body.Length;
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    /// <summary>The empty account that stands for one that is not there.</summary>
    private Task MakeUpAsync(HttpContext context, bool isListing)
    {
        var now = string.Create(CultureInfo.InvariantCulture, $"{(_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds:0000000000.00000}");
        var headers = context.Response.Headers;
        foreach (var count in (ReadOnlySpan<string>)["X-Account-Container-Count", "X-Account-Object-Count", "X-Account-Bytes-Used"])
        {
            headers[count] = "0";
        }

        headers["X-Timestamp"] = now;
        headers["X-Put-Timestamp"] = now;
        headers.Vary = "Accept";
        return AccountAnswers.WithBodyAsync(
            context, StatusCodes.Status200OK, isListing ? "application/json; charset=utf-8" : "text/plain; charset=utf-8", isListing ? "[]" : "");
    }

    private static Task RefuseAsync(HttpContext context, int status)
    {
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Swift realm=\"unknown\"";
        }

        return AccountAnswers.WithBodyAsync(context, status, Html, $"<html><h1>{(HttpStatusCode)status}</h1></html>");
    }

    private Task InfoAsync(HttpContext context)
    {
        if (!ExposesInfo)
        {
            return RefuseAsync(context, StatusCodes.Status403Forbidden);
        }

        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartObject("swift");
            json.WriteStartArray("policies");
            foreach (var policy in (ReadOnlySpan<string>)[AccountDraw.Gold, AccountDraw.Silver])
            {
                json.WriteStartObject();
                json.WriteString("name", policy);
                json.WriteString("aliases", policy);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return AccountAnswers.WithBodyAsync(context, StatusCodes.Status200OK, "application/json; charset=UTF-8", System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }
}
