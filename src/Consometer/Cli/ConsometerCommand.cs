using System.CommandLine;
using Consometer.Cli.Ring;
using Consometer.Configuration;

namespace Consometer.Cli;

/// <summary>The command tree. The folders are the same tree.</summary>
internal static class ConsometerCommand
{
    public static RootCommand Make()
    {
        var root = new RootCommand("Meters an OpenStack Swift cluster for billing. Without a command it runs as the daemon, as swift-consometer did.")
        {
            ConfigurationOption.Config,
            ConfigurationOption.GoConfig,
            ConfigurationOption.LogLevel,
            RunCommand.Make(),
            PollCommand.Make(),
            UsageCommand.Make(),
            CheckCommand.Make(),
            RingCommand.Make(),
            DemoCommand.Make(),
        };
        root.SetAction(RunAsync);
        TakeVersionAnywhere(root.Options.OfType<VersionOption>().Single());
        return root;
    }

    /// <summary>
    /// The older program had no commands: who swaps its image keeps its command line, or has none and a file at the default place. Who types
    /// the name alone where there is no such file wants to know what there is.
    /// </summary>
    /// <exception cref="ConfigurationException">Nothing is given, and there is nothing to run with.</exception>
    private static Task<int> RunAsync(ParseResult parsed, CancellationToken stopping)
    {
        const string DefaultFile = ConfigurationFile.DefaultFolder + ConfigurationFile.Name;
        return parsed.Tokens.Count > 0 || File.Exists(DefaultFile)
            ? RunCommand.RunAsync(parsed, stopping)
            : throw new ConfigurationException($"wanted a command, or {DefaultFile} to run with, found neither (--help has the commands)");
    }

    /// <summary>As the older program's <c>-v</c>, among whatever else there is, which is passed over then.</summary>
    private static void TakeVersionAnywhere(VersionOption version)
    {
        version.Aliases.Add("-v");
        version.Recursive = true;
        version.Validators.Clear();
    }
}
