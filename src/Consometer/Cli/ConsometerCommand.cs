using System.CommandLine;
using Consometer.Cli.Ring;

namespace Consometer.Cli;

/// <summary>The command tree. The folders are the same tree.</summary>
internal static class ConsometerCommand
{
    public static RootCommand Make() => new("Meters an OpenStack Swift cluster for billing.")
    {
        ConfigurationOption.Config,
        ConfigurationOption.LogLevel,
        RunCommand.Make(),
        PollCommand.Make(),
        UsageCommand.Make(),
        CheckCommand.Make(),
        RingCommand.Make(),
        DemoCommand.Make(),
    };
}
