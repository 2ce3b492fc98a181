using System.Collections.Concurrent;
using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Consometer.Tests.Daemon;

/// <summary>A log whose lines the test can read.</summary>
internal sealed class RememberedLog : ILogEventSink
{
    private readonly ConcurrentQueue<(LogEventLevel Level, string Text)> _lines = [];

    public IEnumerable<string> Lines => _lines.Select(line => line.Text);

    public IEnumerable<string> Warnings => _lines.Where(line => line.Level == LogEventLevel.Warning).Select(line => line.Text);

    public Logger Open(LogEventLevel level = LogEventLevel.Information) => new LoggerConfiguration().MinimumLevel.Is(level).WriteTo.Sink(this).CreateLogger();

    public void Emit(LogEvent logEvent) => _lines.Enqueue((logEvent.Level, logEvent.RenderMessage(CultureInfo.InvariantCulture)));
}
