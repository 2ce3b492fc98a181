using System.CommandLine;
using System.Globalization;
using Consometer.Cli.Output;
using Consometer.Rings;
using Consometer.Rings.Inspection;

namespace Consometer.Cli.Ring;

/// <summary><c>consometer ring verify FILE</c>: everything that is wrong with a ring.</summary>
internal static class VerifyCommand
{
    private static readonly Option<FindingWeight> Weight = new Option<FindingWeight>("--weight")
    {
        Description = "The least weight of what is told: warning (replicas closer together than need be), or error.",
    }.OneOfNames();

    public static Command Make()
    {
        var command = new Command("verify", "Everything that is wrong with a ring. Exit code 0 if nothing is, else 3.")
        {
            RingCommand.File, Weight, RingCommand.Format,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var path = parsed.GetRequiredValue(RingCommand.File);
        var findings = RingVerification.Of(InputFileException.ReadAllBytes(path, "ring"))
            .Where(finding => finding.Weight >= parsed.GetValue(Weight)).OrderByDescending(finding => finding.Weight).ToArray();
        if (parsed.GetValue(RingCommand.Format) == RingFormat.Json)
        {
            Terminal.Output.Line(JsonText.Document(new
            {
                file = path,
                findings = findings.Select(finding => new { weight = Name(finding), finding.Place, finding.Wanted, finding.Found, finding.Count }),
            }));
        }
        else
        {
            WriteTable(path, findings);
        }

        return findings.Length == 0 ? ExitCode.Done : ExitCode.InputFile;
    }

    private static void WriteTable(string path, RingFinding[] findings)
    {
        if (findings.Length == 0)
        {
            Terminal.Output.Line($"{path}: nothing is wrong");
            return;
        }

        var table = Terminal.NewTable(("WEIGHT", false), ("PLACE", false), ("WANTED", false), ("FOUND", false), ("TIMES", true));
        foreach (var finding in findings)
        {
            Terminal.AddRow(table, Name(finding), finding.Place, finding.Wanted, finding.Found, finding.Count.ToString("N0", CultureInfo.InvariantCulture));
        }

        Terminal.Output.Write(table);
    }

    private static string Name(RingFinding finding) => finding.Weight.ToString().ToLowerInvariant();
}
