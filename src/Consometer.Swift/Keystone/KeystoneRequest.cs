using System.Text.Json;
using System.Text.Json.Nodes;

namespace Consometer.Swift.Keystone;

/// <summary>The JSON that Keystone v3 wants and gives (Identity API, "Password authentication with scoped authorization").</summary>
internal static class KeystoneRequest
{
    /// <param name="options">Who asks for what scope.</param>
    /// <param name="domainKey">Whether the domain is given by <c>id</c> or by <c>name</c>.</param>
    public static string Token(KeystoneOptions options, string domainKey)
    {
        JsonObject Domain() => new() { [domainKey] = options.Domain };
        var auth = new JsonObject
        {
            ["identity"] = new JsonObject
            {
                ["methods"] = new JsonArray("password"),
                ["password"] = new JsonObject
                {
                    ["user"] = new JsonObject { ["name"] = options.User, ["password"] = options.Password, ["domain"] = Domain() },
                },
            },
        };
        if (options.SystemScope)
        {
            auth["scope"] = new JsonObject { ["system"] = new JsonObject { ["all"] = true } };
        }
        else if (options.Project is not null)
        {
            auth["scope"] = new JsonObject { ["project"] = new JsonObject { ["name"] = options.Project, ["domain"] = Domain() } };
        }

        return new JsonObject { ["auth"] = auth }.ToJsonString();
    }

    /// <summary>What Keystone says went wrong, on one line; null if the body is not its error.</summary>
    public static string? ErrorMessage(string body)
    {
        try
        {
            return JsonNode.Parse(body)?["error"]?["message"]?.GetValue<string>().ReplaceLineEndings(" ");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
