using System.Globalization;
using Consometer.Configuration;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Json;

namespace Consometer.Daemon;

/// <summary>The log: standard error, a line an event, as text or JSON. Results have standard output to themselves.</summary>
internal static class ConsoleLog
{
    /// <param name="options">The level and the format.</param>
    /// <param name="more">Who takes in events besides.</param>
    public static Logger Open(ConsometerOptions options, params IEnumerable<ILogEventSink> more)
    {
        // What is remembered for the status page does not depend on how much is printed.
        var log = new LoggerConfiguration().MinimumLevel.Is(options.LogLevel < LogEventLevel.Warning ? options.LogLevel : LogEventLevel.Warning);
        log = options.LogsJson
            ? log.WriteTo.Console(
                new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture),
                restrictedToMinimumLevel: options.LogLevel,
                standardErrorFromLevel: LevelAlias.Minimum)
            : log.WriteTo.Console(
                restrictedToMinimumLevel: options.LogLevel,
                outputTemplate: $"{{Timestamp:yyyy-MM-ddTHH:mm:ssK}} {{Level:u4}} {{{EventLogger.Property}}} {{Message:lj}}{{NewLine}}{{Exception}}",
                formatProvider: CultureInfo.InvariantCulture,
                standardErrorFromLevel: LevelAlias.Minimum);
        foreach (var sink in more)
        {
            log = log.WriteTo.Sink(sink);
        }

        return log.CreateLogger();
    }
}
