using Consometer.Configuration;
using Consometer.Swift.Keystone;

namespace Consometer.Checks;

/// <summary>Whether Keystone gives a token, and one that is good for what metering needs and for no more.</summary>
internal static class KeystoneCheck
{
    public const string Name = "keystone";

    /// <returns>A token; none where none is needed, or it is refused.</returns>
    /// <param name="session">Null where projects come from a file: then nothing is asked of Keystone.</param>
    /// <param name="strategy">What the token is for: the proxy wants a role of its own, which the accounts show.</param>
    /// <param name="stopping">Gives up.</param>
    public static async Task<Checked<KeystoneToken>> RunAsync(KeystoneSession? session, Strategy strategy, CancellationToken stopping)
    {
        if (session is null)
        {
            return new Checked<KeystoneToken>(null, CheckResult.Ok(Name, "", "not asked, since projects come from a file"));
        }

        var lookedAt = $"{session.Options.Endpoint}";
        try
        {
            var token = await session.TokenAsync(stopping);
            return new Checked<KeystoneToken>(token, Judge(lookedAt, session.Options, token.Grant, strategy));
        }
        catch (KeystoneException e)
        {
            return new Checked<KeystoneToken>(null, CheckResult.Fail(Name, lookedAt, e.Message, "credentials.openstack: the URL, the user and the password or key, the scope", ExitCode.Service));
        }
    }

    /// <summary>By what asking the account-servers needs: who reads nothing but the list of projects should be able to do nothing else.</summary>
    private static CheckResult Judge(string lookedAt, KeystoneOptions options, TokenGrant grant, Strategy strategy)
    {
        var roles = grant.Roles.Count == 0 ? "no role" : $"role {string.Join(", ", grant.Roles)}";
        var found = $"{roles} on {grant.Scope}";
        return strategy != Strategy.Direct || grant is { IsSystem: true, Roles: ["reader"] }
            ? CheckResult.Ok(Name, lookedAt, found)
            : CheckResult.Warn(
                Name, lookedAt, $"{found}: not the least that is enough, which is reader on system all",
                $"openstack role add --system all --user {UserOf(options)} reader, and system_scope: all in place of a project");
    }

    private static string UserOf(KeystoneOptions options) => options.Credentials switch
    {
        KeystoneCredentials.Password { User: KeystoneUser.ByName user } => user.Name,
        KeystoneCredentials.Password { User: KeystoneUser.ById user } => user.Id,
        _ => "USER",
    };
}
