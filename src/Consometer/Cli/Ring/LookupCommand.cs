using System.CommandLine;
using System.Globalization;
using Consometer.Cli.Output;
using Consometer.Configuration;
using Consometer.Rings;

namespace Consometer.Cli.Ring;

/// <summary><c>consometer ring lookup FILE ACCOUNT…</c>: where accounts, containers and objects are.</summary>
internal static class LookupCommand
{
    private const string AllHandoffs = "all";

    private static readonly Argument<string[]> Paths = new("ACCOUNT[/CONTAINER[/OBJECT]]")
    {
        Description = "Accounts by their full names, containers or objects; - reads them from standard input, one a line.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<LookupFormat> Format = new Option<LookupFormat>("--format") { Description = "How to print them." }.OneOfNames();

    /// <summary>How many handoffs are named; <c>ring partition</c> has it too.</summary>
    public static Option<string?> Handoffs { get; } = new("--handoffs")
    {
        Description = "How many handoffs: a number, or all. As many as primaries if nothing is said (lookup --format tsv: all).",
        HelpName = "N|all",
    };

    public static Command Make()
    {
        var command = new Command("lookup", "Where accounts, containers and objects are: partition, primaries, handoffs.") { RingCommand.File, Paths, Handoffs, Format };
        HashOptions.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>How many handoffs at most; null is as many as there are primaries, like swift-get-nodes.</summary>
    /// <exception cref="ConfigurationException">Neither a number nor all.</exception>
    public static int? ReadHandoffs(ParseResult parsed) => parsed.GetValue(Handoffs) switch
    {
        null => null,
        AllHandoffs => int.MaxValue,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw new ConfigurationException($"--handoffs: wanted a number or {AllHandoffs}, found \"{text}\""),
    };

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stopping)
    {
        var hashPath = HashOptions.Read(parsed);
        var format = parsed.GetValue(Format);
        var handoffsMax = ReadHandoffs(parsed) ?? (format == LookupFormat.Tsv ? int.MaxValue : null);
        var file = parsed.GetRequiredValue(RingCommand.File);
        var ring = RingFile.Load(file).Table;

        await using var writer = new PlacementWriter(format, handoffsMax);
        var isWarned = false;
        await foreach (var path in NameList.OfArgumentsAsync(parsed.GetRequiredValue(Paths), "accounts", stopping))
        {
            var target = LookupTarget.Of(path, file);
            if (target.IsOfAnotherRing && !isWarned)
            {
                Terminal.Error.Line($"consometer: {file} is a ring of {target.RingKind}s by its name, and \"{Terminal.Visible(path)}\" is {(target.Kind == "container" ? "a" : "an")} {target.Kind}: it is not where this says");
                isWarned = true;
            }

            var hash = hashPath.Hash(path);
            writer.Write(target, hash, ring.Locate(hash));
        }

        return ExitCode.Done;
    }
}
