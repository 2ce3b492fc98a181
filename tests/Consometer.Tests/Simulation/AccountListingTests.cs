using System.Text.Json;
using Consometer.Rings;
using Consometer.Simulation;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Simulation;

/// <summary>The listings of simulated account-servers: like recorded ones, consistent with the accounts' counts, and in pages.</summary>
public sealed class AccountListingTests(RunningCluster running) : IClassFixture<RunningCluster>
{
    private readonly SimulatedCluster _cluster = running.Cluster;

    [Fact]
    public async Task A_listing_is_answered_as_recorded_but_for_what_is_in_it()
    {
        var device = Device("AUTH_recorded");
        _cluster.Put("AUTH_recorded", device, new([new("gold", 1, 1, 1729), new("silver", 1, 1, 774)]));
        var recorded = RawAnswer.Recorded("account-get-200.http");
        var newer = RawAnswer.Recorded("swift-2.38", "account-get-200.http");

        var answer = await GetAsync("AUTH_recorded", device, "?format=json");

        Assert.Equal((recorded.Status, recorded.Reason), (answer.Status, answer.Reason));
        Assert.Equal(recorded.HeaderNames, answer.HeaderNames);
        Assert.Equal(recorded.Headers["Content-Type"], answer.Headers["Content-Type"]);
        Assert.Equal(recorded.Headers["X-Account-Storage-Policy-Silver-Bytes-Used"], answer.Headers["X-Account-Storage-Policy-Silver-Bytes-Used"]);
        Assert.All(answer.Json.EnumerateArray(), row => Assert.Equal(Keys(newer.Json[0]), Keys(row)));
        Assert.Equal(["1 1729 gold", "1 774 silver"], answer.Json.EnumerateArray().Select(
            row => $"{row.GetProperty("count")} {row.GetProperty("bytes")} {row.GetProperty("storage_policy")}"));

        static IEnumerable<string> Keys(JsonElement row) => row.EnumerateObject().Select(property => property.Name);
    }

    [Theory]
    [InlineData("account-get-404-missing.http", "GET /d1/1/AUTH_nobody?format=json")]
    [InlineData("account-get-404-deleted.http", "GET {deleted}?format=json")]
    [InlineData("account-get-507.http", "GET /d9/1/AUTH_nobody?format=json")]
    [InlineData("account-get-400-no-account.http", "GET /d3/24")]
    [InlineData("account-get-412-limit.http", "GET /d1/1/AUTH_nobody?limit=10001")]
    [InlineData("account-get-412-limit.http", "GET /d1/1/AUTH_nobody?limit=99999999999999999999")]
    [InlineData("account-get-412-bad-utf8.http", "GET /d1/1/%ff")]
    public async Task What_is_no_listing_is_answered_as_recorded(string file, string request)
    {
        var device = Device("AUTH_deleted");
        _cluster.Delete("AUTH_deleted", device);
        var recorded = RawAnswer.Recorded("swift-2.38", file);

        var answer = await RawHttp.AskAsync(device.Port, request.Replace("{deleted}", Target("AUTH_deleted", device), StringComparison.Ordinal));

        Assert.Equal((recorded.Status, recorded.Reason, recorded.Body), (answer.Status, answer.Reason, answer.Body));
        Assert.Equal(recorded.HeaderNames, answer.HeaderNames);
        Assert.Equal(recorded.Headers["Content-Type"], answer.Headers["Content-Type"]);
    }

    [Fact]
    public void The_containers_of_every_account_add_up_to_what_it_holds_in_each_policy()
    {
        Assert.Contains(_cluster.Accounts, account => account.Usage.Policies.Count == 2);
        foreach (var account in _cluster.Accounts)
        {
            var containers = _cluster.ContainersOf(account.Account, account.Usage).ToArray();

            Assert.Equal(account.Usage.Policies, containers.GroupBy(container => container.Policy).Select(policy => new SimulatedPolicyUsage(
                policy.Key, policy.Count(), policy.Sum(container => container.Objects), policy.Sum(container => container.Bytes))));
            Assert.All(containers, container => Assert.True(container.Objects >= 0 && container.Bytes >= 0 && (container.Objects > 0 || container.Bytes == 0)));
        }
    }

    /// <summary>Goal: an account of many pages, listed by the client that lists real ones. Its order is checked by that client.</summary>
    [Fact]
    public async Task A_huge_account_is_listed_in_pages_to_its_end()
    {
        const string account = "AUTH_huge";
        var usage = new SimulatedUsage([new("gold", 20_000, 3, 1L << 46), new("silver", 5_001, 1L << 40, (1L << 62) + 7)]);
        var device = Device(account);
        _cluster.Put(account, device, usage);
        using var servers = new AccountServers(new AccountServerOptions(Network.Client, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)), TimeProvider.System);

        var listed = new List<ContainerUsage>();
        var pages = new List<int>();
        do
        {
            var marker = listed.Count == 0 ? "" : listed[^1].Name;
            var page = await servers.ListAsync(device, _cluster.Locate(account).Partition, account, marker, TestContext.Current.CancellationToken);
            listed.AddRange(Assert.IsType<ListingPage.Listed>(page).Containers);
            pages.Add(listed.Count);
        }
        while (pages.Count < 2 || pages[^1] > pages[^2]);

        Assert.Equal([10_000, 20_000, 25_001, 25_001], pages);
        Assert.Equal(
            _cluster.ContainersOf(account, usage).Select(container => new ContainerUsage(container.Name, container.Objects, container.Bytes, container.Policy)), listed);
        Assert.Equal((usage.Objects, usage.Bytes), (listed.Sum(container => container.Objects), listed.Sum(container => container.Bytes)));
        Assert.InRange(listed.Select(container => container.Bytes).Distinct().Count(), 5_000, int.MaxValue);
    }

    [Theory]
    [InlineData("", 7)]
    [InlineData("?limit=3", 3)]
    [InlineData("?limit=0", 0)]
    [InlineData("?limit=10000", 7)]
    [InlineData("?limit=-1", 7)]
    [InlineData("?limit=all", 7)]
    [InlineData("?marker=c000000001", 6)] // That one's name goes on, so it comes after.
    [InlineData("?marker=c000000001-b%C3%BCro%20%E2%98%83", 5)]
    [InlineData("?marker=c000000001-z", 6 - 1)]
    [InlineData("?marker=c000000003%2Ba%26b%3D100%25&limit=2", 2)]
    [InlineData("?marker=b", 7)]
    [InlineData("?marker=d", 0)]
    [InlineData("?marker=%F0%9F%98%80", 0)]
    public async Task Limit_and_marker_are_understood(string query, int listed)
    {
        var device = Device("AUTH_seven");
        _cluster.Put("AUTH_seven", device, new([new("gold", 7, 7, 7)]));

        Assert.Equal(listed, (await GetAsync("AUTH_seven", device, query)).Json.GetArrayLength());
    }

    [Fact]
    public async Task The_same_seed_lists_the_same_containers_and_another_seed_others()
    {
        await using var same = await RunningCluster.StartAsync(new SimulationPlan());
        await using var other = await RunningCluster.StartAsync(new SimulationPlan { Seed = 2 });

        Assert.Equal(Describe(_cluster), Describe(same.Cluster));
        Assert.NotEqual(Describe(_cluster), Describe(other.Cluster));

        static string Describe(SimulatedCluster cluster) =>
            string.Join('\n', cluster.Accounts.SelectMany(account => cluster.ContainersOf(account.Account, account.Usage)));
    }

    private Device Device(string account) => _cluster.Locate(account).Primaries()[0];

    private Task<RawAnswer> GetAsync(string account, Device device, string query) => RawHttp.AskAsync(device.Port, $"GET {Target(account, device)}{query}");

    private string Target(string account, Device device) => $"/{device.Name}/{_cluster.Locate(account).Partition}/{account}";
}
