using Consometer.Swift.Accounts;

namespace Consometer.Swift.Recon;

/// <summary>What every server should have.</summary>
/// <param name="RingName">The ring's name on the servers, without a folder: <c>account.ring.gz</c>.</param>
/// <param name="RingMd5">MD5 of the compressed ring in lower-case hex.</param>
/// <param name="SwiftConfMd5">MD5 of swift.conf; null has the servers compared with each other.</param>
public sealed record AuditWanted(string RingName, string RingMd5, string? SwiftConfMd5);

/// <summary>
/// Whether servers have the ring and the swift.conf they should have. The replicator of one with another ring moves accounts to where
/// nobody asks for them, and one with another hash prefix does not find those it has. It compares as <c>swift-recon --md5</c> does: by
/// the file's name, whatever the folder.
/// </summary>
public static class RingAudit
{
    private const int ServersInFlightMax = 32;

    /// <summary>Asks all servers, each for both files at once.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public static async Task<AuditReport> RunAsync(
        ReconClient recon, IReadOnlyList<Node> nodes, AuditWanted wanted, CancellationToken stopping)
    {
        var said = new (ReconAnswer Rings, ReconAnswer SwiftConf)[nodes.Count];
        var limits = new ParallelOptions { MaxDegreeOfParallelism = ServersInFlightMax, CancellationToken = stopping };
        await Parallel.ForAsync(0, nodes.Count, limits, async (i, stop) =>
        {
            var answers = await Task.WhenAll(recon.ReadRingMd5sAsync(nodes[i], stop), recon.ReadSwiftConfMd5Async(nodes[i], stop));
            said[i] = (answers[0], answers[1]);
        });

        var swiftConfMd5 = wanted.SwiftConfMd5 ?? MostFrequent(said.Select(answers => answers.SwiftConf));
        return new AuditReport(wanted.RingMd5, swiftConfMd5,
        [
            .. nodes.Zip(said, (node, answers) => new ServerFinding(
                node,
                Compare(answers.Rings, wanted.RingName, wanted.RingMd5),
                Compare(answers.SwiftConf, ReconClient.SwiftConf, swiftConfMd5))),
        ]);
    }

    /// <summary>The swift.conf that most servers have; of as frequent ones the smallest MD5, so that a second audit compares with the same.</summary>
    private static string? MostFrequent(IEnumerable<ReconAnswer> answers) => answers
        .OfType<ReconAnswer.Answered>()
        .Select(answer => answer.Md5s[ReconClient.SwiftConf])
        .OfType<string>()
        .CountBy(md5 => md5)
        .OrderByDescending(servers => servers.Value)
        .ThenBy(servers => servers.Key, StringComparer.Ordinal)
        .Select(servers => servers.Key)
        .FirstOrDefault();

    private static FileFinding Compare(ReconAnswer answer, string name, string? wanted)
    {
        if (answer is not ReconAnswer.Answered { Md5s: var md5s })
        {
            return new FileFinding(FileVerdict.Silent, null, answer);
        }

        var isListed = md5s.TryGetValue(name, out var md5);
        var verdict = !isListed ? FileVerdict.NoSuchRing
            : md5 is null ? FileVerdict.Unreadable
            : md5 == wanted ? FileVerdict.Agrees
            : FileVerdict.Differs;
        return new FileFinding(verdict, md5, answer);
    }
}
