using System.Globalization;
using Consometer.Scenarios.Delivery;
using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Run;
using Consometer.Scenarios.Running;
using Consometer.Scenarios.Samples;

namespace Consometer.Scenarios.Shared;

/// <summary>A test of rounds that several daemons share over the lab's broker, on the lab's Swift.</summary>
public abstract class SharingTest(RealSwift lab, RealBroker broker) : DeliveryTest(lab, broker)
{
    /// <summary>The exchange of the rounds, and the beginning of its queues' names.</summary>
    private protected const string Prefix = "rounds";

    /// <summary>What lies in each queue while nothing is to be done: the role, how the last round ended, twice.</summary>
    private static readonly Dictionary<string, int> Resting = new()
    {
        [$"{Prefix}.coordinator"] = 1, [$"{Prefix}.tasks"] = 0, [$"{Prefix}.reports"] = 0, [$"{Prefix}.late"] = 0, [$"{Prefix}.journal"] = 1, [$"{Prefix}.last"] = 1,
    };

    /// <summary>Small messages, so that a task has several.</summary>
    private protected LabConfiguration Sharing(int taskAccounts) => new()
    {
        Rabbit = Rabbit,
        Publish = "format: consometer, declare: durable, batch_size: 50",
        Cluster = string.Create(CultureInfo.InvariantCulture, $"mode: shared, prefix: {Prefix}, task_accounts: {taskAccounts}"),
        PollingShare = "1",
        LogLevel = "debug",
        Store = "keep: 1h",
    };

    /// <summary>The same over a few accounts, so that a round takes no second.</summary>
    private protected LabConfiguration SharingFew()
    {
        _ = Few();
        return Sharing(taskAccounts: 3) with { Timeout = "5s", Projects = $"source: file, file: {Path.Combine(Folder.Path, ProjectsFile)}" };
    }

    /// <summary>Until all have some rounds more than now, with what each is to be like.</summary>
    private protected static async Task MoreRoundsAsync(SharingDaemon[] daemons, int more, Func<StoredReport, bool>? isWanted = null)
    {
        var before = daemons.SelectMany(daemon => daemon.Store.Reports()).Select(report => report.Time).Append(DateTimeOffset.MinValue).Max();
        await Eventually.TrueAsync(
            $"{more} more rounds",
            () => daemons.All(daemon => daemon.Store.Reports().Count(report => report.Time > before && isWanted?.Invoke(report) is not false) >= more));
    }

    /// <summary>Until nobody has anything to do, and then until nobody is there any more, and a consumer has all.</summary>
    private protected async Task StopAsync(SharingDaemon[] daemons, ReceivedMessages received)
    {
        await AtRestAsync(daemons);
        await Task.WhenAll(daemons.Where(daemon => daemon.IsRunning).Select(daemon => daemon.StopAsync()));
        await received.DrainedAsync();
    }

    /// <summary>What came to a consumer of each round, each sample once.</summary>
    private protected static ILookup<DateTimeOffset, ReceivedSample> SamplesByTime(ReceivedMessages received) => received.Samples.DistinctBy(sample => sample.MessageId)
        .ToLookup(sample => DateTimeOffset.Parse(sample.Timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));

    /// <summary>Until nobody has anything to do.</summary>
    private async Task AtRestAsync(params SharingDaemon[] daemons)
    {
        await Eventually.TrueAsync("empty outboxes", () => daemons.All(daemon => daemon.Store.Waiting() == 0));
        QueueState[] queues = [];
        await Eventually.TrueAsync(
            () => "queues at rest: " + string.Join(", ", queues.Select(queue => $"{queue.Name} {queue.Messages}")),
            async () =>
            {
                queues = await Host.QueuesAsync();
                return Resting.All(rest => queues.Any(queue => queue.Name == rest.Key && queue.Messages == rest.Value));
            });
    }

    /// <summary>Each of the rounds, in every store that has it, is the same; and is what came to a consumer. What came of later rounds is let be.</summary>
    /// <param name="daemons">The daemons, which are stopped.</param>
    /// <param name="received">What came to a consumer.</param>
    /// <param name="truth">The accounts.</param>
    /// <param name="isShort">Which rounds had no time for all, since the broker was away for most of it; none where nothing is said.</param>
    /// <returns>The rounds' reports, each once.</returns>
    private protected static StoredReport[] AssertWhole(
        IEnumerable<SharingDaemon> daemons, ReceivedMessages received, IReadOnlyCollection<AccountTruth> truth, Func<StoredReport, bool>? isShort = null)
    {
        var stored = daemons.SelectMany(daemon => daemon.Store.Reports()).ToArray();
        var rounds = stored.DistinctBy(report => report.Time).OrderBy(report => report.Time).ToArray();
        Assert.All(stored, report => Assert.Equal("complete", report.State));
        Assert.All(stored, report => Assert.Equal(rounds.Single(round => round.Time == report.Time).Json, report.Json));

        new Delivered(received.Messages).AssertOneIdEach();
        var byTime = SamplesByTime(received);
        Assert.Equal(rounds.Select(round => round.Time), byTime.Select(round => round.Key).Where(time => time <= rounds[^1].Time).Order());
        Assert.All(rounds, round =>
        {
            var samples = byTime[round.Time].ToArray();
            Assert.Equal(truth.Count, round.Count("accounts"));
            if (isShort?.Invoke(round) == true)
            {
                AssertTold(round, samples, truth);
                return;
            }

            Figure.AssertSame(truth.SelectMany(account => account.Figures), samples.Select(sample => sample.Figure));
            Assert.Equal(samples.Length, round.Count("samples"));
            Assert.Equal(0, round.Unknown);
            Assert.Equal(truth.Count(account => account.Kind == AccountKind.Measured), round.Count("measured"));
            Assert.Equal(truth.Count(account => account.Kind == AccountKind.Absent), round.Count("absent"));
            Assert.Equal(truth.Count(account => account.Kind == AccountKind.Deleted), round.Count("deleted"));
            Assert.Equal(truth.Count, round.Workers.Sum(worker => worker.Accounts));
            Assert.Equal(round.Tasks("published"), round.Tasks("done"));
        });
        return rounds;
    }

    /// <summary>What there was no time for is unknown, with the reason; what came is the truth all the same, and no less than is told.</summary>
    private static void AssertTold(StoredReport round, ReceivedSample[] samples, IReadOnlyCollection<AccountTruth> truth)
    {
        Assert.Empty(samples.Select(sample => sample.Figure).Except(truth.SelectMany(account => account.Figures)));
        Assert.InRange(round.Count("samples"), 0, samples.Length);
        Assert.Equal(round.Unknown, round.UnknownBy("late") + round.UnknownBy("out_of_time") + round.UnknownBy("not_reported"));
        Assert.Equal(truth.Count, round.Count("measured") + round.Count("absent") + round.Count("deleted") + round.Unknown);
    }
}
