using System.Globalization;
using System.Text.RegularExpressions;
using Consometer.Configuration;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Tasks;
using Consometer.Metering.Rounds;

namespace Consometer.Checks;

/// <summary>
/// Whether rounds can be shared over the broker, and how the last one went that was: its daemons have this host's ring, or another. Nothing is
/// made, and no message taken away.
/// </summary>
internal static class SharingCheck
{
    public const string Name = "cluster";

    /// <returns>Lines for the version, the queues, the rights; and, where there was a shared round, for that and for each daemon with another ring.</returns>
    public static async Task<IReadOnlyList<CheckResult>> RunAsync(ConsometerOptions options, SharingOptions sharing, CancellationToken stopping)
    {
        var broker = options.Delivery!.Broker;
        var queues = new TaskQueues(sharing.Prefix);
        try
        {
            var finding = await TaskInspection.LookAsync(broker, queues, stopping);
            var canPeek = finding.Refused.Count == 0 && finding.Parts.Any(part => part is { IsThere: true, Fault: null } && part.Name == queues.Last.Name);
            return [Judge(broker, finding.Version), .. Judge(broker, sharing, finding.Parts), Judge(broker, sharing, finding.Refused), .. canPeek ? await PeekAsync(options, queues, stopping) : []];
        }
        catch (BrokerException e)
        {
            return [Fail(broker.ToString(), e.Message, "the broker's log may say why")];
        }
    }

    private static CheckResult Judge(BrokerOptions broker, BrokerVersion version)
    {
        var lookedAt = broker.ToString();
        return !version.CanShare ? Fail(lookedAt, version.Text.Length == 0 ? "a broker that tells no version" : $"RabbitMQ {version.Text}", "RabbitMQ 3.8 or later, or cluster.mode: single")
            : version.HasExpiry ? CheckResult.Ok(Name, lookedAt, $"RabbitMQ {version.Text}")
            : CheckResult.Ok(Name, lookedAt, $"RabbitMQ {version.Text}: tasks that are late the daemons give back themselves");
    }

    private static IEnumerable<CheckResult> Judge(BrokerOptions broker, SharingOptions sharing, IReadOnlyList<TaskPart> parts)
    {
        var missing = parts.Where(part => !part.IsThere).ToArray();
        var wrong = parts.Where(part => part.Fault is not null).ToArray();
        var lookedAt = $"prefix {sharing.Prefix}";
        var whole = missing.Length == parts.Count ? CheckResult.Ok(Name, lookedAt, "nothing there yet: the first daemon makes exchange and queues")
            : missing.Length > 0 ? CheckResult.Warn(Name, lookedAt, $"not there, though others are: {string.Join(", ", missing.Select(Describe))}", "systemctl restart consometer: a daemon that joins makes them")
            : wrong.Length == 0 ? CheckResult.Ok(Name, lookedAt, string.Create(CultureInfo.InvariantCulture, $"the exchange and {parts.Count(part => part.IsQueue)} queues"))
            : null;
        return
        [
            .. whole is null ? Array.Empty<CheckResult>() : [whole],
            .. wrong.Select(part => Fail(
                Describe(part), part.Fault!,
                $"another cluster.prefix{(part.IsQueue ? $"; or, while no daemon runs, rabbitmqctl delete_queue -p {broker.VirtualHost} {part.Name}: the next one makes it anew" : "")}")),
        ];
    }

    private static CheckResult Judge(BrokerOptions broker, SharingOptions sharing, IReadOnlyList<RefusedRight> refused)
    {
        var lookedAt = $"user {broker.User}, vhost {broker.VirtualHost}";
        return refused is [var first, ..]
            ? Fail(
                lookedAt, $"no right to {string.Join(", ", refused.Select(right => right.Right).Distinct())}: {first.Words}",
                $"rabbitmqctl set_permissions -p {broker.VirtualHost} {broker.User} CONFIGURE WRITE READ, each of which matches ^{Regex.Escape(sharing.Prefix)} too")
            : CheckResult.Ok(Name, lookedAt, $"may configure, write and read what begins with {sharing.Prefix}");
    }

    private static async Task<IReadOnlyList<CheckResult>> PeekAsync(ConsometerOptions options, TaskQueues queues, CancellationToken stopping)
    {
        try
        {
            return await TaskInspection.PeekLastAsync(options.Delivery!.Broker, queues, stopping) is { Report: var last }
                ? [Judge(last), .. OtherRings(options, last)]
                : [CheckResult.Ok(Name, $"queue {queues.Last.Name}", "no round was shared yet")];
        }
        catch (BrokerException e)
        {
            return [CheckResult.Warn(Name, $"queue {queues.Last.Name}", e.Message, "daemons that share rounds are best of one version; the next round puts another there")];
        }
    }

    private static CheckResult Judge(RoundReport last)
    {
        var lookedAt = $"round {last.RoundTime}";
        var tasks = last.Tasks ?? new TaskCounts(0, 0, 0, 0, 0, 0);
        (int Count, string Word)[] lost = [(tasks.Late, "late"), (tasks.Poison, "poison"), (tasks.NotReported, "not_reported")];
        var found = string.Create(CultureInfo.InvariantCulture, $"{tasks.Done} of {tasks.Published} tasks done, daemons: {last.Workers.Count}")
            + string.Concat(lost.Where(loss => loss.Count > 0).Select(loss => string.Create(CultureInfo.InvariantCulture, $", {loss.Word}: {loss.Count}")));
        return last.Failure is { } failure ? CheckResult.Warn(Name, lookedAt, failure, "the log of the daemons says more")
            : lost.Any(loss => loss.Count > 0) ? CheckResult.Warn(Name, lookedAt, found, "the log of the daemons says why; where tasks are late, more daemons, or more workers, or a longer timeout")
            : CheckResult.Ok(Name, lookedAt, found);
    }

    private static IEnumerable<CheckResult> OtherRings(ConsometerOptions options, RoundReport last) =>
        options.Strategy == Strategy.Proxy || ServerCheck.Md5Of(options.Swift.RingPath, RingCheck.Name) is not { } own ? []
        : last.Workers.Where(worker => worker.RingMd5 is { } md5 && md5 != own).Select(worker => CheckResult.Warn(
            Name, worker.Worker, $"another ring in round {last.RoundTime}: {worker.RingMd5}, and here {own}",
            $"copy the newest ring to it and to {options.Swift.RingPath}: which of the two is older cannot be told by these"));

    private static string Describe(TaskPart part) => $"{(part.IsQueue ? "queue" : "exchange")} {part.Name}";

    private static CheckResult Fail(string lookedAt, string found, string remedy) => CheckResult.Fail(Name, lookedAt, found, remedy, ExitCode.Service);
}
