using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Consometer.Swift.Keystone;

/// <summary>Where tokens are got: one request for each, or two as long as nothing tells whether a domain is an id or a name.</summary>
internal sealed class TokenDesk(KeystoneOptions options, KeystoneHttp http, TimeProvider clock)
{
    private const string Path = "/auth/tokens";

    private readonly string _wanted = $"a token ({options})";

    /// <summary>Which of the readings was accepted the last time.</summary>
    private int _accepted;

    /// <returns>The token, and how long it lives from when it was asked for.</returns>
    /// <exception cref="KeystoneException">Keystone refused or did not answer.</exception>
    public async Task<(KeystoneToken Token, TimeSpan Life)> IssueAsync(CancellationToken stopping)
    {
        if (options is { Credentials: KeystoneCredentials.Token given, Scope: KeystoneScope.None })
        {
            // Taken as it is: a token may ask after itself.
            var question = new KeystoneQuestion(HttpMethod.Get, Path, _wanted) { Token = given.Value, SubjectToken = given.Value };
            return Read(question, await http.AskAsync(question, stopping));
        }

        // One request alone where nothing may be either: every refusal counts towards locking the user out.
        string[] either = [.. Domains().OfType<KeystoneDomain.ByEither>().Select(domain => domain.IdOrName).Distinct()];
        var readings = Enumerable.Range(0, 1 << either.Length);
        KeystoneAnswer? refused = null;
        foreach (var reading in readings.OrderBy(reading => reading != _accepted))
        {
            var body = new TokenRequest(text => IsId(text, reading, either) ? "id" : "name").Write(options.Credentials, options.Scope);
            var question = new KeystoneQuestion(HttpMethod.Post, Path, _wanted) { Body = body };
            var answer = await http.AskAsync(question, stopping);
            if (answer.Status != HttpStatusCode.Unauthorized)
            {
                var read = Read(question, answer);
                _accepted = reading;
                return read;
            }

            refused = answer;
        }

        throw http.Failure(_wanted, $"{refused!.Error} (the user, the password or secret, the domain or the scope is not accepted)");
    }

    /// <summary>What it looks like, or the other if the reading has its bit.</summary>
    private static bool IsId(string text, int reading, string[] either) => LooksLikeId(text) ^ (((reading >> either.IndexOf(text)) & 1) == 1);

    /// <summary>Keystone's ids of domains: the first one's, and 32 hexadecimal digits.</summary>
    private static bool LooksLikeId(string text) => text == "default" || (text.Length == 32 && text.All(char.IsAsciiHexDigitLower));

    private IEnumerable<KeystoneDomain?> Domains()
    {
        var user = options.Credentials switch
        {
            KeystoneCredentials.Password password => password.User,
            KeystoneCredentials.ApplicationCredential { Name: ApplicationCredentialName.ByName name } => name.User,
            _ => null,
        };
        yield return (user as KeystoneUser.ByName)?.Domain;
        yield return options.Scope switch
        {
            KeystoneScope.Domain domain => domain.Of,
            KeystoneScope.ProjectByName project => project.Of,
            _ => null,
        };
    }

    private (KeystoneToken Token, TimeSpan Life) Read(KeystoneQuestion question, KeystoneAnswer answer)
    {
        if (!answer.IsSuccess)
        {
            throw http.Failure(question, answer.Error);
        }

        // Of a token that was given the answer repeats the value, or leaves it out.
        if ((answer.SubjectToken ?? question.SubjectToken) is not { } value)
        {
            throw http.Failure(question, "an answer without X-Subject-Token: is this a Keystone?");
        }

        try
        {
            using var body = JsonDocument.Parse(answer.Body);
            var token = KeystoneJson.Member(body.RootElement, "token");
            var expires = Time(token, "expires_at") ?? throw http.Failure(question, "a token without expires_at");

            // By Keystone's own two times where the token is new: then it does not matter what its clock shows.
            var begun = question.SubjectToken is null ? Time(token, "issued_at") : null;
            return (new KeystoneToken(value, expires, [.. ObjectStores(token)]) { Grant = Grant(token) }, expires - (begun ?? clock.GetUtcNow()));
        }
        catch (JsonException e)
        {
            throw http.Failure(question, "something else: " + e.Message);
        }
    }

    private static DateTimeOffset? Time(JsonElement? token, string key) =>
        DateTimeOffset.TryParse(KeystoneJson.Text(token, key), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static TokenGrant Grant(JsonElement? token)
    {
        var isSystem = KeystoneJson.IsTrue(KeystoneJson.Member(token, "system"), "all");
        var scope = isSystem ? "system all"
            : KeystoneJson.Member(token, "project") is { } project ? $"project {KeystoneJson.Text(project, "name")} of domain {KeystoneJson.Text(KeystoneJson.Member(project, "domain"), "name")}"
            : KeystoneJson.Member(token, "domain") is { } domain ? $"domain {KeystoneJson.Text(domain, "name")}"
            : "no scope";
        return new TokenGrant(scope, isSystem, [.. KeystoneJson.Items(token, "roles").Select(role => KeystoneJson.Text(role, "name")).OfType<string>()]);
    }

    private static IEnumerable<ObjectStoreEndpoint> ObjectStores(JsonElement? token) =>
        from service in KeystoneJson.Items(token, "catalog")
        where KeystoneJson.Text(service, "type") == ObjectStore.ServiceType
        from endpoint in KeystoneJson.Items(service, "endpoints")
        select ObjectStore.Read(endpoint);
}
