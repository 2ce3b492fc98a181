using System.Text.Json;
using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Ring;

/// <summary><c>ring audit</c> where rounds are shared: the daemons of the last one, beside the servers.</summary>
public sealed class SharedRoundAuditTests(RealSwift lab, RealBroker broker) : BrokerTest(lab, broker)
{
    private const string Last = "consometer.RegionOne.last";

    private const string Ring = "/etc/swift/account.ring.gz";

    [Fact]
    public async Task Before_the_first_shared_round_there_is_no_word_of_daemons()
    {
        var run = await AuditAsync();

        Assert.Equal("4 servers: 4 agree, 0 differ, 0 silent", run.Succeeded().OutputLines[^1]);
    }

    [Fact]
    public async Task A_daemon_that_had_another_ring_is_named_and_is_no_failure_of_the_servers()
    {
        await Host.OnChannelAsync(channel => channel.QueueDeclareAsync(Last, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }));
        await Host.PublishAsync("", Last, EndedRound.Json);

        var table = (await AuditAsync()).Succeeded();
        var json = JsonElement.Parse((await AuditAsync("--format", "json")).Succeeded().Output).GetProperty("daemons");

        Assert.Contains("4 servers: 4 agree, 0 differ, 0 silent", table.OutputLines);
        Assert.Matches($"there/2 +differs: {EndedRound.OtherRing}", table.Output);
        Assert.DoesNotContain("here/1", table.Output, StringComparison.Ordinal);
        Assert.Equal($"2 daemons of round {EndedRound.Time}: 1 with this ring, 1 with another", table.OutputLines[^1]);
        Assert.Equal(EndedRound.Time, json.GetProperty("round_time").GetString());
        Assert.Equal(
            [("here/1", "agrees", EndedRound.OwnRing), ("there/2", "differs", EndedRound.OtherRing)],
            json.GetProperty("workers").EnumerateArray().Select(worker => (worker.GetProperty("worker").GetString()!, worker.GetProperty("verdict").GetString()!, worker.GetProperty("md5").GetString()!)));
        await Host.OnChannelAsync(async channel => Assert.NotNull(await channel.BasicGetAsync(Last, autoAck: true)));
    }

    private Task<ProgramRun> AuditAsync(params string[] options)
    {
        Folder.Write(new LabConfiguration { Rabbit = Host.Settings(RealBroker.Admin), Cluster = "mode: shared" });
        return Programs.ConsometerAsync(["ring", "audit", Ring, "--config", Folder.Path, .. options]);
    }
}
