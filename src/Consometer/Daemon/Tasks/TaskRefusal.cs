using Consometer.Metering.Samples;
using Consometer.Metering.Tasks;

namespace Consometer.Daemon.Tasks;

/// <summary>Why a daemon leaves a task to another: by its own configuration it would look for accounts where they are not, or could not make the samples.</summary>
internal static class TaskRefusal
{
    /// <param name="task">The task.</param>
    /// <param name="region">The region that this daemon meters.</param>
    /// <param name="own">By what this daemon finds accounts; null where it asks the proxy alone.</param>
    /// <returns>What was wanted and found; null if this daemon may do it.</returns>
    public static string? Of(RoundTask task, string region, RingIdentity? own)
    {
        if (task.Round.Region != region)
        {
            return $"wanted tasks of region {region}, found one of {task.Round.Region}: cluster.prefix is another region's";
        }

        if (task.Meters.FirstOrDefault(name => MeterCatalogue.All.All(meter => meter.Name != name)) is { } meter)
        {
            return $"wanted meters that this version has, found {meter}";
        }

        return task.Ring is not { } theirs || own is null || theirs.HasSamePartitions(own) ? null
            : theirs.PartPower != own.PartPower ? FormattableString.Invariant($"wanted the coordinator's part power, {theirs.PartPower}, found {own.PartPower}")
            : "wanted the coordinator's hash prefix and suffix, found others in swift.conf";
    }
}
