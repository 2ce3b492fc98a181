using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Consometer.Benchmarks.Lab;
using Consometer.Benchmarks.Load;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks.Tasks;

/// <summary>
/// A million accounts as tasks: how soon the last one is published, what the coordinator holds, and what the broker; and the whole round, against one
/// that is not shared.
/// </summary>
internal static partial class ManyTasks
{
    private const string SizeVariable = "CONSOMETER_ACCOUNTS";
    private const string Size = "1000000";
    private const int TaskAccounts = 1000;
    private const string Host = "many-tasks";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public static async Task<JsonNode> MeasureAsync(OwnBroker broker)
    {
        var accounts = int.Parse(Environment.GetEnvironmentVariable(SizeVariable) ?? Size, CultureInfo.InvariantCulture);
        await using var nginx = await Nginx.StartAsync();
        using var cluster = LoadCluster.Make(accounts, nginx.Port);
        var configuration = new LabConfiguration
        {
            RingDir = cluster.Folder,
            SwiftConf = Path.Combine(cluster.Folder, "swift.conf"),
            WorkersPerNode = LoadCluster.WorkersPerNode,
            Projects = $"source: file, file: {Path.Combine(cluster.Folder, "projects")}",
            Rabbit = await broker.MakeHostAsync(Host),
        };
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"shared: {accounts} accounts in tasks of {TaskAccounts}, one daemon"));
        var brokerBefore = await broker.ResidentBytesAsync();
        var shared = await ShareAsync(broker, configuration, accounts, brokerBefore);
        shared["single"] = await SingleAsync(configuration, accounts);
        return shared;
    }

    private static async Task<JsonObject> ShareAsync(OwnBroker broker, LabConfiguration configuration, int accounts, long brokerBefore)
    {
        await using var daemon = PublishedDaemon.Start(configuration, TaskAccounts);
        await daemon.UntilAsync(log => PublishedLine().IsMatch(log), "all tasks published", Deadline);
        var line = PublishedLine().Match(daemon.Program.ErrorsSoFar);
        var peakOfPublishing = daemon.Program.PeakBytes();
        var brokerPublished = await broker.ResidentBytesAsync();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {line.Groups[1]} tasks published in {line.Groups[2]} s; peak of the daemon {peakOfPublishing / 1e6:0} MB, of the broker {brokerBefore / 1e6:0} MB before, {brokerPublished / 1e6:0} MB then"));
        var round = daemon.UntilRoundsAsync(1, Deadline);
        var (queues, brokerPeak) = await WatchAsync(broker, round);
        await round;
        var peak = daemon.Program.PeakBytes();
        var report = daemon.Rounds().Single();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  the round {report.Seconds:0.0} s, {report.Measured} accounts measured; peak of the daemon {peak / 1e6:0} MB, of the broker {brokerPeak / 1e6:0} MB, processor {daemon.Program.ProcessorTime().TotalSeconds:0.0} s"));
        Print(queues);
        Require(report.Measured, accounts);
        return new JsonObject
        {
            ["accounts"] = accounts,
            ["task_accounts"] = TaskAccounts,
            ["published_seconds"] = double.Parse(line.Groups[2].Value, CultureInfo.InvariantCulture),
            ["published_peak_bytes"] = peakOfPublishing,
            ["queues"] = JsonSerializer.SerializeToNode(queues, LabRepetition.Json),
            ["broker_before_bytes"] = brokerBefore,
            ["broker_published_bytes"] = brokerPublished,
            ["broker_peak_bytes"] = brokerPeak,
            ["round_seconds"] = report.Seconds,
            ["peak_bytes"] = peak,
        };
    }

    /// <summary>What the queues hold at most, and the broker, until the round has ended. Quorum queues tell every few seconds what they hold.</summary>
    private static async Task<(IReadOnlyList<QueueFigures> Queues, long Broker)> WatchAsync(OwnBroker broker, Task round)
    {
        var queues = new SortedDictionary<string, QueueFigures>(StringComparer.Ordinal);
        var peak = 0L;
        do
        {
            peak = Math.Max(peak, await broker.ResidentBytesAsync());
            foreach (var queue in await broker.QueuesAsync(Host))
            {
                var before = queues.GetValueOrDefault(queue.Name, queue);
                queues[queue.Name] = queue.OrMore(before);
            }
        }
        while (await Task.WhenAny(round, Task.Delay(Interval)) != round);
        return ([.. queues.Values], peak);
    }

    private static void Print(IReadOnlyList<QueueFigures> queues)
    {
        foreach (var queue in queues)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"    {queue.Name,-33} at most {queue.Messages,5} messages, {queue.Bytes / 1e6,6:0.0} MB; {queue.Memory / 1e6,6:0.0} MB of memory"));
        }
    }

    private static async Task<JsonObject> SingleAsync(LabConfiguration configuration, int accounts)
    {
        await using var daemon = PublishedDaemon.Start(configuration, taskAccounts: null);
        await daemon.UntilRoundsAsync(1, Deadline);
        var (report, peak) = (daemon.Rounds().Single(), daemon.Program.PeakBytes());
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  not shared: the round {report.Seconds:0.0} s; peak of the daemon {peak / 1e6:0} MB, processor {daemon.Program.ProcessorTime().TotalSeconds:0.0} s"));
        Require(report.Measured, accounts);
        return new JsonObject { ["round_seconds"] = report.Seconds, ["peak_bytes"] = peak };
    }

    private static void Require(long measured, int accounts)
    {
        if (measured != accounts)
        {
            throw new InvalidOperationException($"wanted {accounts} accounts measured, found {measured}");
        }
    }

    [GeneratedRegex(@"([\d,]+) tasks published in ([\d.]+) s")]
    private static partial Regex PublishedLine();
}
