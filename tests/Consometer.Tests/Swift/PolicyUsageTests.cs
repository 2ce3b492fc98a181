using Consometer.Swift.Accounts;

namespace Consometer.Tests.Swift;

/// <summary>What account-servers say of storage policies, and when two of them say the same.</summary>
public sealed class PolicyUsageTests
{
    private const string Counts = "X-Account-Container-Count: 5\r\nX-Account-Object-Count: 6\r\nX-Account-Bytes-Used: 7\r\n";

    private static readonly PolicyUsage Gold = new("gold", 1, 2, 3);
    private static readonly PolicyUsage Silver = new("silver", 4, 5, 6);

    [Theory]
    [InlineData("account-head-204.http", "gold 1 1 1729, silver 1 1 774")]
    [InlineData("swift-2.38/account-head-204.http", "gold 3 1248 993059730292, silver 2 3 12345")]
    [InlineData("swift-2.38/account-head-204-reserved.http", "gold 2 7 7555, silver 1 1 77")]
    public async Task A_real_server_s_policies_have_swift_conf_s_names(string file, string policies) =>
        Assert.Equal(policies, Describe(await ReadAsync(Reply.Recorded(file.Split('/')), "silver", "gold")));

    [Theory]
    [InlineData("", "")]
    [InlineData("Gold-Container-Count: 1|Gold-Object-Count: 2|Gold-Bytes-Used: 3", "gold 1 2 3")]
    [InlineData("GOLD-bytes-used: 3|gold-OBJECT-count: 2|Gold-Container-Count: 1", "gold 1 2 3")] // In any case and order.
    [InlineData("Tape-Container-Count: 1|Tape-Object-Count: 2|Tape-Bytes-Used: 3", "Tape 1 2 3")] // Not in swift.conf.
    [InlineData("Gold-Object-Count: 2|Gold-Bytes-Used: 3", "gold - 2 3")] // A database of before that count.
    [InlineData("Ec-Bytes-Used-Object-Count: 2|Ec-Bytes-Used-Bytes-Used: 3", "EC-bytes-used - 2 3")] // A policy's name may hold those words.
    [InlineData("Gold-Colour: blue|Bytes-Used: 8|-Bytes-Used: 9", "")] // No count, no policy, no name.
    [InlineData("Gold-Container-Count: 0|Gold-Object-Count: 0|Gold-Bytes-Used: 9223372036854775807", "gold 0 0 9223372036854775807")]
    public async Task A_policy_is_what_stands_before_the_three_counts(string headers, string policies) =>
        Assert.Equal(policies, Describe(await ReadAsync(Answer(headers), "gold", "EC-bytes-used")));

    [Theory]
    [InlineData("Gold-Object-Count: 2|Gold-Bytes-Used: -3")]
    [InlineData("Gold-Object-Count: 2|Gold-Bytes-Used: 9223372036854775808")]
    [InlineData("Gold-Object-Count: two|Gold-Bytes-Used: 3")]
    [InlineData("Gold-Object-Count:|Gold-Bytes-Used: 3")]
    [InlineData("Gold-Container-Count: 1.0|Gold-Object-Count: 2|Gold-Bytes-Used: 3")]
    [InlineData("Gold-Object-Count: 2|gold-object-count: 2|Gold-Bytes-Used: 3")]
    [InlineData("Gold-Object-Count: 2")]
    [InlineData("Gold-Bytes-Used: 3")]
    [InlineData("Gold-Container-Count: 1")]
    public async Task Half_a_policy_or_a_count_of_one_that_is_none_spoils_the_whole_answer(string headers) =>
        Assert.Equal(Unavailability.MalformedAnswer, Assert.IsType<ReplicaReading.Unavailable>(await ReadAsync(Answer(headers), "gold")).Reason);

    [Fact]
    public void Usages_are_equal_when_all_counts_are_whatever_the_order_of_the_policies()
    {
        var usage = new AccountUsage(1, 2, 3) { Policies = [Gold, Silver] };
        var same = new AccountUsage(1, 2, 3) { Policies = [Silver with { }, Gold with { }] };
        AccountUsage[] others =
        [
            usage with { Bytes = 4 },
            usage with { Policies = [] },
            usage with { Policies = [Gold] },
            usage with { Policies = [Gold, Silver, new PolicyUsage("tape", 0, 0, 0)] },
            usage with { Policies = [Gold, Silver with { Bytes = 7 }] },
            usage with { Policies = [Gold, Silver with { Containers = null }] },
            usage with { Policies = [Gold, Silver with { Name = "tape" }] },
        ];

        Assert.Equal(usage, same);
        Assert.Equal(usage.GetHashCode(), same.GetHashCode());
        Assert.All(others, other => Assert.NotEqual(usage, other));
        Assert.All(others, other => Assert.NotEqual(other, usage));
    }

    private static Reply Answer(string policyHeaders)
    {
        var headers = policyHeaders.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(header => $"X-Account-Storage-Policy-{header}\r\n");
        return Reply.Of($"HTTP/1.1 204 No Content\r\n{Counts}{string.Concat(headers)}\r\n");
    }

    private static async Task<ReplicaReading> ReadAsync(Reply reply, params string[] policyNames)
    {
        await using var server = ScriptedServer.Start(_ => reply);
        using var client = new AccountServers(
            new AccountServerOptions(Network.Client, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30)) { PolicyNames = policyNames }, new ManualClock());
        return await client.ReadAsync(TestRing.DeviceAt(0, server.Port), 1, "AUTH_a", TestContext.Current.CancellationToken);
    }

    private static string Describe(ReplicaReading reading) => string.Join(
        ", ",
        Assert.IsType<ReplicaReading.Answered>(reading).Usage.Policies.Select(
            policy => $"{policy.Name} {policy.Containers?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"} {policy.Objects} {policy.Bytes}"));
}
