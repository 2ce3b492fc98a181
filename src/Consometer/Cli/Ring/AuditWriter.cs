using System.Globalization;
using System.Text.Json;
using Consometer.Cli.Output;
using Consometer.Swift.Recon;

namespace Consometer.Cli.Ring;

/// <summary>Prints what an audit found.</summary>
/// <param name="report">What it found.</param>
/// <param name="ringPath">The ring the servers were compared with.</param>
/// <param name="swiftConfPath">The swift.conf likewise; null if they were compared with each other.</param>
/// <param name="daemons">The daemons that shared the last round; null where none did.</param>
internal sealed class AuditWriter(AuditReport report, string ringPath, string? swiftConfPath, RoundDaemons? daemons)
{
    /// <summary>What was compared with, the servers worth naming, and the counts.</summary>
    public void WriteTable()
    {
        Terminal.Output.Line($"ring        {report.RingMd5}  {ringPath}");
        Terminal.Output.Line($"swift.conf  {SwiftConf()}");
        var table = Terminal.NewTable(("SERVER", false), ("RING", false), ("SWIFT.CONF", false));
        foreach (var server in report.Servers.Where(server => server.Verdict != ServerVerdict.Agrees))
        {
            Terminal.AddRow(table, server.Node.ToString(), Text(server.Ring), Text(server.SwiftConf));
        }

        if (table.Rows.Count > 0)
        {
            Terminal.Output.Write(table);
        }

        Terminal.Output.Line(Summary());
        daemons?.WriteTable();
    }

    /// <summary>All servers, and all daemons where rounds are shared.</summary>
    public void WriteJson()
    {
        var document = new Dictionary<string, object>
        {
            ["ring"] = new { file = ringPath, md5 = report.RingMd5 },
            ["swift_conf"] = new { file = swiftConfPath, md5 = report.SwiftConfMd5 },
            ["servers"] = report.Servers.Select(server => new
            {
                ip = server.Node.Ip,
                port = server.Node.Port,
                verdict = Word(server.Verdict),
                ring = Describe(server.Ring),
                swift_conf = Describe(server.SwiftConf),
            }),
        };
        if (daemons is not null)
        {
            document["daemons"] = daemons.ToDocument();
        }

        Terminal.Output.Line(JsonText.Document(document));
    }

    private string SwiftConf() =>
        report.SwiftConfMd5 is null ? "no server told what it has, and there is none here to compare with"
        : $"{report.SwiftConfMd5}  {swiftConfPath ?? "as most servers have it: there is none here to compare with"}";

    private string Summary()
    {
        var (servers, agree, differ) = (report.Servers.Count, report.Count(ServerVerdict.Agrees), report.Count(ServerVerdict.Differs));
        var silent = report.Count(ServerVerdict.Silent);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{servers} server{(servers == 1 ? "" : "s")}: {agree} agree{(agree == 1 ? "s" : "")}, {differ} differ{(differ == 1 ? "s" : "")}, {silent} silent");
    }

    private static string Text(FileFinding finding) => finding switch
    {
        { Verdict: FileVerdict.Differs } => $"differs: {finding.Md5}",
        { Answer: ReconAnswer.Refused { IsWithoutRecon: true } refused } => $"silent: {Words(refused.Word)}, no recon in its pipeline",
        { Verdict: FileVerdict.Silent } => $"silent: {Words(finding.Answer.Word)}",
        _ => Words(Word(finding.Verdict)),
    };

    private static string Words(string word) => word.Replace('_', ' ');

    private static object Describe(FileFinding finding) => new
    {
        verdict = Word(finding.Verdict),
        md5 = finding.Md5,
        reason = finding.Verdict == FileVerdict.Silent ? finding.Answer.Word : null,
    };

    private static string Word<T>(T verdict)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.ToString());
}
