using Consometer.Swift.Keystone;
using Consometer.Tests.Simulation;

namespace Consometer.Tests.Swift;

/// <summary>Where the object store is: from the configuration, the catalog, or the list of endpoints.</summary>
public sealed class ObjectStoreTests(RunningCluster running) : IClassFixture<RunningCluster>
{
    private const string ServiceId = "44db8c79c00942bd99648218b9a7a8f4";

    [Theory]
    [InlineData("http://proxy:8080/v1", "http://proxy:8080/v1")]
    [InlineData("http://proxy:8080/v1/", "http://proxy:8080/v1")]
    [InlineData("http://proxy:8080", "http://proxy:8080/v1")]
    [InlineData("http://proxy:8080/", "http://proxy:8080/v1")]
    [InlineData("https://s.example/v1/AUTH_%(project_id)s", "https://s.example/v1")]
    [InlineData("https://s.example/v1/AUTH_$(tenant_id)s", "https://s.example/v1")]
    [InlineData("https://s.example/swift/v1/AUTH_0123", "https://s.example/swift/v1")]
    [InlineData("http://v1/v1/AUTH_0123", "http://v1/v1")]
    [InlineData("http://v1", "http://v1/v1")]
    public async Task What_is_configured_is_cut_at_its_version(string url, string root)
    {
        // Nobody is asked: no one listens there.
        using var keystone = Session(new Uri("http://127.0.0.1:1"), new ObjectStoreOptions(null, "public", new Uri(url)));

        Assert.Equal(new Uri(root), await FindAsync(keystone));
    }

    [Theory]
    [InlineData("public", "https://swift.example:8080/v1")]
    [InlineData("internal", "http://10.0.0.9:8080/v1")]
    [InlineData("admin", "http://10.0.0.9:8080/v1")]
    public async Task A_project_has_it_in_its_catalog(string face, string root)
    {
        await using var server = ScriptedServer.Start(_ => ProjectListingTests.Page("tokens-201-project"));
        using var keystone = Session(server.Uri, new ObjectStoreOptions("RegionOne", face, null));

        Assert.Equal(new Uri(root), await FindAsync(keystone));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("public", "https://swift.example:8080/v1", 3)]
    [InlineData("internal", "http://10.0.0.9:8080/v1", 3)]
    [InlineData("admin", "http://10.0.0.9:8080/v1", 1)]
    public async Task The_system_finds_in_the_lists_what_its_catalog_lacks(string face, string root, int requests)
    {
        await using var server = ScriptedServer.Start(System);
        using var keystone = Session(server.Uri, new ObjectStoreOptions(null, face, null));

        Assert.Equal(new Uri(root), await FindAsync(keystone));
        Assert.Equal(requests, server.Requests.Count);
    }

    [Theory]
    [InlineData("admin", "http://10.0.0.9:8080/v1")]
    [InlineData("private", "https://swift.example:8080/v1")]
    public async Task Where_the_wanted_interface_has_none_the_other_will_do(string face, string root)
    {
        await using var server = ScriptedServer.Start(_ => ProjectListingTests.Page("tokens-201-project"));
        using var keystone = Session(server.Uri, new ObjectStoreOptions(null, face, null) { OtherInterface = "public" });

        Assert.Equal(new Uri(root), await FindAsync(keystone));
    }

    [Fact]
    public async Task A_region_that_has_none_is_told_with_those_that_have_one()
    {
        await using var server = ScriptedServer.Start(System);
        using var keystone = Session(server.Uri, new ObjectStoreOptions("RegionTwo", "public", null));

        var error = await Assert.ThrowsAsync<KeystoneException>(() => FindAsync(keystone));
        Assert.Contains("region RegionTwo", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("found public in RegionOne, internal in RegionOne, admin in RegionOne", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_regions_one_must_be_said()
    {
        var list = $$"""
            {"endpoints": [{"service_id": "{{ServiceId}}", "interface": "public", "region_id": "north", "url": "http://n/v1"},
            {"service_id": "{{ServiceId}}", "interface": "public", "region": "south", "url": "http://s/v1"},
            {"service_id": "{{ServiceId}}", "interface": "public", "region_id": "off", "url": "http://o/v1", "enabled": false},
            {"service_id": "other", "interface": "public", "region_id": "west", "url": "http://w/v1"}, 7, {}]}
            """;
        await using var server = ScriptedServer.Start(request => request.Target.Contains("/endpoints", StringComparison.Ordinal) ? Reply.Json(list) : System(request));
        using var any = Session(server.Uri, new ObjectStoreOptions(null, "public", null));
        using var south = Session(server.Uri, new ObjectStoreOptions("south", "public", null));

        Assert.EndsWith("found public in north, public in south", (await Assert.ThrowsAsync<KeystoneException>(() => FindAsync(any))).Message, StringComparison.Ordinal);
        Assert.Equal(new Uri("http://s/v1"), await FindAsync(south));
    }

    [Theory]
    [InlineData("http://%(project_id)s.example/v1")]
    [InlineData("ftp://proxy/v1")]
    [InlineData("proxy:8080/v1")]
    public async Task An_endpoint_that_is_no_URL_is_told(string url)
    {
        var list = $$"""{"endpoints": [{"service_id": "{{ServiceId}}", "interface": "public", "region_id": "r", "url": "{{url}}"}]}""";
        await using var server = ScriptedServer.Start(request => request.Target.Contains("/endpoints", StringComparison.Ordinal) ? Reply.Json(list) : System(request));
        using var keystone = Session(server.Uri, new ObjectStoreOptions(null, "public", null));

        Assert.EndsWith($"found \"{url}\"", (await Assert.ThrowsAsync<KeystoneException>(() => FindAsync(keystone))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_simulated_Keystone_shows_it_to_each_scope_as_the_real_one_does()
    {
        var cluster = running.Cluster;
        using var system = new KeystoneSession(KeystoneSessionTests.SystemReader(cluster), TimeProvider.System);
        using var admin = new KeystoneSession(KeystoneSessionTests.OfProject(cluster, cluster.KeystoneAdmin, cluster.KeystoneAdminPassword), TimeProvider.System);
        using var reader = new KeystoneSession(KeystoneSessionTests.OfProject(cluster, cluster.KeystoneUser, cluster.KeystonePassword), TimeProvider.System);

        cluster.ObjectStoreUrl = null;
        Assert.EndsWith("found none", (await Assert.ThrowsAsync<KeystoneException>(() => FindAsync(system))).Message, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<KeystoneException>(() => FindAsync(reader));
        Assert.Contains("object_store_endpoint_override, found none in the token's catalog, and 403", refused.Message, StringComparison.Ordinal);

        cluster.ObjectStoreUrl = "http://proxy:8080/v1/AUTH_%(project_id)s";
        Assert.Equal(new Uri("http://proxy:8080/v1"), await FindAsync(system));
        Assert.Equal(new Uri("http://proxy:8080/v1"), await FindAsync(admin));
        cluster.ObjectStoreUrl = null;
    }

    private static Task<Uri> FindAsync(KeystoneSession keystone) => ObjectStore.FindAsync(keystone, TestContext.Current.CancellationToken);

    private static KeystoneSession Session(Uri endpoint, ObjectStoreOptions objectStore) =>
        new(ProjectListingTests.Options(endpoint) with { ObjectStore = objectStore }, new ManualClock());

    private static Reply System(Request request) => request.Target switch
    {
        "/v3/auth/tokens" => ProjectListingTests.Token,
        "/v3/services?type=object-store" => ProjectListingTests.Page("services-200"),
        $"/v3/endpoints?service_id={ServiceId}" => ProjectListingTests.Page("endpoints-200"),
        _ => ProjectListingTests.Page("projects-404-unknown-marker"),
    };
}
