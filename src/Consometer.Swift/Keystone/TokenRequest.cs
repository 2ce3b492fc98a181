using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Consometer.Swift.Keystone;

/// <summary>The JSON that a token is asked for with (Identity API v3, <c>POST /v3/auth/tokens</c>).</summary>
/// <param name="eitherKey">Whether a domain that may be an id or a name is sent as <c>id</c> or as <c>name</c>.</param>
internal sealed class TokenRequest(Func<string, string> eitherKey)
{
    public string Write(KeystoneCredentials credentials, KeystoneScope scope)
    {
        var auth = new JsonObject { ["identity"] = Identity(credentials) };
        if (Scope(scope) is { } wanted)
        {
            auth["scope"] = wanted;
        }

        return new JsonObject { ["auth"] = auth }.ToJsonString();
    }

    private JsonObject Identity(KeystoneCredentials credentials) => credentials switch
    {
        KeystoneCredentials.Password password => Method("password", new JsonObject { ["user"] = With(User(password.User), "password", password.Text) }),
        KeystoneCredentials.ApplicationCredential credential => Method("application_credential", With(Named(credential.Name), "secret", credential.Key)),
        KeystoneCredentials.Token token => Method("token", With([], "id", token.Value)),
        _ => throw new UnreachableException(),
    };

    private static JsonObject Method(string name, JsonObject how) => new() { ["methods"] = new JsonArray(name), [name] = how };

    private static JsonObject With(JsonObject owner, string key, Secret secret)
    {
        owner[key] = secret.Reveal();
        return owner;
    }

    private JsonObject Named(ApplicationCredentialName name) => name switch
    {
        ApplicationCredentialName.ById byId => new JsonObject { ["id"] = byId.Id },
        ApplicationCredentialName.ByName byName => new JsonObject { ["name"] = byName.Name, ["user"] = User(byName.User) },
        _ => throw new UnreachableException(),
    };

    private JsonObject User(KeystoneUser user) => user switch
    {
        KeystoneUser.ById byId => new JsonObject { ["id"] = byId.Id },
        KeystoneUser.ByName byName => new JsonObject { ["name"] = byName.Name, ["domain"] = Domain(byName.Domain) },
        _ => throw new UnreachableException(),
    };

    private JsonObject? Scope(KeystoneScope scope) => scope switch
    {
        KeystoneScope.None => null,
        KeystoneScope.System => new JsonObject { ["system"] = new JsonObject { ["all"] = true } },
        KeystoneScope.Domain domain => new JsonObject { ["domain"] = Domain(domain.Of) },
        KeystoneScope.ProjectById project => new JsonObject { ["project"] = new JsonObject { ["id"] = project.Id } },
        KeystoneScope.ProjectByName project => new JsonObject { ["project"] = new JsonObject { ["name"] = project.Name, ["domain"] = Domain(project.Of) } },
        _ => throw new UnreachableException(),
    };

    private JsonObject Domain(KeystoneDomain domain) => domain switch
    {
        KeystoneDomain.ById byId => new JsonObject { ["id"] = byId.Id },
        KeystoneDomain.ByName byName => new JsonObject { ["name"] = byName.Name },
        KeystoneDomain.ByEither either => new JsonObject { [eitherKey(either.IdOrName)] = either.IdOrName },
        _ => throw new UnreachableException(),
    };
}
