using System.Globalization;
using System.Text.Json.Nodes;
using Consometer.Benchmarks.Lab;
using Consometer.Scenarios.Running;
using Consometer.Simulation;

namespace Consometer.Benchmarks.Tasks;

/// <summary>
/// A round that one daemon does alone, as tasks, against one that three share: over account-servers that answer in 20 ms, and with so few requests at once
/// that the time is spent waiting and not computing.
/// </summary>
internal static class Scaling
{
    private const int Accounts = 3000;
    private const int TaskAccounts = 50;
    private const int Workers = 8;
    private const int WorkersPerNode = 4;
    private const int Repetitions = 3;
    private const int PeriodSeconds = 30;
    private const int RoundsBefore = 1;
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(20);

    public static async Task<JsonNode> MeasureAsync(OwnBroker broker)
    {
        using var folder = new ConfigurationFolder();
        await using var cluster = await SimulatedCluster.StartAsync(
            new SimulationPlan { Accounts = Accounts, AbsentShare = 0, DeletedShare = 0 }, folder.Path, CancellationToken.None);
        folder.Write("projects", string.Concat(cluster.Accounts.Select(account => account.ProjectId + "\n")));
        foreach (var node in cluster.Nodes)
        {
            node.Fault = NodeFault.Slow(Latency);
        }

        var waiting = Accounts * Latency.TotalSeconds / Workers;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"shared: {Accounts} accounts in tasks of {TaskAccounts}, {cluster.Nodes.Count} servers of {Latency.TotalMilliseconds} ms, {Workers} requests at once of each daemon: {waiting:0.0} s of waiting"));
        Console.WriteLine(DaemonsTogether.Header);
        var one = await MeasureAsync(broker, folder, cluster, daemons: 1);
        var three = await MeasureAsync(broker, folder, cluster, daemons: 3);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  ratio    {three.Seconds / one.Seconds,9:0.000}"));
        return new JsonObject
        {
            ["accounts"] = Accounts,
            ["task_accounts"] = TaskAccounts,
            ["one_daemon"] = one.ToJson(),
            ["three_daemons"] = three.ToJson(),
            ["ratio"] = three.Seconds / one.Seconds,
        };
    }

    /// <summary>All share the rounds from the second on: while they start, the first one may have none beside it.</summary>
    private static async Task<DaemonsTogether> MeasureAsync(OwnBroker broker, ConfigurationFolder folder, SimulatedCluster cluster, int daemons)
    {
        var host = string.Create(CultureInfo.InvariantCulture, $"scaling-{daemons}");
        var configuration = new LabConfiguration
        {
            Timeout = string.Create(CultureInfo.InvariantCulture, $"{PeriodSeconds}s"),
            RingDir = cluster.Folder,
            SwiftConf = cluster.SwiftConfPath,
            Workers = Workers,
            WorkersPerNode = WorkersPerNode,
            Projects = $"source: file, file: {Path.Combine(folder.Path, "projects")}",
            Rabbit = await broker.MakeHostAsync(host),
        };
        var deadline = TimeSpan.FromSeconds(PeriodSeconds * (Repetitions + RoundsBefore + 2));
        var all = new List<PublishedDaemon>();
        try
        {
            for (var i = 0; i < daemons; i++)
            {
                all.Add(PublishedDaemon.Start(configuration, TaskAccounts));
            }

            await all[0].UntilRoundsAsync(RoundsBefore, deadline);
            var (servers, programs) = Processors(all);
            var rounds = new List<StoredReport>();
            for (var i = 1; i <= Repetitions; i++)
            {
                // Each as it ends: what is delivered is not kept for long.
                await all[0].UntilRoundsAsync(RoundsBefore + i, deadline);
                rounds.Add(all[0].Rounds()[^1]);
            }

            var (serversAfter, programsAfter) = Processors(all);
            var together = new DaemonsTogether(daemons, rounds, (serversAfter - servers) / Repetitions, (programsAfter - programs) / Repetitions);
            Console.WriteLine(together.Row);
            together.Require(Accounts);
            return together;
        }
        finally
        {
            foreach (var daemon in all)
            {
                await daemon.DisposeAsync();
            }

            await broker.DropHostAsync(host);
        }
    }

    /// <summary>What this process, which is the account-servers, and the daemons have taken of the processors.</summary>
    private static (double Servers, double Programs) Processors(List<PublishedDaemon> all) =>
        (Environment.CpuUsage.TotalTime.TotalSeconds, all.Sum(daemon => daemon.Program.ProcessorTime().TotalSeconds));

    /// <summary>Rounds that so many daemons shared.</summary>
    /// <param name="Daemons">How many.</param>
    /// <param name="Rounds">The rounds' reports.</param>
    /// <param name="ServerSeconds">Of the processor, that the account-servers took for a round.</param>
    /// <param name="ProgramSeconds">The same of all daemons.</param>
    private sealed record DaemonsTogether(int Daemons, IReadOnlyList<StoredReport> Rounds, double ServerSeconds, double ProgramSeconds)
    {
        public const string Header = "  daemons   seconds   fastest   slowest   processor: servers s   daemons s   tasks of each";

        /// <summary>The median.</summary>
        public double Seconds => Rounds.Select(round => round.Seconds).Order().ElementAt(Rounds.Count / 2);

        public string Row => string.Create(
            CultureInfo.InvariantCulture,
            $"  {Daemons,-7} {Seconds,9:0.00} {Rounds.Min(round => round.Seconds),9:0.00} {Rounds.Max(round => round.Seconds),9:0.00} "
            + $"{ServerSeconds,22:0.00} {ProgramSeconds,11:0.00}   {string.Join(' ', Rounds[^1].Workers.Select(worker => worker.Tasks))}");

        /// <exception cref="InvalidOperationException">The rounds are not what was to be measured.</exception>
        public void Require(int accounts)
        {
            if (Rounds.Select(round => round.RoundTime).Distinct().Count() != Rounds.Count)
            {
                throw new InvalidOperationException($"wanted {Rounds.Count} rounds, found one twice: {string.Join(", ", Rounds.Select(round => round.RoundTime))}");
            }

            if (Rounds.FirstOrDefault(round => round.Measured != accounts || round.Workers.Count != Daemons) is { } wrong)
            {
                throw new InvalidOperationException($"wanted {accounts} accounts measured by {Daemons} daemons, found {wrong.Measured} by {wrong.Workers.Count}");
            }
        }

        public JsonObject ToJson() => new()
        {
            ["seconds"] = Seconds,
            ["rounds"] = new JsonArray([.. Rounds.Select(round => (JsonNode)round.Seconds)]),
            ["server_processor_seconds"] = ServerSeconds,
            ["daemon_processor_seconds"] = ProgramSeconds,
        };
    }
}
