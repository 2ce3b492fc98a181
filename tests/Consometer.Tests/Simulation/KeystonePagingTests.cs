using System.Text.Json;
using Consometer.Simulation;

namespace Consometer.Tests.Simulation;

/// <summary>
/// Pages as the real Keystone of <c>fixtures/responses/keystone-27</c> counts them out, at a tenth of its size: 150 projects and a
/// page of at most 100.
/// </summary>
public sealed class KeystonePagingTests : IAsyncLifetime
{
    private const string Link = "http://keystone.example:5000/v3/projects";

    private RunningCluster? _running;
    private string _token = "";

    private SimulatedCluster Cluster => _running!.Cluster;

    public async ValueTask InitializeAsync()
    {
        _running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 150, KeystonePageMax = 100, DisabledShare = 0.1 });
        _token = await KeystoneTests.TokenAsync(Cluster, "system");
    }

    public ValueTask DisposeAsync() => _running!.DisposeAsync();

    [Fact]
    public async Task Without_a_limit_the_rest_is_missing_and_nothing_says_so()
    {
        var page = await ListAsync("");

        Assert.Equal(100, Ids(page).Length);
        Assert.Null(Next(page));
        Assert.False(page.TryGetProperty("truncated", out _));
        Assert.Equal(Link, page.GetProperty("links").GetProperty("self").GetString());
    }

    [Theory]
    [InlineData(100, new[] { 100, 50 })]
    [InlineData(50, new[] { 50, 50, 50, 0 })]
    [InlineData(40, new[] { 40, 40, 40, 30 })]
    [InlineData(5000, new[] { 100, 50 })]
    public async Task With_a_limit_the_links_lead_through_every_project(int limit, int[] pages)
    {
        var ids = new List<string>();
        var sizes = new List<int>();
        for (var next = $"{Link}?limit={limit}"; next is not null;)
        {
            var page = await ListAsync(next[Link.Length..]);
            ids.AddRange(Ids(page));
            sizes.Add(Ids(page).Length);
            next = Next(page);
            Assert.Equal(next is not null, page.TryGetProperty("truncated", out _));
        }

        Assert.Equal(pages, sizes);
        Assert.Equal(Cluster.Accounts.Select(account => account.ProjectId).Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public async Task The_next_link_is_absolute_and_keeps_the_filter()
    {
        var page = await ListAsync("?enabled=false&limit=5");

        Assert.Equal($"{Link}?enabled=false&limit=5&marker={Ids(page)[^1]}", Next(page));
        Assert.Equal($"{Link}?enabled=false&limit=5", page.GetProperty("links").GetProperty("self").GetString());
        Assert.StartsWith($"{Link}?limit=100&marker=", Next(await ListAsync("?limit=5000")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disabled_projects_are_listed_unless_filtered_out()
    {
        string[] disabled =
        [
            .. Cluster.Accounts.Where(account => !account.Enabled).Select(account => account.ProjectId).Order(StringComparer.Ordinal),
        ];
        Assert.NotEmpty(disabled);

        Assert.Equal(disabled, Ids(await ListAsync("?enabled=false&limit=100")));
        Assert.DoesNotContain(disabled[0], Ids(await ListAsync("?enabled=1")));
        Assert.Empty(Ids(await ListAsync("?domain_id=other")));
        Assert.Single(Ids(await ListAsync("?name=service")));
    }

    [Fact]
    public async Task An_unknown_marker_is_not_found_and_a_limit_that_is_no_number_breaks_the_connection()
    {
        var recorded = RawAnswer.Recorded("keystone-27", "projects-404-unknown-marker.http");
        var answer = await RawHttp.AskAsync(
            Cluster.KeystoneUri.Port, "GET /v3/projects?limit=1&marker=ffffffffffffffffffffffffffffffff", _token);

        Assert.Equal((recorded.Status, recorded.Reason), (answer.Status, answer.Reason));
        Assert.True(JsonElement.DeepEquals(recorded.Json, answer.Json), answer.Body);
        Assert.Equal("", await RawHttp.TextAsync(Cluster.KeystoneUri.Port, "GET /v3/projects?limit=x", _token));
    }

    [Fact]
    public async Task Odd_limits_page_as_recorded()
    {
        Assert.Equal((100, false), await SizeAsync("?limit="));
        Assert.Equal((100, true), await SizeAsync("?limit=0"));
        Assert.Equal((150, true), await SizeAsync("?limit=-1"));

        async Task<(int Projects, bool HasNext)> SizeAsync(string query)
        {
            var page = await ListAsync(query);
            return (Ids(page).Length, Next(page) is not null);
        }
    }

    private async Task<JsonElement> ListAsync(string query)
    {
        var answer = await RawHttp.AskAsync(Cluster.KeystoneUri.Port, $"GET /v3/projects{query}", _token);
        Assert.Equal(200, answer.Status);
        return answer.Json;
    }

    private static string[] Ids(JsonElement page) =>
        [.. page.GetProperty("projects").EnumerateArray().Select(project => project.GetProperty("id").GetString()!)];

    private static string? Next(JsonElement page) => page.GetProperty("links").GetProperty("next").GetString();
}
