namespace Consometer.Daemon.Tasks;

/// <summary>What this daemon is called among those that share rounds.</summary>
internal static class WorkerName
{
    /// <summary>Host and process: there may be several on a host, and one that was started again is another.</summary>
    public static string Own { get; } = FormattableString.Invariant($"{Environment.MachineName}/{Environment.ProcessId}");
}
