using System.Text.Json;
using Consometer.Simulation;

namespace Consometer.Tests.Simulation;

/// <summary>The simulated Keystone against answers recorded from a real one.</summary>
public sealed class KeystoneTests(RunningCluster running) : IClassFixture<RunningCluster>
{
    private readonly SimulatedCluster _cluster = running.Cluster;

    [Theory]
    [InlineData("versions-300.http", "/")]
    [InlineData("version-200.http", "/v3")]
    public async Task Versions_are_as_recorded(string file, string target)
    {
        var recorded = Recorded(file);

        var answer = await RawHttp.AskAsync(_cluster.KeystoneUri.Port, $"GET {target}");

        AssertAlike(recorded, answer);
        Assert.True(JsonElement.DeepEquals(recorded.Json, answer.Json), answer.Body);
        Assert.Equal(recorded.Headers.GetValueOrDefault("Location"), answer.Headers.GetValueOrDefault("Location"));
    }

    [Theory]
    [InlineData("tokens-201-system-without-swift.http", "system")]
    [InlineData("tokens-201-project.http", "project")]
    [InlineData("tokens-201-unscoped.http", "none")]
    public async Task A_token_has_what_a_recorded_one_has(string file, string scope)
    {
        var recorded = Recorded(file);

        var answer = await LogInAsync(_cluster, scope);

        AssertAlike(recorded, answer);
        Assert.Equal(Names(recorded.Json.GetProperty("token")), Names(answer.Json.GetProperty("token")));
    }

    [Fact]
    public async Task A_wrong_password_user_domain_or_scope_is_the_401_recorded()
    {
        var recorded = Recorded("tokens-401.http");
        RawAnswer[] answers =
        [
            await LogInAsync(_cluster, "system", password: "wrong"),
            await LogInAsync(_cluster, "system", user: "nobody"),
            await LogInAsync(_cluster, "system", domain: """{"id": "Default"}"""),
            await LogInAsync(_cluster, "system", _cluster.KeystoneAdmin, _cluster.KeystoneAdminPassword),
            await LogInAsync(_cluster, "\"scope\": {\"project\": {\"id\": \"unknown\"}}"),
            await LogInAsync(_cluster, "\"scope\": {\"project\": {\"id\": \"" + _cluster.Accounts[1].ProjectId + "\"}}"),
        ];

        Assert.All(answers, answer => AssertAlike(recorded, answer));
        Assert.All(answers, answer => Assert.True(JsonElement.DeepEquals(recorded.Json, answer.Json), answer.Body));
        Assert.Equal(201, (await LogInAsync(_cluster, "system", domain: """{"name": "Default"}""")).Status);
        Assert.Equal(400, (await RawHttp.AskAsync(_cluster.KeystoneUri.Port, "POST /v3/auth/tokens", body: "{")).Status);
    }

    [Fact]
    public async Task Projects_are_for_a_system_reader_and_an_admin_only()
    {
        foreach (var (file, token) in new[]
        {
            ("projects-401-no-token.http", null),
            ("projects-401-bad-token.http", "gAAAAA-unknown"),
            ("projects-403-project-reader.http", await TokenAsync(_cluster, "project")),
            ("projects-403-unscoped.http", await TokenAsync(_cluster, "none")),
        })
        {
            var recorded = Recorded(file);
            var answer = await RawHttp.AskAsync(_cluster.KeystoneUri.Port, "GET /v3/projects", token);
            AssertAlike(recorded, answer);
            Assert.True(JsonElement.DeepEquals(recorded.Json, answer.Json), answer.Body);
        }

        var admin = await LogInAsync(_cluster, "project", _cluster.KeystoneAdmin, _cluster.KeystoneAdminPassword);
        var list = await RawHttp.AskAsync(_cluster.KeystoneUri.Port, "GET /v3/projects", admin.Headers["X-Subject-Token"]);
        Assert.Equal(200, list.Status);
    }

    [Fact]
    public async Task A_project_has_what_a_recorded_one_has()
    {
        var recorded = Recorded("projects-200-limit-1000-page-1.http");

        var answer = await RawHttp.AskAsync(_cluster.KeystoneUri.Port, "GET /v3/projects?limit=1", await TokenAsync(_cluster, "system"));

        AssertAlike(recorded, answer);
        Assert.Equal(Names(recorded.Json), Names(answer.Json));
        Assert.Equal(Names(recorded.Json.GetProperty("projects")[0]), Names(answer.Json.GetProperty("projects")[0]));
    }

    [Theory]
    [InlineData("services-200-type.http", "/v3/services?type=object-store", "services")]
    [InlineData("endpoints-200.http", "/v3/endpoints", "endpoints")]
    [InlineData("domains-200.http", "/v3/domains?limit=10", "domains")]
    public async Task Other_lists_have_what_recorded_ones_have(string file, string target, string name)
    {
        var recorded = Recorded(file);

        var answer = await RawHttp.AskAsync(_cluster.KeystoneUri.Port, $"GET {target}", await TokenAsync(_cluster, "system"));

        AssertAlike(recorded, answer);
        Assert.Equal(Names(recorded.Json), Names(answer.Json));
        Assert.Equal(Names(recorded.Json.GetProperty(name)[0]), Names(answer.Json.GetProperty(name)[0]));
        Assert.Equal(403, (await RawHttp.AskAsync(_cluster.KeystoneUri.Port, $"GET {target}", await TokenAsync(_cluster, "project"))).Status);
    }

    [Fact]
    public async Task A_token_is_good_until_its_hour_is_over()
    {
        var clock = new ManualClock();
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 3 }, clock);
        var answer = await LogInAsync(running.Cluster, "system");
        Assert.Equal("2026-11-21T14:00:00.000000Z", answer.Json.GetProperty("token").GetProperty("expires_at").GetString());
        var token = answer.Headers["X-Subject-Token"];

        clock.Advance(TimeSpan.FromSeconds(3599));
        Assert.Equal(200, (await RawHttp.AskAsync(running.Cluster.KeystoneUri.Port, "GET /v3/projects", token)).Status);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(401, (await RawHttp.AskAsync(running.Cluster.KeystoneUri.Port, "GET /v3/projects", token)).Status);
    }

    internal static async Task<string> TokenAsync(SimulatedCluster cluster, string scope) =>
        (await LogInAsync(cluster, scope)).Headers["X-Subject-Token"];

    /// <param name="cluster">Whose Keystone.</param>
    /// <param name="scope"><c>system</c>, <c>project</c> (service), <c>none</c>, or a member of the JSON.</param>
    /// <param name="user">The system reader if not said.</param>
    /// <param name="password">Its password if not said.</param>
    /// <param name="domain">The default one's id if not said.</param>
    private static Task<RawAnswer> LogInAsync(
        SimulatedCluster cluster, string scope, string? user = null, string? password = null, string domain = """{"id": "default"}""")
    {
        var member = scope switch
        {
            "system" => """, "scope": {"system": {"all": true}}""",
            "project" => """, "scope": {"project": {"name": "service", "domain": {"name": "Default"}}}""",
            "none" => "",
            _ => ", " + scope,
        };
        var body = $$$"""
            {"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "{{{user ?? cluster.KeystoneUser}}}",
            "domain": {{{domain}}}, "password": "{{{password ?? cluster.KeystonePassword}}}"} } }{{{member}}} } }
            """;
        return RawHttp.AskAsync(cluster.KeystoneUri.Port, "POST /v3/auth/tokens", body: body);
    }

    private static IEnumerable<string> Names(JsonElement element) =>
        element.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal);

    private static RawAnswer Recorded(string file) => RawAnswer.Recorded("keystone-27", file);

    private static void AssertAlike(RawAnswer recorded, RawAnswer answer)
    {
        Assert.Equal((recorded.Status, recorded.Reason), (answer.Status, answer.Reason));
        Assert.Equal(recorded.HeaderNames, answer.HeaderNames);
        Assert.Equal(recorded.Headers["Content-Type"], answer.Headers["Content-Type"]);
    }
}
