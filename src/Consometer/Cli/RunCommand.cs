using System.CommandLine;
using Consometer.Daemon;
using Serilog.Events;

namespace Consometer.Cli;

/// <summary><c>consometer run</c>: the daemon.</summary>
internal static class RunCommand
{
    public static Command Make()
    {
        var command = new Command("run", "Do a round every period, until SIGTERM.") { StoreOption.MoveAside };
        command.SetAction(RunAsync);
        return command;
    }

    public static async Task<int> RunAsync(ParseResult parsed, CancellationToken stopping)
    {
        var options = ConfigurationOption.Load(parsed);
        await using var log = ConfigurationOption.Log(options);
        using var cluster = Cluster.Open(options, TimeProvider.System);
        using var store = StoreOption.Open(parsed, options, log);
        using var pumps = Pumps.Open(options, log, TimeProvider.System);
        log.Information("metering region {Region} every {Period}; samples are kept in {Store}", options.Region, options.Period, store.Path);
        foreach (var backlog in store.Waiting())
        {
            var isConfigured = options.Delivery?.Publications.Any(publication => publication.Format.Name == backlog.Format) ?? false;
            log.Write(
                isConfigured ? LogEventLevel.Information : LogEventLevel.Warning,
                "{Messages} messages of format {Format:l} wait in the outbox, the oldest of round {Round:l}{Remark:l}",
                backlog.Messages, backlog.Format, backlog.OldestRound, isConfigured ? "" : "; publish.format does not have it, so they stay there");
        }

        // Neither ends by itself but by a defect, and that ends the other: a daemon that only polls, or only delivers, is none.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task[] work = [new RoundLoop(options, cluster, store, pumps, log, TimeProvider.System).RunAsync(ending.Token), pumps.RunAsync(ending.Token)];
        await Task.WhenAny(work);
        await ending.CancelAsync();
        await Task.WhenAll(work);
        log.Information("stopped");
        return ExitCode.Done;
    }
}
