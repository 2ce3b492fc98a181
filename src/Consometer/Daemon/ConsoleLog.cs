using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Consometer.Daemon;

/// <summary>The log: standard error, a line an event. Results have standard output to themselves.</summary>
internal static class ConsoleLog
{
    public static Logger Open(LogEventLevel level) => new LoggerConfiguration()
        .MinimumLevel.Is(level)
        .WriteTo.Console(
            outputTemplate: "{Timestamp:yyyy-MM-ddTHH:mm:ssK} {Level:u4} {Message:lj}{NewLine}{Exception}",
            formatProvider: CultureInfo.InvariantCulture,
            standardErrorFromLevel: LevelAlias.Minimum)
        .CreateLogger();
}
