using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Consometer.Simulation;

/// <summary>Issues tokens and recognises them until they expire: <c>POST</c> and <c>GET /v3/auth/tokens</c>.</summary>
internal sealed class KeystoneTokens(
    KeystoneLogins logins,
    KeystoneCatalog catalog,
    TimeSpan lifetime,
    KeystoneAnswers answers,
    SeededNumbers numbers,
    TimeProvider clock)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.000000'Z'";

    private readonly ConcurrentDictionary<string, KeystoneToken> _tokens = new();

    private int _issued;

    /// <summary>How many were issued so far.</summary>
    public int Issued => Volatile.Read(ref _issued);

    /// <summary>What was issued and not revoked, still good or not.</summary>
    public IReadOnlyCollection<string> Values => [.. _tokens.Keys];

    /// <summary>The token of a request, if it has one that is good.</summary>
    public KeystoneToken? Recognise(HttpContext context) =>
        context.Request.Headers["X-Auth-Token"] is [{ } value] ? Recognise(value) : null;

    /// <summary>Lets no token be good any more.</summary>
    public void Revoke() => _tokens.Clear();

    /// <summary>What a token says of itself, or of another for the system's reader and an admin.</summary>
    public Task ShowAsync(HttpContext context)
    {
        if (Recognise(context) is not { } asking)
        {
            return answers.UnauthorizedAsync(context);
        }

        if (context.Request.Headers["X-Subject-Token"] is not [{ } value] || Recognise(value) is not { } token)
        {
            return answers.ErrorAsync(context, StatusCodes.Status404NotFound, "Could not find token.");
        }

        if (token != asking && !asking.MayListProjects)
        {
            return answers.ForbiddenAsync(context, "identity:validate_token");
        }

        context.Response.Headers["X-Subject-Token"] = token.Value;
        return answers.JsonAsync(context, StatusCodes.Status200OK, json => Write(json, token, KeystoneAnswers.BaseUri(context)));
    }

    public async Task IssueAsync(HttpContext context)
    {
        JsonElement request;
        try
        {
            request = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException)
        {
            await answers.ErrorAsync(context, StatusCodes.Status400BadRequest, "Malformed json in request body");
            return;
        }

        // Whatever is wrong, the answer is the same 401: Keystone does not say which part. But for one.
        if (KeystoneLogins.IsScopedApplicationCredential(request))
        {
            await answers.ErrorAsync(context, StatusCodes.Status401Unauthorized, "Application credentials cannot request a scope.");
            return;
        }

        if (logins.Find(request, Recognise) is not { } login)
        {
            await answers.UnauthorizedAsync(context);
            return;
        }

        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var issued = DateTimeOffset.FromUnixTimeSeconds(now);
        var token = new KeystoneToken("gAAAAA" + numbers.NextId() + numbers.NextId(), login.User, login.Scope, login.Method, issued, login.Ends ?? issued + lifetime);
        _tokens[token.Value] = token;
        Interlocked.Increment(ref _issued);
        context.Response.Headers["X-Subject-Token"] = token.Value;
        await answers.JsonAsync(context, StatusCodes.Status201Created, json => Write(json, token, KeystoneAnswers.BaseUri(context)));
    }

    private KeystoneToken? Recognise(string value) => _tokens.TryGetValue(value, out var token) && clock.GetUtcNow() < token.Expires ? token : null;

    private void Write(Utf8JsonWriter json, KeystoneToken token, string baseUri)
    {
        json.WriteStartObject();
        json.WriteStartObject("token");
        json.WriteStartArray("methods");
        json.WriteStringValue(token.Method);
        json.WriteEndArray();
        json.WriteStartObject("user");
        WriteDefaultDomain(json);
        json.WriteString("id", token.User.Id);
        json.WriteString("name", token.User.Name);
        json.WriteNull("password_expires_at");
        json.WriteEndObject();
        json.WriteStartArray("audit_ids");
        json.WriteStringValue(numbers.NextId()[..22]);
        json.WriteEndArray();
        json.WriteString("expires_at", token.Expires.ToString(TimeFormat, CultureInfo.InvariantCulture));
        json.WriteString("issued_at", token.Issued.ToString(TimeFormat, CultureInfo.InvariantCulture));
        WriteScope(json, token, baseUri);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteScope(Utf8JsonWriter json, KeystoneToken token, string baseUri)
    {
        switch (token.Scope)
        {
            case TokenScope.System:
                json.WriteStartObject("system");
                json.WriteBoolean("all", true);
                json.WriteEndObject();
                break;
            case TokenScope.Project project:
                json.WriteStartObject("project");
                WriteDefaultDomain(json);
                json.WriteString("id", project.Of.ProjectId);
                json.WriteString("name", project.Of.ProjectName);
                json.WriteEndObject();
                json.WriteBoolean("is_domain", false);
                break;
            default:
                // Unscoped: neither roles nor a catalogue.
                return;
        }

        var role = token.User.RoleIn(token.Scope)!;
        json.WriteStartArray("roles");
        json.WriteStartObject();
        json.WriteString("id", KeystoneCatalog.Id("role", role));
        json.WriteString("name", role);
        json.WriteEndObject();
        json.WriteEndArray();
        catalog.Write(json, baseUri, token.Scope);
    }

    private static void WriteDefaultDomain(Utf8JsonWriter json)
    {
        json.WriteStartObject("domain");
        json.WriteString("id", "default");
        json.WriteString("name", "Default");
        json.WriteEndObject();
    }
}
