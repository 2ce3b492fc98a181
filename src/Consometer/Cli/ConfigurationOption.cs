using System.CommandLine;
using Consometer.Configuration;
using Consometer.Daemon;
using Serilog.Core;

namespace Consometer.Cli;

/// <summary>The options that every command has, and what they lead to.</summary>
internal static class ConfigurationOption
{
    public static Option<string> Config { get; } = new("--config")
    {
        Description = "The configuration file, or the folder with consometer.yaml in it.",
        HelpName = "PATH",
        DefaultValueFactory = _ => ConfigurationFile.DefaultFolder,
        Recursive = true,
    };

    /// <summary>With one dash, as the older program took it, being written in Go. An alias of the other would take its place in the help.</summary>
    public static Option<string?> GoConfig { get; } = new("-config") { Hidden = true, Recursive = true };

    public static Option<string?> LogLevel { get; } = MakeLogLevel();

    /// <summary>The configuration: file, environment, command line, each over the one before.</summary>
    /// <exception cref="ConfigurationException">It has faults.</exception>
    public static ConsometerOptions Load(ParseResult parsed)
    {
        var options = ConfigurationFile.Load(PathOf(parsed), Environment.GetEnvironmentVariable);
        return parsed.GetValue(LogLevel) is { } level ? options with { LogLevel = ConfigurationFile.LogLevels[level] } : options;
    }

    /// <summary>The configuration file, or its folder.</summary>
    public static string PathOf(ParseResult parsed) => parsed.GetValue(GoConfig) ?? parsed.GetRequiredValue(Config);

    /// <param name="options">The configuration.</param>
    /// <param name="more">Who takes in events besides the console.</param>
    public static Logger Log(ConsometerOptions options, params IEnumerable<ILogEventSink> more)
    {
        var log = ConsoleLog.Open(options, more);
        foreach (var key in options.WithoutEffect)
        {
            log.Event(EventId.KeyWithoutEffect).Warning("{Key:l} is configured and has no effect in this version", key);
        }

        return log;
    }

    private static Option<string?> MakeLogLevel()
    {
        var option = new Option<string?>("--log-level", "-l") { Description = "How much to log.", HelpName = "LEVEL", Recursive = true };
        option.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, [.. ConfigurationFile.LogLevels.Keys]);
        return option;
    }
}
