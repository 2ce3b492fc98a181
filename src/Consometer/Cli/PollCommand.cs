using System.CommandLine;
using Consometer.Cli.Output;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Rounds;
using Consometer.Rings;
using Serilog.Core;
using Serilog.Events;

namespace Consometer.Cli;

/// <summary><c>consometer poll</c>: one round, kept as the daemon's are, or a look at some accounts, not kept.</summary>
internal static class PollCommand
{
    private static readonly Argument<string[]> Look = new("ACCOUNT")
    {
        Description = "Look at these accounts, or at these projects'.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<bool> Explain = new("--explain") { Description = "What every replica of the accounts named says, instead of a round." };

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

    private static readonly Option<bool> Publish = new("--publish") { Description = "Keep the samples, and deliver them to the broker." };

    public static Command Make()
    {
        var command = new Command("poll", "Do one round and print its samples.") { Look, Accounts, AccountsFile, Explain, Publish, Format, StoreOption.MoveAside };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stopping)
    {
        var options = ConfigurationOption.Load(parsed);
        var named = Named(parsed, stopping);
        RequireRounds(options, named is not null);
        await using var log = ConfigurationOption.Log(options);
        using var cluster = Cluster.Open(options, TimeProvider.System);
        if (parsed.GetValue(Explain))
        {
            return await ExplainAsync(cluster, named ?? throw new ConfigurationException("--explain: wanted accounts to explain, found none"), parsed.GetValue(Format), stopping);
        }

        var publishes = parsed.GetValue(Publish);
        if (publishes && options.Delivery is null)
        {
            throw new ConfigurationException("--publish: wanted a broker (credentials.rabbit), found none");
        }

        // What is neither published nor kept for want of a broker is a look: kept, it would pass for the period's round.
        var isKept = publishes || (named is null && options.Delivery is null);
        using var store = isKept ? StoreOption.Open(parsed, options, log) : SampleStore.OpenTemporary();
        using var entry = StoredRound.Begin(
            store,
            options,
            new NewRound(RoundTime.At(TimeProvider.System.GetUtcNow(), options.Period), options.Region)
            {
                Publications = publishes ? options.Delivery!.Publications : [],
                IsPartial = named is not null,
            },
            TimeProvider.System);
        var accounts = named is null ? cluster.AccountsAsync(store.OutOfTime(options.Region), isKept ? StoredRound.ProjectsIn(store, options) : null, stopping) : cluster.NamedAsync(named, stopping);
        var report = await Terminal.Error.WatchAsync(
            "polling", progress => StoredRound.RunAsync(cluster, entry, accounts, progress, stopping));
        if (report.Failure is not null)
        {
            throw new InputFileException($"round {report.RoundTime}: {report.Failure}");
        }

        Write(parsed.GetValue(Format), entry, options, report, log);
        if (publishes)
        {
            await DeliverAsync(options, store, log, stopping);
        }

        return report.Unknown + report.Unlisted > 0 ? ExitCode.UnknownAccounts : ExitCode.Done;
    }

    /// <summary>Where only requests are counted there may be no Keystone, and a round would have no samples. Named accounts can be looked at by the ring all the same.</summary>
    private static void RequireRounds(ConsometerOptions options, bool isNamed)
    {
        if (!options.HasRounds && (!isNamed || (options.Strategy != Strategy.Direct && options.Keystone is null)))
        {
            throw new ConfigurationException("meters: wanted one of what is stored, since poll asks for that, found those of requests alone");
        }
    }

    private static async Task DeliverAsync(ConsometerOptions options, SampleStore store, Logger log, CancellationToken stopping)
    {
        try
        {
            using var pumps = Pumps.Open(options, publication => new PumpLog(publication, LogEventLevel.Information, log).Tell, TimeProvider.System);
            await pumps.DrainAsync(stopping);
        }
        finally
        {
            foreach (var backlog in store.Waiting())
            {
                log.Event(EventId.BacklogFound).Warning("{Messages} messages of format {Format:l} wait in {Store:l}: run delivers them, or the next poll --publish", backlog.Messages, backlog.Format, store.Path);
            }
        }
    }

    /// <summary>An account after the other, each whole before the next: somebody reads along.</summary>
    private static async Task<int> ExplainAsync(Cluster cluster, IAsyncEnumerable<string> named, SampleFormat format, CancellationToken stopping)
    {
        var unknown = 0;
        await foreach (var account in cluster.NamedAsync(named, stopping))
        {
            var outcome = (AccountOutcome?)null;
            if (await cluster.ExplainAsync(account, stopping) is { } explanation)
            {
                outcome = explanation.Outcome;
                Print(format, () => ExplanationWriter.WriteTable(explanation), () => ExplanationWriter.Json(explanation));
            }

            // As in a round: the proxy is asked where it alone is, and where the replicas do not tell.
            if (outcome is null or AccountOutcome.Unknown && await cluster.ExplainByProxyAsync(account, stopping) is { } byProxy)
            {
                outcome = outcome is not null && byProxy.Outcome is AccountOutcome.Absent ? outcome : byProxy.Outcome;
                Print(format, () => ProxyExplanationWriter.WriteText(byProxy), () => ProxyExplanationWriter.Json(byProxy));
            }

            unknown += outcome is AccountOutcome.Unknown ? 1 : 0;
        }

        return unknown > 0 ? ExitCode.UnknownAccounts : ExitCode.Done;
    }

    private static void Print(SampleFormat format, Action text, Func<object> json)
    {
        switch (format)
        {
            case SampleFormat.Table:
                text();
                break;
            case SampleFormat.Json or SampleFormat.Ndjson:
                Terminal.Output.Line(JsonText.Line(json()));
                break;
            default:
                throw new ConfigurationException("--format: wanted table, json or ndjson with --explain, found csv");
        }
    }

    /// <summary>The accounts named on the command line; null if none are.</summary>
    private static IAsyncEnumerable<string>? Named(ParseResult parsed, CancellationToken stopping)
    {
        string[] names = [.. parsed.GetValue(Look) ?? [], .. parsed.GetValue(Accounts) ?? []];
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

        if (ReportText.KeptList(report) is { } keptList)
        {
            log.Event(EventId.ProjectListKept).Warning("{KeptList:l}", keptList);
        }

        log.Event(EventId.RoundEnded).Information("round {Summary:l}", ReportText.Summary(report));
        if (ReportText.Advice(report) is { } advice)
        {
            log.Event(EventId.Advice).Warning("{Advice:l}", advice);
        }

        using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
        switch (format)
        {
            case SampleFormat.Ndjson:
                SampleWriter.WriteNdjson(entry.Samples(), output);
                break;
            case SampleFormat.Json:
                RoundDocument.Write(entry, report, output);
                break;
            default:
                SampleWriter.WriteCsv(entry.Samples(), output);
                break;
        }
    }
}
