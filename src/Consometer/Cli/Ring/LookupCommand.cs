using System.CommandLine;
using System.Globalization;
using System.Text;
using Consometer.Configuration;
using Consometer.Rings;

namespace Consometer.Cli.Ring;

/// <summary><c>consometer ring lookup FILE ACCOUNT…</c>: where accounts are.</summary>
internal static class LookupCommand
{
    private const string DefaultSwiftConf = "/etc/swift/swift.conf";
    private const string AllHandoffs = "all";

    private static readonly Argument<string[]> Accounts = new("ACCOUNT")
    {
        Description = "Accounts by their full names; - reads them from standard input, one a line.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> SwiftConfPath = new("--swift-conf") { Description = $"Where the hash prefix and suffix are; {DefaultSwiftConf} if nothing is said.", HelpName = "F" };
    private static readonly Option<string?> HashPrefix = new("--hash-prefix") { Description = "The hash prefix itself.", HelpName = "P" };
    private static readonly Option<string?> HashSuffix = new("--hash-suffix") { Description = "The hash suffix itself.", HelpName = "S" };
    private static readonly Option<string?> Handoffs = new("--handoffs") { Description = "How many handoffs: a number, or all. As many as primaries if nothing is said; in tsv all.", HelpName = "N|all" };
    private static readonly Option<LookupFormat> Format = new Option<LookupFormat>("--format") { Description = "How to print them." }.OneOfNames();

    public static Command Make()
    {
        var command = new Command("lookup", "Where accounts are: partition, primaries, handoffs.")
        {
            RingCommand.File, Accounts, SwiftConfPath, HashPrefix, HashSuffix, Handoffs, Format,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stopping)
    {
        var hashPath = ReadHashPath(parsed);
        var format = parsed.GetValue(Format);
        var handoffsMax = ReadHandoffs(parsed.GetValue(Handoffs), format);
        var ring = RingFile.Load(parsed.GetRequiredValue(RingCommand.File)).Table;

        await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16);
        var writer = new LookupWriter(output, format);
        writer.Begin();
        await foreach (var account in AccountsAsync(parsed.GetRequiredValue(Accounts), stopping))
        {
            var hash = hashPath.Hash(account);
            var placement = ring.Locate(hash);
            var primaries = placement.Primaries();
            writer.Write(account, hash, placement.Partition, primaries, placement.Handoffs().Take(handoffsMax ?? primaries.Count));
        }

        writer.End();
        return ExitCode.Done;
    }

    private static HashPath ReadHashPath(ParseResult parsed)
    {
        var file = parsed.GetValue(SwiftConfPath);
        var prefix = parsed.GetValue(HashPrefix);
        var suffix = parsed.GetValue(HashSuffix);
        if (prefix is null && suffix is null)
        {
            return SwiftConf.Load(file ?? DefaultSwiftConf);
        }

        return file is null
            ? new HashPath(prefix ?? "", suffix ?? "")
            : throw new ConfigurationException("wanted --swift-conf, or --hash-prefix and --hash-suffix, found both");
    }

    /// <summary>Null is as many as there are primaries, like swift-get-nodes.</summary>
    private static int? ReadHandoffs(string? text, LookupFormat format) => text switch
    {
        null => format == LookupFormat.Tsv ? int.MaxValue : null,
        AllHandoffs => int.MaxValue,
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw new ConfigurationException($"--handoffs: wanted a number or {AllHandoffs}, found \"{text}\""),
    };

    private static async IAsyncEnumerable<string> AccountsAsync(
        string[] accounts, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stopping)
    {
        foreach (var account in accounts)
        {
            if (account != NameList.StandardInput)
            {
                yield return account;
                continue;
            }

            await foreach (var line in NameList.ReadAsync(account, "accounts", stopping))
            {
                yield return line;
            }
        }
    }
}
