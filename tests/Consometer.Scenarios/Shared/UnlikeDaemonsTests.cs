using System.IO.Compression;
using System.Security.Cryptography;
using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Shared;

/// <summary>Daemons that share rounds and do not have the same to go by; and what is no daemon's.</summary>
public sealed class UnlikeDaemonsTests(RealSwift lab, RealBroker broker) : SharingTest(lab, broker)
{
    private const string Ring = "account.ring.gz";

    [Fact]
    public async Task A_ring_that_is_another_file_is_told_of_and_its_daemon_works_on()
    {
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        await using var one = SharingDaemon.Start(SharingFew());
        await using var other = SharingDaemon.Start(SharingFew() with { RingDir = "." }, WriteRing);
        SharingDaemon[] daemons = [one, other];
        await MoreRoundsAsync(daemons, 1, round => round.Workers.Length == daemons.Length);
        await StopAsync(daemons, received);

        var rounds = AssertWhole(daemons, received, FewAccounts);
        string[] md5 = [Md5(Path.Combine("/etc/swift", Ring)), Md5(Path.Combine(other.Folder.Path, Ring))];
        Assert.Equal(md5.Order(), rounds[^1].Workers.Select(worker => worker.RingMd5!).Order());
        Assert.NotEqual(md5[0], md5[1]);
        Assert.NotEqual(0, daemons.Sum(daemon => daemon.Count(1609)));
        Assert.All(daemons, daemon => Assert.NotEqual(0, daemon.Count(1611)));
    }

    [Fact]
    public async Task A_daemon_with_another_hash_suffix_leaves_tasks_to_others()
    {
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        await using var one = SharingDaemon.Start(SharingFew());
        await using var other = SharingDaemon.Start(SharingFew());
        await MoreRoundsAsync([one, other], 1);
        await using var stranger = SharingDaemon.Start(SharingFew() with { SwiftConf = "swift.conf" }, WriteSwiftConf);
        SharingDaemon[] daemons = [one, other, stranger];
        await stranger.Life.SaysAsync(" 1608 ");
        await MoreRoundsAsync(daemons, 1);
        await StopAsync(daemons, received);

        var rounds = AssertWhole(daemons, received, FewAccounts);
        Assert.All(rounds, round => Assert.InRange(round.Workers.Length, 1, 2));
        Assert.NotEqual(0, rounds.Sum(round => round.Tasks("redelivered")));
        Assert.Equal([0, 0], [one.Count(1608), other.Count(1608)]);
    }

    [Fact]
    public async Task What_nobody_can_read_is_told_of_and_rounds_go_on()
    {
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        await using var one = SharingDaemon.Start(SharingFew());
        await using var other = SharingDaemon.Start(SharingFew());
        SharingDaemon[] daemons = [one, other];
        await MoreRoundsAsync(daemons, 1);
        foreach (var body in (string[])["no JSON", "null", "{}", "[]", """{"accounts": [], "round": null}"""])
        {
            foreach (var key in (string[])["task", "report", "late", "journal", "ended", "role"])
            {
                await Host.PublishAsync(Prefix, key, body);
            }
        }

        await MoreRoundsAsync(daemons, 2);
        await StopAsync(daemons, received);

        AssertWhole(daemons, received, FewAccounts);
        string[] queues = ["tasks", "reports", "late", "journal", "last"];
        Assert.All(queues, queue => Assert.Contains(daemons.SelectMany(daemon => daemon.Log), line => line.Contains($" 1610 queue {Prefix}.{queue}:", StringComparison.Ordinal)));
    }

    /// <summary>The same ring, compressed anew.</summary>
    private static void WriteRing(ConfigurationFolder folder)
    {
        using var read = new GZipStream(File.OpenRead(Path.Combine("/etc/swift", Ring)), CompressionMode.Decompress);
        using var written = new GZipStream(File.Create(Path.Combine(folder.Path, Ring)), CompressionLevel.NoCompression);
        read.CopyTo(written);
    }

    private static void WriteSwiftConf(ConfigurationFolder folder) =>
        folder.Write("swift.conf", File.ReadAllText("/etc/swift/swift.conf").Replace("lab-suffix", "other-suffix", StringComparison.Ordinal));

    private static string Md5(string path) => Convert.ToHexStringLower(MD5.HashData(File.ReadAllBytes(path)));
}
