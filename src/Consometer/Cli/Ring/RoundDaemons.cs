using System.CommandLine;
using Consometer.Cli.Output;
using Consometer.Configuration;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Tasks;
using Consometer.Metering.Rounds;
using Consometer.Swift.Recon;

namespace Consometer.Cli.Ring;

/// <summary>The daemons that shared the last round, as the broker still has it.</summary>
/// <param name="RoundTime">The round.</param>
/// <param name="RingMd5">The ring that they are compared with.</param>
/// <param name="Workers">Those of them that have a ring.</param>
internal sealed record RoundDaemons(string RoundTime, string RingMd5, IReadOnlyList<WorkerReport> Workers)
{
    /// <summary>
    /// Asks the broker. What keeps it from telling is a line on standard error: the servers' audit does without, as it does without a configuration.
    /// </summary>
    /// <returns>Null where no rounds are shared, none was yet, or the audited ring is not the one that they take.</returns>
    public static async Task<RoundDaemons?> FindAsync(ParseResult parsed, AuditWanted wanted, CancellationToken stopping)
    {
        try
        {
            if (!Path.Exists(ConfigurationFile.Find(ConfigurationOption.PathOf(parsed)))
                || ConfigurationOption.Load(parsed) is not { Sharing: { } sharing, Delivery: { } delivery } options
                || options.Strategy == Strategy.Proxy
                || Path.GetFileName(options.Swift.RingPath) != wanted.RingName)
            {
                return null;
            }

            return await TaskInspection.PeekLastAsync(delivery.Broker, new TaskQueues(sharing.Prefix), stopping) is { Report: var last }
                ? new RoundDaemons(last.RoundTime, wanted.RingMd5, [.. last.Workers.Where(worker => worker.RingMd5 is not null)])
                : null;
        }
        catch (Exception e) when (e is ConfigurationException or BrokerException)
        {
            Terminal.Error.Line($"consometer: of the daemons that share rounds nothing is known: {e.Message.ReplaceLineEndings("; ")}");
            return null;
        }
    }

    /// <summary>Those with another ring, and the counts.</summary>
    public void WriteTable()
    {
        var table = Terminal.NewTable(("DAEMON", false), ("RING", false));
        foreach (var worker in Workers.Where(IsOther))
        {
            Terminal.AddRow(table, worker.Worker, $"differs: {worker.RingMd5}");
        }

        if (table.Rows.Count > 0)
        {
            Terminal.Output.Write(table);
        }

        var differ = table.Rows.Count;
        Terminal.Output.Line(FormattableString.Invariant(
            $"{Workers.Count} daemon{(Workers.Count == 1 ? "" : "s")} of round {RoundTime}: {Workers.Count - differ} with this ring, {differ} with another"));
    }

    /// <summary>All of them.</summary>
    public object ToDocument() => new
    {
        round_time = RoundTime,
        workers = Workers.Select(worker => new { worker.Worker, verdict = IsOther(worker) ? "differs" : "agrees", md5 = worker.RingMd5 }),
    };

    private bool IsOther(WorkerReport worker) => worker.RingMd5 != RingMd5;
}
