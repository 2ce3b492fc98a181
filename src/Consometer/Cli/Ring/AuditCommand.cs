using System.CommandLine;
using System.Security.Cryptography;
using Consometer.Rings;
using Consometer.Swift.Accounts;
using Consometer.Swift.Recon;

namespace Consometer.Cli.Ring;

/// <summary><c>consometer ring audit FILE</c>: whether the ring's servers have this ring, and one and the same swift.conf; and whether the daemons that shared the last round had it.</summary>
internal static class AuditCommand
{
    private static readonly Option<Network> UsedNetwork = new Option<Network>("--network")
    {
        Description = "Which of the ring's addresses to ask: client if nothing is said.",
    }.OneOfNames();

    private static readonly Option<string?> RingName = new("--name") { Description = "The ring's name on the servers, if it is not FILE's.", HelpName = "NAME" };

    private static readonly Option<string?> SwiftConfPath = new("--swift-conf")
    {
        Description = $"The swift.conf they should have; {HashOptions.DefaultSwiftConf} if nothing is said, and where there is none, what most of them have.",
        HelpName = "F",
    };

    public static Command Make()
    {
        var command = new Command("audit", "Ask the ring's servers whether they have this ring, and which swift.conf.")
        {
            RingCommand.File, SwiftConfPath, RingName, UsedNetwork, RingCommand.Format,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stopping)
    {
        var ring = RingFile.Load(parsed.GetRequiredValue(RingCommand.File));
        var swiftConf = parsed.GetValue(SwiftConfPath) ?? (File.Exists(HashOptions.DefaultSwiftConf) ? HashOptions.DefaultSwiftConf : null);
        var wanted = new AuditWanted(
            parsed.GetValue(RingName) ?? Path.GetFileName(ring.Path), ring.Md5, swiftConf is null ? null : Md5OfSwiftConf(swiftConf));
        using var recon = new ReconClient(ReconOptions.Default, TimeProvider.System);
        var report = await RingAudit.RunAsync(recon, NodesOf(ring, parsed.GetValue(UsedNetwork)), wanted, stopping);
        var daemons = await RoundDaemons.FindAsync(parsed, wanted, stopping);

        var writer = new AuditWriter(report, ring.Path, swiftConf, daemons);
        if (parsed.GetValue(RingCommand.Format) == RingFormat.Json)
        {
            writer.WriteJson();
        }
        else
        {
            writer.WriteTable();
        }

        // A daemon's ring is that of a round which is over: it is told, and is no failure of today.
        return report.Count(ServerVerdict.Differs) > 0 ? ExitCode.InputFile
            : report.Count(ServerVerdict.Silent) > 0 ? ExitCode.Service
            : ExitCode.Done;
    }

    /// <summary>Every server once, in the order of the devices.</summary>
    private static Node[] NodesOf(RingFile ring, Network network)
    {
        Node[] nodes = [.. ring.Table.Devices.OfType<Device>().Select(device => Node.Of(device, network)).Distinct()];
        return nodes.Length > 0 ? nodes : throw new InputFileException($"ring {ring.Path}: wanted devices whose servers to ask, found none");
    }

    private static string Md5OfSwiftConf(string path) => Convert.ToHexStringLower(MD5.HashData(InputFileException.ReadAllBytes(path, "swift.conf")));
}
