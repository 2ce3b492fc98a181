using System.Globalization;
using Consometer.Rings;
using Consometer.Simulation;

namespace Consometer.Tests.Simulation;

/// <summary>The simulated account-servers against answers recorded from real ones.</summary>
public sealed class AccountServerTests(RunningCluster running) : IClassFixture<RunningCluster>
{
    private readonly SimulatedCluster _cluster = running.Cluster;

    /// <summary>Content-Length: 0 is the exception: Kestrel leaves it out of a 204, as the standard wants; Swift sends it.</summary>
    [Fact]
    public async Task A_stored_account_is_answered_as_recorded_to_every_header()
    {
        var device = _cluster.Locate("AUTH_recorded").Primaries()[0];
        _cluster.Put("AUTH_recorded", device, new([new("gold", 1, 1, 1729), new("silver", 1, 1, 774)]));
        var recorded = RawAnswer.Recorded("account-head-204.http").Without("Content-Length");

        var answer = await HeadAsync("AUTH_recorded", device);

        Assert.Equal((recorded.Status, recorded.Reason, ""), (answer.Status, answer.Reason, answer.Body));
        Assert.Equal(recorded.HeaderNames, answer.HeaderNames);
        Assert.Equal(Values(recorded), Values(answer));
        Assert.All(["X-Timestamp", "X-Put-Timestamp"], name => Assert.Matches(@"^\d{10}\.\d{5}$", answer.Headers[name]));

        static IEnumerable<string> Values(RawAnswer answer) =>
            answer.HeaderNames
                .Where(name => !name.EndsWith("Timestamp", StringComparison.Ordinal))
                .Select(name => $"{name}: {answer.Headers[name]}");
    }

    [Theory]
    [InlineData("account-head-404-missing.http", "HEAD /d1/1/AUTH_nobody")]
    [InlineData("account-head-404-deleted.http", "HEAD {deleted}")]
    [InlineData("account-head-507.http", "HEAD /d9/1/AUTH_nobody")]
    [InlineData("account-head-400-no-account.http", "HEAD /d3/24")]
    [InlineData("account-head-412-bad-utf8.http", "HEAD /d1/1/%ff")]
    [InlineData("account-405.http", "FOO /d1/1/AUTH_nobody")]
    public async Task What_is_no_account_is_answered_as_recorded(string file, string request)
    {
        var device = _cluster.Locate("AUTH_deleted").Primaries()[0];
        _cluster.Delete("AUTH_deleted", device);
        var recorded = RawAnswer.Recorded("swift-2.38", file);

        request = request.Replace("{deleted}", Target("AUTH_deleted", device), StringComparison.Ordinal);
        var answer = await RawHttp.AskAsync(device.Port, request);

        Assert.Equal((recorded.Status, recorded.Reason, recorded.Body), (answer.Status, answer.Reason, answer.Body));
        Assert.Equal(recorded.HeaderNames, answer.HeaderNames);
        Assert.Equal(recorded.Headers["Content-Type"], answer.Headers["Content-Type"]);
        Assert.Equal(recorded.Headers["Content-Length"], answer.Headers["Content-Length"]);
    }

    [Fact]
    public async Task Every_primary_of_every_account_says_what_the_plan_says()
    {
        foreach (var account in _cluster.Accounts)
        {
            var timestamps = new List<string>();
            foreach (var device in _cluster.Locate(account.Account).Primaries())
            {
                var answer = await HeadAsync(account.Account, device);
                Assert.Equal(account.Kind == SimulatedAccountKind.Stored ? 204 : 404, answer.Status);
                Assert.Equal(account.Kind == SimulatedAccountKind.Deleted, answer.Headers.ContainsKey("X-Account-Status"));
                if (account.Kind == SimulatedAccountKind.Stored)
                {
                    Assert.Equal(Text(account.Containers), answer.Headers["X-Account-Container-Count"]);
                    Assert.Equal(Text(account.Objects), answer.Headers["X-Account-Object-Count"]);
                    Assert.Equal(Text(account.Bytes), answer.Headers["X-Account-Bytes-Used"]);
                    timestamps.Add(answer.Headers["X-Timestamp"]);
                }
            }

            Assert.Equal(timestamps.Count, timestamps.Distinct().Count());
        }
    }

    [Fact]
    public async Task Only_the_device_and_the_partition_that_hold_an_account_find_it()
    {
        var account = Stored().Account;
        var placement = _cluster.Locate(account);
        var holder = placement.Primaries()[0];

        Assert.Equal(204, (await HeadAsync(account, holder)).Status);
        Assert.Equal(204, (await RawHttp.HeadAsync(holder.Port, Target(account, holder) + "/?format=json")).Status);
        Assert.Equal(404, (await HeadAsync(account, placement.Handoffs().First())).Status);
        Assert.Equal(404, (await RawHttp.HeadAsync(holder.Port, $"/{holder.Name}/{placement.Partition + 1}/{account}")).Status);
        Assert.Equal(404, (await RawHttp.HeadAsync(holder.Port, $"/{holder.Name}/0{placement.Partition}/{account}")).Status);
        Assert.Equal(404, (await RawHttp.HeadAsync(holder.Port, $"/{holder.Name}/x/{account}")).Status);
    }

    [Fact]
    public async Task Names_are_decoded_as_UTF8_and_a_slash_in_one_is_refused()
    {
        var device = _cluster.Locate("AUTH_büro 漢%").Primaries()[0];
        _cluster.Put("AUTH_büro 漢%", device, SimulatedUsage.Nothing);
        var folder = $"/{device.Name}/{_cluster.Locate("AUTH_büro 漢%").Partition}";

        Assert.Equal(204, (await RawHttp.HeadAsync(device.Port, $"{folder}/AUTH_b%C3%BCro%20%e6%bc%a2%25")).Status);
        Assert.Equal(204, (await RawHttp.HeadAsync(device.Port, $"{folder}/AUTH_b%C3%BCro%20%e6%bc%a2%")).Status);
        Assert.Equal(204, (await RawHttp.HeadAsync(device.Port, $"{folder}%2FAUTH_b%C3%BCro%20%e6%bc%a2%25")).Status);
        Assert.Equal(400, (await RawHttp.HeadAsync(device.Port, $"{folder}/AUTH_a%2Fb")).Status);
        Assert.Equal(400, (await RawHttp.HeadAsync(device.Port, $"{folder}/")).Status);
    }

    [Fact]
    public async Task Replicas_can_disagree_be_missing_and_lie_on_a_handoff()
    {
        const string account = "AUTH_disputed";
        var primaries = _cluster.Locate(account).Primaries();
        var handoff = _cluster.Locate(account).Handoffs().First();
        _cluster.Put(account, primaries[2], SimulatedUsage.Nothing);
        Assert.Equal(204, (await HeadAsync(account, primaries[2])).Status);

        _cluster.Put(account, primaries[0], new([new("gold", 1, 2, 3), new("ssd-3x", 0, 0, 0)]));
        _cluster.Delete(account, primaries[1]);
        _cluster.Remove(account, primaries[2]);
        _cluster.Put(account, handoff, SimulatedUsage.Nothing);

        var first = await HeadAsync(account, primaries[0]);
        Assert.Equal("3", first.Headers["X-Account-Bytes-Used"]);
        Assert.Equal("0", first.Headers["X-Account-Storage-Policy-Ssd-3X-Object-Count"]);
        Assert.Equal("Deleted", (await HeadAsync(account, primaries[1])).Headers["X-Account-Status"]);
        Assert.Equal(404, (await HeadAsync(account, primaries[2])).Status);
        Assert.Equal("0", (await HeadAsync(account, handoff)).Headers["X-Account-Container-Count"]);
    }

    [Fact]
    public async Task A_node_counts_its_requests()
    {
        var device = _cluster.Locate(Stored().Account).Primaries()[0];
        var node = _cluster.Nodes.Single(node => node.Port == device.Port);
        var before = node.Requests;

        await HeadAsync(Stored().Account, device);
        await HeadAsync("AUTH_nobody", device);

        Assert.Equal(before + 2, node.Requests);
    }

    private SimulatedAccount Stored() => _cluster.Accounts.First(account => account.Kind == SimulatedAccountKind.Stored);

    private Task<RawAnswer> HeadAsync(string account, Device device) => RawHttp.HeadAsync(device.Port, Target(account, device));

    private string Target(string account, Device device) =>
        $"/{device.Name}/{_cluster.Locate(account).Partition}/{Uri.EscapeDataString(account)}";

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
