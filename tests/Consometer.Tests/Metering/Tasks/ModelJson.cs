using Consometer.Metering.Tasks;

namespace Consometer.Tests.Metering.Tasks;

/// <summary>What is sent gets to the other side as what can be read of it.</summary>
internal static class ModelJson
{
    public static object Copy(object body) => body switch
    {
        RoundTask task => RoundTask.FromJson(task.ToJson()),
        TaskReport report => TaskReport.FromJson(report.ToJson()),
        RoundEnded ended => RoundEnded.FromJson(ended.ToJson()),
        JournalEntry.Begun begun => JournalEntry.BegunFromJson(JournalEntry.ToJson(begun)),
        JournalEntry.Planned planned => JournalEntry.PlannedFromJson(JournalEntry.ToJson(planned)),
        _ => body,
    };
}
