using System.CommandLine;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Status;

namespace Consometer.Cli;

/// <summary><c>consometer run</c>: the daemon. SIGHUP has it read its configuration again.</summary>
internal static class RunCommand
{
    public static Command Make()
    {
        var command = new Command("run", "Do a round every period, until SIGTERM; SIGHUP reloads the configuration.") { StoreOption.MoveAside };
        command.SetAction(RunAsync);
        return command;
    }

    public static Task<int> RunAsync(ParseResult parsed, CancellationToken stopping) => RunAsync(parsed, () => ConfigurationOption.Load(parsed), stopping);

    /// <param name="parsed">The command line.</param>
    /// <param name="load">Reads the configuration.</param>
    /// <param name="stopping">Ends the daemon.</param>
    public static async Task<int> RunAsync(ParseResult parsed, Func<ConsometerOptions> load, CancellationToken stopping)
    {
        using var hangup = Hangup.Catch();
        var trouble = new RecentTrouble();
        await using var desk = new StatusDesk();
        using var logs = new LogDesk(TimeProvider.System);
        var daemon = Open(parsed, load, logs, trouble);
        try
        {
            await desk.MoveAsync(daemon.Options.Status, daemon.Log);
            while (true)
            {
                desk.Show(daemon.Site);
                var running = daemon.RunAsync(stopping);
                if (await SuccessorAsync(() => Open(parsed, load, logs, trouble), daemon, running, hangup, desk) is not { } successor)
                {
                    await running;
                    daemon.Log.Event(EventId.DaemonStopped).Information("stopped");
                    return ExitCode.Done;
                }

                using var old = daemon;
                daemon = successor;
                old.Retire();
                await running;
                logs.Keep(daemon.Options.Requests?.Listen);
            }
        }
        finally
        {
            daemon.Dispose();
        }
    }

    private static ConfiguredDaemon Open(ParseResult parsed, Func<ConsometerOptions> load, LogDesk logs, RecentTrouble trouble)
    {
        var options = load();
        var log = ConfigurationOption.Log(options, trouble);
        return ConfiguredDaemon.Open(options, log, () => StoreOption.Open(parsed, options, log), logs, trouble, TimeProvider.System);
    }

    /// <summary>Waits for a configuration that can be worked by. One that cannot is refused, and the daemon works on by the one it has.</summary>
    /// <returns>What is to take the daemon's place; null when its work has ended.</returns>
    private static async Task<ConfiguredDaemon?> SuccessorAsync(
        Func<ConfiguredDaemon> open, ConfiguredDaemon daemon, Task running, Hangup hangup, StatusDesk desk)
    {
        using var ended = new CancellationTokenSource();
        while (true)
        {
            var signal = hangup.NextAsync(ended.Token);
            if (await Task.WhenAny(running, signal) == running)
            {
                await ended.CancelAsync();
                return null;
            }

            daemon.Log.Event(EventId.ReloadRequested).Information("the configuration is read again");
            ConfiguredDaemon? successor = null;
            try
            {
                successor = open();
                await desk.MoveAsync(successor.Options.Status, successor.Log);
                daemon.Log.Event(EventId.Reloaded).Information("the configuration is taken; it takes effect when the round in hand has ended");
                return successor;
            }
            catch (Exception e) when (OperatorFailure.ExitCodeOf(e) is not null)
            {
                successor?.Dispose();
                foreach (var line in OperatorFailure.LinesOf(e))
                {
                    daemon.Log.Event(EventId.ReloadRefused).Warning("the configuration is refused, and the one before stays: {Failure:l}", line);
                }
            }
        }
    }
}
