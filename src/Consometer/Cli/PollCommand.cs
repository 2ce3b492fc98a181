using System.CommandLine;
using Consometer.Cli.Output;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Rounds;
using Consometer.Rings;
using Serilog.Core;

namespace Consometer.Cli;

/// <summary><c>consometer poll</c>: one round, kept as the daemon's are, or a look at some accounts, not kept.</summary>
internal static class PollCommand
{
    private static readonly Option<string[]> Accounts = new("--account")
    {
        Description = "Look at this account, or at this project's; may be given again.",
        HelpName = "A",
    };

    private static readonly Option<string?> AccountsFile = new("--accounts-file")
    {
        Description = "Look at the accounts or projects in this file, one a line; - is standard input.",
        HelpName = "F",
    };

    private static readonly Option<SampleFormat> Format = new Option<SampleFormat>("--format")
    {
        Description = "How to print the samples: table if nothing is said.",
    }.OneOfNames();

    public static Command Make()
    {
        var command = new Command("poll", "Do one round and print its samples.") { Accounts, AccountsFile, Format };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stopping)
    {
        var options = ConfigurationOption.Load(parsed);
        await using var log = ConfigurationOption.Log(options);
        using var cluster = Cluster.Open(options, TimeProvider.System);
        var named = Named(parsed, stopping);

        // A look at a few accounts is no round: kept, it would pass for the period's.
        using var store = named is null ? SampleStore.Open(options.StorePath) : SampleStore.OpenTemporary();
        var accounts = named is null ? cluster.AccountsAsync(stopping) : cluster.NamedAsync(named, stopping);
        var time = RoundTime.At(TimeProvider.System.GetUtcNow(), options.Period);
        using var entry = store.BeginRound(time, options.Region);
        var report = await Terminal.Error.WatchAsync(
            "polling", progress => StoredRound.RunAsync(cluster, entry, time, accounts, progress, stopping));
        if (report.Failure is not null)
        {
            throw new InputFileException($"round {report.RoundTime}: {report.Failure}");
        }

        Write(parsed.GetValue(Format), entry, options, report, log);
        return report.Unknown > 0 ? ExitCode.UnknownAccounts : ExitCode.Done;
    }

    /// <summary>The accounts named on the command line; null if none are.</summary>
    private static IAsyncEnumerable<string>? Named(ParseResult parsed, CancellationToken stopping)
    {
        var names = parsed.GetValue(Accounts) ?? [];
        var file = parsed.GetValue(AccountsFile);
        return file is not null ? names.ToAsyncEnumerable().Concat(NameList.ReadAsync(file, "accounts", stopping))
            : names.Length > 0 ? names.ToAsyncEnumerable()
            : null;
    }

    private static void Write(SampleFormat format, RoundEntry entry, ConsometerOptions options, RoundReport report, Logger log)
    {
        if (format == SampleFormat.Table)
        {
            RoundTable.Write(entry, options.Meters, report);
            return;
        }

        log.Information("round {Summary:l}", ReportText.Summary(report));
        using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
        if (format == SampleFormat.Ndjson)
        {
            SampleWriter.WriteNdjson(entry.Samples(), output);
        }
        else
        {
            SampleWriter.WriteCsv(entry.Samples(), output);
        }
    }
}
