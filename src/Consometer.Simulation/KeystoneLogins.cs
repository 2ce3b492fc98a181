using System.Text.Json;

namespace Consometer.Simulation;

/// <summary>Who a request for a token comes from, and what for.</summary>
/// <param name="User">Who it is.</param>
/// <param name="Scope">What the token is to be good for; the user has a role there.</param>
/// <param name="Method">How it was proved.</param>
/// <param name="Ends">When the token must end, if it is made of another.</param>
internal sealed record KeystoneLogin(KeystoneUser User, TokenScope Scope, string Method, DateTimeOffset? Ends);

/// <summary>Knows users by password, application credential or token, and the projects they ask for.</summary>
internal sealed class KeystoneLogins(
    IReadOnlyList<KeystoneUser> users, IReadOnlyList<KeystoneApplicationCredential> applicationCredentials, IReadOnlyList<SimulatedAccount> projects)
{
    private const string ApplicationCredential = "application_credential";

    /// <summary>What Keystone refuses by name: an application credential's scope is its project.</summary>
    public static bool IsScopedApplicationCredential(JsonElement request) => Method(request) == ApplicationCredential && At(request, "auth", "scope") is not null;

    /// <returns>Null if anything is wrong.</returns>
    public KeystoneLogin? Find(JsonElement request, Func<string, KeystoneToken?> recognise) => Method(request) switch
    {
        "password" when At(request, "auth", "identity", "password", "user") is { } named && FindUser(named) is { } user && user.Password == Text(named, "password") =>
            InScope(request, user, "password", ends: null),
        ApplicationCredential when At(request, "auth", "identity", ApplicationCredential) is { } named && FindCredential(named) is { } credential =>
            new KeystoneLogin(credential.User, new TokenScope.Project(credential.Project), ApplicationCredential, Ends: null),
        "token" when Text(request, "auth", "identity", "token", "id") is { } id && recognise(id) is { } token => InScope(request, token.User, "token", token.Expires),
        _ => null,
    };

    private static string? Method(JsonElement request) =>
        At(request, "auth", "identity", "methods") is { ValueKind: JsonValueKind.Array } methods && methods.GetArrayLength() == 1 && methods[0].ValueKind == JsonValueKind.String
            ? methods[0].GetString()
            : null;

    private KeystoneLogin? InScope(JsonElement request, KeystoneUser user, string method, DateTimeOffset? ends) =>
        FindScope(request) is { } scope && (scope is TokenScope.None || user.RoleIn(scope) is not null) ? new KeystoneLogin(user, scope, method, ends) : null;

    private KeystoneUser? FindUser(JsonElement named)
    {
        var id = Text(named, "id");
        return users.FirstOrDefault(user => id is null ? user.Name == Text(named, "name") && InDefaultDomain(named) : user.Id == id);
    }

    private KeystoneApplicationCredential? FindCredential(JsonElement named)
    {
        var id = Text(named, "id");
        var owner = id is null && At(named, "user") is { } user ? FindUser(user) : null;
        return applicationCredentials.FirstOrDefault(credential =>
            (id is null ? credential.Name == Text(named, "name") && credential.User == owner : credential.Id == id) && credential.Secret == Text(named, "secret"));
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
}
