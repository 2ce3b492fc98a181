using System.Security.Cryptography;
using System.Text.Json;
using Consometer.Simulation;

namespace Consometer.Tests.Simulation;

/// <summary>The simulated nodes' recon against answers recorded from real ones.</summary>
public sealed class ReconTests(RunningCluster running) : IClassFixture<RunningCluster>
{
    private readonly SimulatedCluster _cluster = running.Cluster;

    [Fact]
    public async Task Every_node_has_the_ring_and_the_swift_conf_of_the_cluster()
    {
        foreach (var node in _cluster.Nodes)
        {
            Assert.Equal(Md5sOf(_cluster.RingPath), (await AskAsync(node, "recon-ringmd5-200.http", "/recon/ringmd5")).ToString());
            Assert.Equal(Md5sOf(_cluster.SwiftConfPath), (await AskAsync(node, "recon-swiftconfmd5-200.http", "/recon/swiftconfmd5")).ToString());
        }
    }

    [Fact]
    public async Task A_node_may_have_another_ring_or_one_it_cannot_read()
    {
        await using var other = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 1 });
        var node = other.Cluster.Nodes[0];
        node.RingMd5s = new Dictionary<string, string?> { ["/srv/other-rings/account.ring.gz"] = null };

        var answer = await AskAsync(node, "recon-ringmd5-200-null.http", "/recon/ringmd5");

        Assert.Equal(JsonValueKind.Null, answer.GetProperty("/srv/other-rings/account.ring.gz").ValueKind);
        Assert.NotEqual(answer.ToString(), (await AskAsync(other.Cluster.Nodes[1], "recon-ringmd5-200.http", "/recon/ringmd5")).ToString());
    }

    [Fact]
    public async Task What_recon_does_not_know_is_answered_as_recorded()
    {
        var recorded = RawAnswer.Recorded("recon-404-unknown.http");

        var answer = await RawHttp.AskAsync(_cluster.Nodes[0].Port, "GET /recon/nothing");

        Assert.Equal(
            (recorded.Status, recorded.Reason, recorded.Headers["Content-Type"], recorded.Body),
            (answer.Status, answer.Reason, answer.Headers["Content-Type"], answer.Body));
    }

    /// <summary>The JSON of an answer that is like the recorded but for its body.</summary>
    private static async Task<JsonElement> AskAsync(SimulatedNode node, string recordedFile, string target)
    {
        var recorded = RawAnswer.Recorded(recordedFile);

        var answer = await RawHttp.AskAsync(node.Port, $"GET {target}");

        Assert.Equal((recorded.Status, recorded.Reason), (answer.Status, answer.Reason));
        Assert.Equal(recorded.HeaderNames, answer.HeaderNames);
        Assert.Equal(recorded.Headers["Content-Type"], answer.Headers["Content-Type"]);
        return answer.Json;
    }

    private static string Md5sOf(string path) =>
        $$"""{"{{path}}":"{{Convert.ToHexStringLower(MD5.HashData(File.ReadAllBytes(path)))}}"}""";
}
