using System.Security.Cryptography;
using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Ring;

public sealed class AuditTests(RealSwift lab) : LabTest(lab)
{
    private const int WrongFile = 3;
    private const int NoAnswer = 5;
    private const string Ring = "/etc/swift/account.ring.gz";

    [Fact]
    public async Task Servers_that_have_the_files_that_are_here_all_agree()
    {
        var run = await AuditAsync(Ring);

        Assert.Equal("4 servers: 4 agree, 0 differ, 0 silent", run.Succeeded().OutputLines[^1]);
        Assert.Empty(Named(run));
    }

    /// <summary>The ring differs only in the time in gzip's header: the same devices and the same table, as from a builder run twice.</summary>
    [Fact]
    public async Task A_ring_written_at_another_time_is_another_ring()
    {
        var bytes = File.ReadAllBytes(Ring);
        var md5 = Convert.ToHexStringLower(MD5.HashData(bytes));
        bytes[4] ^= 1;
        var copy = Path.Combine(Folder.Path, "account.ring.gz");
        File.WriteAllBytes(copy, bytes);

        var run = await AuditAsync(copy);

        Assert.Equal((WrongFile, "4 servers: 0 agree, 4 differ, 0 silent"), (run.ExitCode, run.OutputLines[^1]));
        Assert.Equal(4, Named(run).Length);
        Assert.All(Named(run), line => Assert.Matches($"differs: {md5} +agrees", line));
    }

    [Fact]
    public async Task A_ring_that_the_servers_do_not_know_is_none_of_theirs()
    {
        var run = await AuditAsync(Ring, "--name", "other.ring.gz");

        Assert.Equal((WrongFile, 4), (run.ExitCode, Named(run).Length));
        Assert.All(Named(run), line => Assert.Matches("no such ring +agrees", line));
    }

    [Fact]
    public async Task Another_swift_conf_is_told_from_the_servers_own()
    {
        Folder.Write("swift.conf", File.ReadAllText("/etc/swift/swift.conf") + "\n");

        var run = await AuditAsync(Ring, "--swift-conf", Path.Combine(Folder.Path, "swift.conf"));

        Assert.Equal((WrongFile, 4), (run.ExitCode, Named(run).Length));
        Assert.All(Named(run), line => Assert.Matches("agrees +differs: [0-9a-f]{32}", line));
    }

    [Fact]
    public async Task A_dead_server_is_named_and_the_others_agree()
    {
        await using var outage = await RealSwift.StopNodeAsync(2);

        var run = await AuditAsync(Ring);

        Assert.Equal((NoAnswer, "4 servers: 3 agree, 0 differ, 1 silent"), (run.ExitCode, run.OutputLines[^1]));
        Assert.Matches("127.0.0.2:6202 +silent: unreachable +silent: unreachable", Assert.Single(Named(run)));
    }

    /// <summary>The lines of servers.</summary>
    private static string[] Named(ProgramRun run) => [.. run.OutputLines.Where(line => line.Contains(":6202", StringComparison.Ordinal))];

    private static Task<ProgramRun> AuditAsync(string ring, params string[] options) => Programs.ConsometerAsync(["ring", "audit", ring, .. options]);
}
