using System.Globalization;
using Consometer.Metering.Rounds;

namespace Consometer.Daemon.Tasks;

/// <summary>What became of a shared round's tasks, in words.</summary>
internal static class SharedText
{
    /// <summary>Digits of a ring's MD5 that tell it from others.</summary>
    private const int Digits = 8;

    /// <summary>How the tasks went; null of one daemon's round.</summary>
    public static string? Tasks(RoundReport report)
    {
        if (report.Tasks is not { } tasks)
        {
            return null;
        }

        var lost = Lost(tasks);
        return $"{Count(tasks.Done)} of {Count(tasks.Published)} tasks done by {Count(report.Workers.Count)} daemon{(report.Workers.Count == 1 ? "" : "s")}"
            + (tasks.Redelivered == 0 ? "" : $" ({Count(tasks.Redelivered)} redelivered)")
            + (lost.Length == 0 ? "" : $", {lost}");
    }

    /// <summary>The tasks that came to nothing, by reason; empty if there are none.</summary>
    public static string Lost(TaskCounts tasks)
    {
        (string Reason, int Tasks)[] lost = [("late", tasks.Late), ("poison", tasks.Poison), ("not reported", tasks.NotReported)];
        return string.Join(", ", lost.Where(each => each.Tasks > 0).Select(each => $"{Count(each.Tasks)} {each.Reason}"));
    }

    /// <summary>Which daemons of a round had another ring than most; null if all had the same.</summary>
    public static string? OtherRings(RoundReport report)
    {
        // Of as many daemons those that did more tasks are most.
        var rings = report.Workers.Where(worker => worker.RingMd5 is not null).GroupBy(worker => worker.RingMd5!)
            .OrderByDescending(ring => ring.Count()).ThenByDescending(ring => ring.Sum(worker => worker.Tasks)).ToArray();
        return rings.Length < 2 ? null
            : $"not all daemons had the same ring: most had {Ring(rings[0].Key)}, but {string.Join(", ", rings.Skip(1).Select(ring => $"{string.Join(" and ", ring.Select(worker => worker.Worker))} {Ring(ring.Key)}"))}";
    }

    /// <summary>A ring by the first digits of its MD5.</summary>
    public static string Ring(string md5) => md5.Length > Digits ? md5[..Digits] : md5;

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
