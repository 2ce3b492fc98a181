using System.CommandLine;
using Consometer.Daemon;
using Consometer.Delivery.Store;

namespace Consometer.Cli;

/// <summary><c>consometer run</c>: the daemon.</summary>
internal static class RunCommand
{
    public static Command Make()
    {
        var command = new Command("run", "Do a round every period, until SIGTERM.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stopping)
    {
        var options = ConfigurationOption.Load(parsed);
        await using var log = ConfigurationOption.Log(options);
        using var cluster = Cluster.Open(options, TimeProvider.System);
        using var store = SampleStore.Open(options.StorePath);
        log.Information("metering region {Region} every {Period}; samples are kept in {Store}", options.Region, options.Period, store.Path);
        await new RoundLoop(options, cluster, store, log, TimeProvider.System).RunAsync(stopping);
        log.Information("stopped");
        return ExitCode.Done;
    }
}
