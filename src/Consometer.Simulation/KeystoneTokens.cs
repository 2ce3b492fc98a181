using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Consometer.Simulation;

/// <summary>Issues tokens for passwords and recognises them until they expire: <c>POST /v3/auth/tokens</c>.</summary>
internal sealed class KeystoneTokens(
    IReadOnlyList<KeystoneUser> users,
    IReadOnlyList<SimulatedAccount> projects,
    TimeSpan lifetime,
    KeystoneAnswers answers,
    SeededNumbers numbers,
    TimeProvider clock)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.000000'Z'";

    private readonly ConcurrentDictionary<string, KeystoneToken> _tokens = new();

    /// <summary>The token of a request, if it has one that is good.</summary>
    public KeystoneToken? Recognise(HttpContext context) =>
        context.Request.Headers["X-Auth-Token"] is [{ } value]
            && _tokens.TryGetValue(value, out var token)
            && clock.GetUtcNow() < token.Expires
            ? token
            : null;

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

        // Whatever is wrong, the answer is the same 401: Keystone does not say which part.
        if (FindUser(request) is not { } user
            || FindScope(request) is not { } scope
            || (scope is not TokenScope.None && user.RoleIn(scope) is null))
        {
            await answers.UnauthorizedAsync(context);
            return;
        }

        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var issued = DateTimeOffset.FromUnixTimeSeconds(now);
        var token = new KeystoneToken("gAAAAA" + numbers.NextId() + numbers.NextId(), user, scope, issued, issued + lifetime);
        _tokens[token.Value] = token;
        context.Response.Headers["X-Subject-Token"] = token.Value;
        await answers.JsonAsync(context, StatusCodes.Status201Created, json => Write(json, token, KeystoneAnswers.BaseUri(context)));
    }

    private KeystoneUser? FindUser(JsonElement request)
    {
        var methods = At(request, "auth", "identity", "methods");
        var named = At(request, "auth", "identity", "password", "user");
        return methods is { ValueKind: JsonValueKind.Array } list
            && list.EnumerateArray().Any(method => method.ValueEquals("password"))
            && named is { } user
            && InDefaultDomain(user)
            ? users.FirstOrDefault(candidate => candidate.Name == Text(user, "name") && candidate.Password == Text(user, "password"))
            : null;
    }

    /// <returns>Null if the scope is none that there is.</returns>
    private TokenScope? FindScope(JsonElement request)
    {
        if (At(request, "auth", "scope") is not { ValueKind: JsonValueKind.Object } scope)
        {
            return new TokenScope.None();
        }

        if (At(scope, "system", "all") is { ValueKind: JsonValueKind.True })
        {
            return new TokenScope.System();
        }

        if (At(scope, "project") is not { } wanted)
        {
            return null;
        }

        var id = Text(wanted, "id");
        var found = projects.FirstOrDefault(
            project => id is null ? project.ProjectName == Text(wanted, "name") && InDefaultDomain(wanted) : project.ProjectId == id);
        return found is { Enabled: true } ? new TokenScope.Project(found) : null;
    }

    private static bool InDefaultDomain(JsonElement element) =>
        Text(element, "domain", "id") == "default" || Text(element, "domain", "name") == "Default";

    private static string? Text(JsonElement element, params ReadOnlySpan<string> names) =>
        At(element, names) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? At(JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }

    private void Write(Utf8JsonWriter json, KeystoneToken token, string baseUri)
    {
        json.WriteStartObject();
        json.WriteStartObject("token");
        json.WriteStartArray("methods");
        json.WriteStringValue("password");
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

    private static void WriteScope(Utf8JsonWriter json, KeystoneToken token, string baseUri)
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
        KeystoneCatalog.Write(json, baseUri);
    }

    private static void WriteDefaultDomain(Utf8JsonWriter json)
    {
        json.WriteStartObject("domain");
        json.WriteString("id", "default");
        json.WriteString("name", "Default");
        json.WriteEndObject();
    }
}
