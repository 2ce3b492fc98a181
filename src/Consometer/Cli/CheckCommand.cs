using System.CommandLine;
using Consometer.Checks;
using Consometer.Cli.Output;

namespace Consometer.Cli;

/// <summary>How <c>check</c> prints.</summary>
internal enum CheckFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>One document.</summary>
    Json,
}

/// <summary><c>consometer check</c>: whether a round could do its work, and if not, what to do.</summary>
internal static class CheckCommand
{
    private static readonly Option<CheckFormat> Format = new Option<CheckFormat>("--format") { Description = "How to print it." }.OneOfNames();

    public static Command Make()
    {
        var command = new Command("check", "Look at everything a round needs, each with a verdict.") { Format };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stopping)
    {
        var path = ConfigurationOption.PathOf(parsed);
        var results = await new Checkup(path, () => ConfigurationOption.Load(parsed), TimeProvider.System).RunAsync(stopping);
        if (parsed.GetValue(Format) == CheckFormat.Json)
        {
            Terminal.Output.Line(JsonText.Document(new
            {
                exit_code = Checkup.ExitCodeOf(results),
                checks = results.Select(result => new { result.Check, verdict = Word(result.Verdict), result.LookedAt, result.Found, result.Remedy }),
            }));
        }
        else
        {
            WriteTable(results);
        }

        return Checkup.ExitCodeOf(results);
    }

    private static void WriteTable(IReadOnlyList<CheckResult> results)
    {
        var table = Terminal.NewTable(("CHECK", false), ("VERDICT", false), ("LOOKED AT", false), ("FOUND", false), ("REMEDY", false));
        foreach (var result in results)
        {
            Terminal.AddRow(table, result.Check, Word(result.Verdict), result.LookedAt, result.Found, result.Remedy ?? "");
        }

        Terminal.Output.Write(table);
    }

    private static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();
}
