using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Check;

/// <summary><c>check</c> on the lab: what an operator sees before the first round, and when something is wrong.</summary>
public sealed class CheckTests(RealSwift lab) : LabTest(lab)
{
    private const int WrongFile = 3;
    private const int NoAnswer = 5;

    [Fact]
    public async Task On_a_healthy_cluster_every_check_is_ok()
    {
        var run = await CheckAsync(new LabConfiguration());

        Assert.Equal(11, run.Succeeded().OutputLines.Count(line => line.Contains(" ok ", StringComparison.Ordinal)));
        Assert.Matches("servers +ok +4 of 4 account-servers", run.Output);
        Assert.Matches($"projects +ok +.* {Truth.Count} projects", run.Output);
    }

    [Fact]
    public async Task A_wrong_hash_suffix_is_found_by_the_servers_file_and_by_the_accounts()
    {
        Folder.Write("swift.conf", File.ReadAllText("/etc/swift/swift.conf").Replace("lab-suffix", "of-another-cluster", StringComparison.Ordinal));

        var run = await CheckAsync(new LabConfiguration { SwiftConf = "swift.conf" });

        Assert.Equal(WrongFile, run.ExitCode);
        Assert.Equal(4, run.OutputLines.Count(line => line.Contains("another swift.conf", StringComparison.Ordinal)));
        Assert.Matches("accounts +fail +200 accounts +0 measured, 200 absent", run.Output);
    }

    [Fact]
    public async Task A_dead_server_is_named_and_the_accounts_are_found_all_the_same()
    {
        await using var outage = await RealSwift.StopNodeAsync(2);

        var run = await CheckAsync(new LabConfiguration());

        Assert.Equal(NoAnswer, run.ExitCode);
        Assert.Matches("servers +fail +127.0.0.2:6202 +silent: unreachable", run.Output);
        Assert.Matches("accounts +(ok|warn) +20 accounts", run.Output);
    }

    private async Task<ProgramRun> CheckAsync(LabConfiguration configuration)
    {
        Folder.Write(configuration);
        return await Programs.ConsometerAsync(["check", "--config", Folder.Path]);
    }
}
