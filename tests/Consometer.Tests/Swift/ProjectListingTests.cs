using Consometer.Swift.Keystone;

namespace Consometer.Tests.Swift;

/// <summary>The listing of projects, against what a real Keystone of release 29 answered.</summary>
public sealed class ProjectListingTests
{
    private const string LastOfPage1 = "a8b588334792430083f4420912c59b21";

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/v3")]
    [InlineData("/v3/")]
    public async Task Both_pages_are_read_whole_with_or_without_v3_in_the_endpoint(string path)
    {
        await using var server = ScriptedServer.Start(Keystone);

        var projects = await ListAsync(server, path);

        // Each recorded page has its first and last two projects.
        Assert.Equal(8, projects.Length);
        Assert.Equal(("0004ef708e5b8836c4ee5ac4c097dc2b", LastOfPage1, "ffd80e6cfb974b2030e521725e5807f6"), (projects[0], projects[3], projects[7]));
        Assert.Equal(
            ["POST /v3/auth/tokens HTTP/1.1", "GET /v3/projects?limit=1000 HTTP/1.1", $"GET /v3/projects?limit=1000&marker={LastOfPage1} HTTP/1.1"],
            server.Requests.Select(request => request.Line));
        Assert.All(server.Requests.Skip(1), request => Assert.True(request.Has("X-Auth-Token: gAAAA-token-placeholder")));
    }

    [Fact]
    public async Task An_endpoint_below_a_path_keeps_it_and_the_host_in_next_is_not_followed()
    {
        await using var server = ScriptedServer.Start(request => Keystone(request with { Line = request.Line.Replace("/identity", "", StringComparison.Ordinal) }));

        Assert.Equal(8, (await ListAsync(server, "/identity")).Length);
        Assert.All(server.Requests, request => Assert.StartsWith("/identity/v3/", request.Target, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Disabled_projects_are_left_out_by_Keystone_itself_and_on_every_page()
    {
        await using var server = ScriptedServer.Start(request => Keystone(request with { Line = request.Line.Replace("&enabled=true", "", StringComparison.Ordinal) }));

        Assert.Equal(8, (await ListAsync(server, includeDisabled: false)).Length);
        Assert.Equal(2, server.Requests.Count(request => request.Target.Contains("limit=1000&enabled=true", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("default")]
    [InlineData("Default")]
    public async Task A_domain_is_given_by_id_or_name_and_its_projects_are_asked_for(string domain)
    {
        await using var server = ScriptedServer.Start(request => Keystone(request with { Line = request.Line.Replace("&domain_id=default", "", StringComparison.Ordinal) }));

        Assert.Equal(8, (await ListAsync(server, domains: [domain, "default"])).Length);
        Assert.Equal(
            ["/v3/domains?limit=1000", "/v3/projects?limit=1000&domain_id=default", $"/v3/projects?limit=1000&domain_id=default&marker={LastOfPage1}"],
            server.Requests.Skip(1).Select(request => request.Target));
    }

    [Fact]
    public async Task A_domain_that_there_is_not_is_named_and_nothing_listed()
    {
        await using var server = ScriptedServer.Start(Keystone);

        var error = await Assert.ThrowsAsync<KeystoneException>(() => ListAsync(server, domains: ["default", "acme", "beta"]));
        Assert.Contains("found none that is \"acme\", \"beta\"", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Target.Contains("projects", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_Keystone_does_not_filter_is_filtered_here()
    {
        await using var server = ScriptedServer.Start(request =>
            request.Target.Contains("/auth/", StringComparison.Ordinal) ? Token
            : request.Target.Contains("/domains", StringComparison.Ordinal) ? Page("domains-200")
            : Reply.Json("""{"projects": [{"id": "a", "domain_id": "default", "enabled": false}, {"id": "b", "domain_id": "default", "enabled": true}, {"id": "c", "domain_id": "other"}]}"""));

        Assert.Equal(["a", "b"], await ListAsync(server, domains: ["default"]));
        Assert.Equal(["b", "c"], await ListAsync(server, includeDisabled: false));
    }

    [Fact]
    public async Task An_older_Keystone_that_sends_all_at_once_is_asked_once()
    {
        await using var server = ScriptedServer.Start(request => request.Target.Contains("/auth/", StringComparison.Ordinal) ? Token : Page("projects-200-no-limit"));

        Assert.Equal(4, (await ListAsync(server)).Length);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task An_empty_last_page_is_the_end()
    {
        await using var server = ScriptedServer.Start(request =>
            request.Target.Contains("/auth/", StringComparison.Ordinal) ? Token
            : request.Target.Contains("marker=", StringComparison.Ordinal) ? Page("projects-200-marker-is-the-last")
            : Page("projects-200-limit-1000-page-1"));

        Assert.Equal(4, (await ListAsync(server)).Length);
    }

    [Fact]
    public async Task An_empty_page_with_a_next_one_is_not_the_end()
    {
        await using var server = ScriptedServer.Start(request =>
            request.Target.Contains("/auth/", StringComparison.Ordinal) ? Token
            : request.Target.Contains("marker=two+words", StringComparison.Ordinal) || request.Target.Contains("marker=two%20words", StringComparison.Ordinal) ? Page("projects-200-limit-1000-page-2")
            : Reply.Json("""{"projects": [], "links": {"next": "http://other/v3/projects?marker=two%20words&limit=1000"}}"""));

        Assert.Equal(4, (await ListAsync(server)).Length);
    }

    [Fact]
    public async Task Pages_that_go_round_in_circles_are_an_error()
    {
        // Keystone over LDAP is known to answer every marker with the same page.
        await using var server = ScriptedServer.Start(request => request.Target.Contains("/auth/", StringComparison.Ordinal) ? Token : Page("projects-200-limit-1000-page-1"));

        var error = await Assert.ThrowsAsync<KeystoneException>(() => ListAsync(server));
        Assert.Contains(LastOfPage1, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("default", "id", "name")]
    [InlineData("0123456789abcdef0123456789abcdef", "id", "name")]
    [InlineData("Default", "name", "id")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF", "name", "id")]
    public async Task A_domain_is_tried_as_what_it_looks_like_and_then_as_the_other(string domain, string first, string second)
    {
        foreach (var accepted in new[] { first, second })
        {
            await using var server = ScriptedServer.Start(request =>
                !request.Target.Contains("/auth/", StringComparison.Ordinal) ? Page("projects-200-no-limit")
                : request.Body.Contains($$"""{"{{accepted}}":"{{domain}}"}""", StringComparison.Ordinal) ? Token : Page("tokens-401"));

            Assert.Equal(4, (await ListAsync(server, domain: domain)).Length);
            Assert.Equal(accepted == first ? 2 : 3, server.Requests.Count);
        }
    }

    internal const string Password = "s3cret \"ü";

    internal static Reply Token { get; } = Page("tokens-201-system");

    internal static Reply Page(string name) => Reply.Recorded("keystone-27", $"{name}.http");

    internal static KeystoneOptions Options(Uri endpoint, string domain = "default", string? project = null)
    {
        var either = new KeystoneDomain.ByEither(domain);
        return new KeystoneOptions(
            endpoint,
            new KeystoneCredentials.Password(new KeystoneUser.ByName("meter", either), new Secret(Password)),
            project is null ? new KeystoneScope.System() : new KeystoneScope.ProjectByName(project, either));
    }

    internal static async Task<string[]> ListAsync(
        ScriptedServer server, string path = "", bool includeDisabled = true, string[]? domains = null, string domain = "default", string? project = null)
    {
        using var keystone = new KeystoneSession(Options(new Uri(server.Uri, path), domain, project), new ManualClock());
        return [.. await ProjectListing.ReadAsync(keystone, new ProjectFilter(includeDisabled, domains ?? []), TestContext.Current.CancellationToken)];
    }

    /// <summary>A Keystone with 1,501 projects.</summary>
    private static Reply Keystone(Request request) => request.Target switch
    {
        "/v3/auth/tokens" => Token,
        "/v3/domains?limit=1000" => Page("domains-200"),
        "/v3/projects?limit=1000" => Page("projects-200-limit-1000-page-1"),
        $"/v3/projects?limit=1000&marker={LastOfPage1}" => Page("projects-200-limit-1000-page-2"),
        _ => Page("projects-404-unknown-marker"),
    };
}
