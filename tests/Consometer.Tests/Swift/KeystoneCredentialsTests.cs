using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Consometer.Swift.Keystone;

namespace Consometer.Tests.Swift;

/// <summary>Who asks, for what: as Keystone is told of it, and as anybody else is, which is without secrets.</summary>
public sealed class KeystoneCredentialsTests
{
    private const string Secret = "s3cret \"\\ü\u2028";
    private const string Token = "gAAAA-token-placeholder";

    private static readonly KeystoneDomain Id = new KeystoneDomain.ById("d1");
    private static readonly KeystoneDomain Name = new KeystoneDomain.ByName("Acme");

    public static TheoryData<KeystoneCredentials, string, string> Identities() => new()
    {
        { Password(new KeystoneUser.ById("u1")), """{"methods":["password"],"password":{"user":{"id":"u1","password":"SECRET"}}}""", "user u1" },
        { Password(new KeystoneUser.ByName("meter", Id)), """{"methods":["password"],"password":{"user":{"name":"meter","domain":{"id":"d1"},"password":"SECRET"}}}""", "user meter of domain d1" },
        { Password(new KeystoneUser.ByName("meter", Name)), """{"methods":["password"],"password":{"user":{"name":"meter","domain":{"name":"Acme"},"password":"SECRET"}}}""", "user meter of domain Acme" },
        { Application(new ApplicationCredentialName.ById("c1")), """{"methods":["application_credential"],"application_credential":{"id":"c1","secret":"SECRET"}}""", "application credential c1" },
        {
            Application(new ApplicationCredentialName.ByName("billing", new KeystoneUser.ByName("meter", Name))),
            """{"methods":["application_credential"],"application_credential":{"name":"billing","user":{"name":"meter","domain":{"name":"Acme"}},"secret":"SECRET"}}""",
            "application credential billing of user meter of domain Acme"
        },
        { new KeystoneCredentials.Token(new Secret(Secret)), """{"methods":["token"],"token":{"id":"SECRET"}}""", "a token given" },
    };

    [Theory]
    [MemberData(nameof(Identities))]
    public async Task Each_kind_of_credentials_is_sent_as_Keystone_wants_it_and_told_without_its_secret(KeystoneCredentials credentials, string json, string words)
    {
        var auth = await AuthOfAsync(credentials, new KeystoneScope.System());

        var expected = JsonNode.Parse(json.Replace("\"SECRET\"", JsonSerializer.Serialize(Secret), StringComparison.Ordinal));
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(auth.GetProperty("identity").GetRawText())), auth.GetRawText());
        Assert.Equal(words, credentials.ToString());
    }

    public static TheoryData<KeystoneScope, string?, string> Scopes() => new()
    {
        { new KeystoneScope.None(), null, "no scope" },
        { new KeystoneScope.System(), """{"system":{"all":true}}""", "system all" },
        { new KeystoneScope.Domain(Name), """{"domain":{"name":"Acme"}}""", "domain Acme" },
        { new KeystoneScope.ProjectById("p1"), """{"project":{"id":"p1"}}""", "project p1" },
        { new KeystoneScope.ProjectByName("service", Id), """{"project":{"name":"service","domain":{"id":"d1"}}}""", "project service of domain d1" },
    };

    [Theory]
    [MemberData(nameof(Scopes))]
    public async Task Each_kind_of_scope_is_sent_as_Keystone_wants_it(KeystoneScope scope, string? json, string words)
    {
        var auth = await AuthOfAsync(Password(new KeystoneUser.ById("u1")), scope);

        Assert.Equal(json, auth.TryGetProperty("scope", out var sent) ? sent.GetRawText() : null);
        Assert.Equal(words, scope.ToString());
    }

    [Fact]
    public async Task Two_domains_of_which_nothing_tells_what_they_are_are_tried_each_way_and_then_known()
    {
        const string UserDomain = "0123456789abcdef0123456789abcdef";
        await using var server = ScriptedServer.Start(request =>
            request.Body.Contains($$"""{"name":"{{UserDomain}}"}""", StringComparison.Ordinal) && request.Body.Contains("""{"name":"Acme"}""", StringComparison.Ordinal)
                ? ProjectListingTests.Token : ProjectListingTests.Page("tokens-401"));
        var options = new KeystoneOptions(
            server.Uri,
            Password(new KeystoneUser.ByName("meter", new KeystoneDomain.ByEither(UserDomain))),
            new KeystoneScope.ProjectByName("service", new KeystoneDomain.ByEither("Acme")));
        using var keystone = new KeystoneSession(options, new ManualClock());

        var token = await keystone.TokenAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, server.Requests.Count);
        keystone.Invalidate(token);
        await keystone.TokenAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_domain_that_is_known_is_tried_once()
    {
        await using var server = ScriptedServer.Start(_ => ProjectListingTests.Page("tokens-401"));
        using var keystone = new KeystoneSession(new KeystoneOptions(server.Uri, Password(new KeystoneUser.ByName("meter", Id)), new KeystoneScope.System()), new ManualClock());

        await Assert.ThrowsAsync<KeystoneException>(() => keystone.TokenAsync(TestContext.Current.CancellationToken));
        Assert.Single(server.Requests);
    }

    /// <summary>A Keystone that repeats all it is sent, as it is and as Python writes it, in its errors and where there should be HTTP.</summary>
    [Fact]
    public async Task No_secret_is_in_an_error_or_in_words_even_if_Keystone_repeats_it()
    {
        var repeated = $$"""{"secret": {{PythonJson(Secret)}}, "ours": {{JsonSerializer.Serialize(Secret)}}, "token": "{{Token}}"} {{Secret}} {{Token}}""";
        var error = "{\"error\": {\"message\": " + JsonSerializer.Serialize(repeated) + "}}";
        Reply[] repliers =
        [
            Reply.Json(error, "400 Bad Request"),
            Reply.Json(error, "500 Oops"),
            Reply.Of($"HTTP/1.1 403 {Token} s3cret\r\nContent-Length: 0\r\n\r\n"),
            Reply.Cut($"{Token} {Secret}\r\n\r\n"),
            Reply.Json($$$"""{"projects": [], "links": {"next": "?marker={{{Token}}}"}}"""),
            Reply.Json(repeated),
        ];
        foreach (var (credentials, _, _) in Identities().Select(row => row.Data))
        {
            foreach (var reply in repliers)
            {
                await using var server = ScriptedServer.Start(request => request.Target.Contains("/auth/", StringComparison.Ordinal) ? ProjectListingTests.Token : reply);
                await AssertNoneAsync(new KeystoneOptions(server.Uri, credentials, new KeystoneScope.System()), Token);

                // Here the token is none of ours: nobody knows that it is one.
                await using var refusing = ScriptedServer.Start(_ => reply);
                await AssertNoneAsync(new KeystoneOptions(refusing.Uri, credentials, new KeystoneScope.System()), Secret);
            }
        }
    }

    private static async Task AssertNoneAsync(KeystoneOptions options, string token)
    {
        using var keystone = new KeystoneSession(options, new ManualClock());
        var error = await Assert.ThrowsAsync<KeystoneException>(() => ProjectListing.ReadAsync(keystone, KeystoneSessionTests.All, TestContext.Current.CancellationToken));

        var held = new KeystoneToken(new Secret(token), ManualClock.Start, []);
        foreach (var text in new[] { error.ToString(), options.ToString(), held.ToString(), $"{options.Credentials} {options}" })
        {
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain(PythonJson(Secret)[1..^1], text, StringComparison.Ordinal);
            Assert.DoesNotContain(JsonSerializer.Serialize(Secret)[1..^1], text, StringComparison.Ordinal);
            Assert.DoesNotContain(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(Secret)), text, StringComparison.Ordinal);
            Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        }
    }

    private static string PythonJson(string text) =>
        "\"" + string.Concat(text.Select(unit => unit is '"' or '\\' ? $"\\{unit}" : unit is < ' ' or > '~' ? $"\\u{(int)unit:x4}" : $"{unit}")) + "\"";

    private static async Task<JsonElement> AuthOfAsync(KeystoneCredentials credentials, KeystoneScope scope)
    {
        await using var server = ScriptedServer.Start(_ => ProjectListingTests.Token);
        using var keystone = new KeystoneSession(new KeystoneOptions(server.Uri, credentials, scope), new ManualClock());
        await keystone.TokenAsync(TestContext.Current.CancellationToken);
        return JsonDocument.Parse(Assert.Single(server.Requests).Body).RootElement.GetProperty("auth");
    }

    private static KeystoneCredentials.Password Password(KeystoneUser user) => new(user, new Secret(Secret));

    private static KeystoneCredentials.ApplicationCredential Application(ApplicationCredentialName name) => new(name, new Secret(Secret));
}
