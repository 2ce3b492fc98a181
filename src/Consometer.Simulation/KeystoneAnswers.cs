using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Consometer.Simulation;

/// <summary>Answers as Keystone under uWSGI gives them: JSON, capitals for reasons, a request id.</summary>
/// <param name="numbers">What request ids are drawn from.</param>
internal sealed class KeystoneAnswers(SeededNumbers numbers)
{
    /// <summary>Where the client thinks Keystone is; links and errors repeat it.</summary>
    public static string BaseUri(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}";

    public Task JsonAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            write(json);
        }

        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        response.Headers.Vary = "X-Auth-Token";
        response.Headers["x-openstack-request-id"] = "req-" + Guid.ParseExact(numbers.NextId(), "N");
        context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = ReasonPhrases.GetReasonPhrase(status).ToUpperInvariant();
        return response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted).AsTask();
    }

    public Task UnauthorizedAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = $"Keystone uri=\"{BaseUri(context)}/v3\"";
        return ErrorAsync(context, StatusCodes.Status401Unauthorized, "The request you have made requires authentication.");
    }

    public Task ForbiddenAsync(HttpContext context, string rule) =>
        ErrorAsync(context, StatusCodes.Status403Forbidden, $"You are not authorized to perform the requested action: {rule}.");

    public Task ErrorAsync(HttpContext context, int status, string message) => JsonAsync(context, status, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteNumber("code", status);
        json.WriteString("message", message);
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(status));
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
