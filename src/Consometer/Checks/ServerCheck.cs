using System.Globalization;
using System.Security.Cryptography;
using Consometer.Configuration;
using Consometer.Rings;
using Consometer.Swift.Accounts;
using Consometer.Swift.Recon;

namespace Consometer.Checks;

/// <summary>Whether every account-server of the ring answers, and has the ring and the swift.conf that are here.</summary>
internal static class ServerCheck
{
    public const string Name = "servers";

    private enum Likeness
    {
        Same,
        SameHash,
        None,
    }

    /// <summary>What every server has.</summary>
    public static async Task<AuditReport> AuditAsync(ConsometerOptions options, RingFile ring, TimeProvider clock, CancellationToken stopping)
    {
        Node[] nodes = [.. ring.Table.Devices.OfType<Device>().Select(device => Node.Of(device, options.Swift.Servers.Network)).Distinct()];
        using var recon = new ReconClient(ReconOptions.Default, clock);
        return await RingAudit.RunAsync(recon, nodes, new AuditWanted(Path.GetFileName(ring.Path), ring.Md5, Md5Of(options.Swift.ConfPath, SwiftConfCheck.Name)), stopping);
    }

    /// <summary>A line for those that agree, one for those whose swift.conf only looks another, and one for each other.</summary>
    /// <param name="audit">What every server has.</param>
    /// <param name="swift">What is here.</param>
    /// <param name="areAccountsFound">Whether an account was where ring and swift.conf of this host say.</param>
    public static IReadOnlyList<CheckResult> Judge(AuditReport audit, SwiftOptions swift, bool areAccountsFound)
    {
        // A swift.conf that was written by hand for this host has another MD5 and may well have the same prefix and suffix: accounts tell.
        // That proves nothing of a server that has another file than most: its own accounts may be elsewhere.
        var usual = areAccountsFound ? Usual(audit) : null;
        var groups = audit.Servers.ToLookup(server =>
            server.Verdict == ServerVerdict.Agrees ? Likeness.Same
            : server is { Ring.Verdict: FileVerdict.Agrees, SwiftConf: { Verdict: FileVerdict.Differs, Md5: { } md5 } } && md5 == usual ? Likeness.SameHash
            : Likeness.None);
        string Count(Likeness likeness) => string.Create(CultureInfo.InvariantCulture, $"{groups[likeness].Count()} of {audit.Servers.Count} account-servers");
        return
        [
            .. groups[Likeness.Same].Take(1).Select(_ => CheckResult.Ok(Name, Count(Likeness.Same), "this ring and this swift.conf")),
            .. groups[Likeness.SameHash].Take(1).Select(_ => CheckResult.Warn(
                Name, Count(Likeness.SameHash), "this ring; another swift.conf, with the same hash prefix and suffix, since accounts are found",
                $"copy swift.conf from a storage node to {swift.ConfPath}, so that a change of it can be noticed")),
            .. groups[Likeness.None].Select(server => Describe(server, swift)),
        ];
    }

    public static bool HasAnswered(ServerFinding server) => server.Ring.Answer is not ReconAnswer.Unavailable || server.SwiftConf.Answer is not ReconAnswer.Unavailable;

    private static string? Usual(AuditReport audit) => audit.Servers
        .Select(server => server.SwiftConf.Md5).OfType<string>().CountBy(md5 => md5)
        .OrderByDescending(servers => servers.Value).Select(servers => servers.Key).FirstOrDefault();

    private static CheckResult Describe(ServerFinding server, SwiftOptions swift) => server switch
    {
        { Ring.Verdict: FileVerdict.Differs } => Wrong(server, "another ring", $"copy the newest ring to all servers and to {swift.RingPath}"),
        { Ring.Verdict: FileVerdict.NoSuchRing or FileVerdict.Unreadable } => Wrong(server, "no such ring, or one it cannot read", $"copy {swift.RingPath} to it"),
        { SwiftConf.Verdict: FileVerdict.Differs } => Wrong(
            server, "another swift.conf, and so perhaps another hash prefix or suffix", $"copy swift.conf from a storage node to {swift.ConfPath}"),
        { SwiftConf.Verdict: FileVerdict.Unreadable } => Wrong(server, "a swift.conf it cannot read", $"copy {swift.ConfPath} to it"),
        { Ring.Answer: ReconAnswer.Refused { IsWithoutRecon: true } } => CheckResult.Warn(
            Name, server.Node.ToString(), "no recon in its pipeline: its ring and swift.conf are not known", "add recon to the pipeline in its account-server.conf"),
        _ => CheckResult.Fail(
            Name, server.Node.ToString(), $"silent: {(server.Ring.Verdict == FileVerdict.Silent ? server.Ring : server.SwiftConf).Answer.Word}", "is it running, and does every firewall let this host through?", ExitCode.Service),
    };

    private static CheckResult Wrong(ServerFinding server, string found, string remedy) => CheckResult.Fail(Name, server.Node.ToString(), found, remedy, ExitCode.InputFile);

    /// <summary>Null where it cannot be read, which is told elsewhere: then the servers are compared with each other.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is.</param>
    public static string? Md5Of(string path, string what)
    {
        try
        {
            return Convert.ToHexStringLower(MD5.HashData(InputFileException.ReadAllBytes(path, what)));
        }
        catch (InputFileException)
        {
            return null;
        }
    }
}
