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

    /// <returns>A line for those that agree, and one for each other; the audit if any server answered.</returns>
    public static async Task<Checked<AuditReport>> RunAsync(ConsometerOptions options, RingFile ring, TimeProvider clock, CancellationToken stopping)
    {
        Node[] nodes = [.. ring.Table.Devices.OfType<Device>().Select(device => Node.Of(device, options.Swift.Servers.Network)).Distinct()];
        using var recon = new ReconClient(ReconOptions.Default, clock);
        var audit = await RingAudit.RunAsync(recon, nodes, new AuditWanted(Path.GetFileName(ring.Path), ring.Md5, Md5Of(options.Swift.ConfPath)), stopping);
        CheckResult[] others = [.. audit.Servers.Where(server => server.Verdict != ServerVerdict.Agrees).Select(server => Describe(server, options.Swift))];
        var agree = nodes.Length - others.Length;
        return new Checked<AuditReport>(
            audit.Servers.Any(HasAnswered) ? audit : null,
            agree == 0
                ? others
                :
                [
                    CheckResult.Ok(Name, string.Create(CultureInfo.InvariantCulture, $"{agree} of {nodes.Length} account-servers"), "this ring and this swift.conf"),
                    .. others,
                ]);
    }

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

    private static bool HasAnswered(ServerFinding server) => server.Ring.Answer is not ReconAnswer.Unavailable || server.SwiftConf.Answer is not ReconAnswer.Unavailable;

    /// <summary>Null where it cannot be read, which is told elsewhere: then the servers are compared with each other.</summary>
    private static string? Md5Of(string path)
    {
        try
        {
            return Convert.ToHexStringLower(MD5.HashData(InputFileException.ReadAllBytes(path, SwiftConfCheck.Name)));
        }
        catch (InputFileException)
        {
            return null;
        }
    }
}
