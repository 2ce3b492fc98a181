using System.Globalization;
using System.Text.RegularExpressions;
using Serilog.Core;
using Serilog.Events;

namespace Consometer.Daemon;

/// <summary>Something that was logged as a warning or an error, however often.</summary>
/// <param name="IsError">An error; else a warning.</param>
/// <param name="Text">As it was logged last.</param>
/// <param name="Times">How often it was.</param>
/// <param name="First">When it was for the first time.</param>
/// <param name="Last">When it was for the last time.</param>
internal sealed record Trouble(bool IsError, string Text, long Times, DateTimeOffset First, DateTimeOffset Last);

/// <summary>
/// The warnings and errors of the log, for whoever comes later. What is logged again with other numbers is the same trouble; what
/// goes well is not here, so it pushes nothing out. One for the process, whatever configuration its daemon is under.
/// </summary>
internal sealed partial class RecentTrouble : ILogEventSink
{
    public const int Max = 50;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Trouble> _troubles = new(StringComparer.Ordinal);

    /// <summary>The latest first.</summary>
    public IReadOnlyList<Trouble> Latest
    {
        get
        {
            lock (_lock)
            {
                return [.. _troubles.Values.OrderByDescending(trouble => trouble.Last)];
            }
        }
    }

    public void Emit(LogEvent logEvent)
    {
        if (logEvent.Level < LogEventLevel.Warning)
        {
            return;
        }

        var text = logEvent.RenderMessage(CultureInfo.InvariantCulture);
        var id = logEvent.Properties.GetValueOrDefault(EventLogger.Property)?.ToString();
        var key = $"{id} {logEvent.Level} {Number().Replace(text, "0")}";
        lock (_lock)
        {
            var before = _troubles.GetValueOrDefault(key);
            _troubles[key] = new Trouble(logEvent.Level > LogEventLevel.Warning, text, 1 + (before?.Times ?? 0), before?.First ?? logEvent.Timestamp, logEvent.Timestamp);
            if (_troubles.Count > Max)
            {
                _troubles.Remove(_troubles.MinBy(trouble => trouble.Value.Last).Key);
            }
        }
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
