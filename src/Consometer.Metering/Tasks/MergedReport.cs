using System.Globalization;
using Consometer.Metering.Polling;
using Consometer.Metering.Rounds;

namespace Consometer.Metering.Tasks;

/// <summary>Adds the reports of a round's tasks up to the round's.</summary>
internal sealed class MergedReport
{
    /// <summary>Accounts that are named: a message has an end. The report counts all.</summary>
    private const int RemarksMax = 10_000;

    private const int LargestMax = 10;

    /// <summary>Numbers of tasks in one remark.</summary>
    private const int NumbersMax = 100;

    private const string Unproven = "unproven";

    /// <summary>What the others are added to.</summary>
    private static readonly RoundReport Nothing = new()
    {
        RoundTime = "",
        Started = default,
        Seconds = 0,
        ListingSeconds = 0,
        Accounts = 0,
        Measured = 0,
        Absent = 0,
        Deleted = 0,
        Unknown = 0,
        UnknownByReason = new Dictionary<string, long>(),
        Disagreeing = 0,
        Unlisted = 0,
        Samples = 0,
        Nodes = [],
    };

    private readonly SortedDictionary<string, WorkerReport> _workers = new(StringComparer.Ordinal);
    private readonly List<RoundRemark> _remarks = [];
    private readonly List<TaskReport> _failed = [];
    private readonly Dictionary<TaskLoss, int> _lost = [];
    private RoundReport _sum = Nothing;
    private int _done;
    private int _redelivered;

    public void Add(TaskReport report)
    {
        _done++;
        _redelivered += report.IsRedelivered ? 1 : 0;
        var worker = _workers.GetValueOrDefault(report.Worker) ?? new WorkerReport(report.Worker, 0, 0, 0, report.RingMd5);
        _workers[report.Worker] = worker with
        {
            Tasks = worker.Tasks + 1,
            Redelivered = worker.Redelivered + (report.IsRedelivered ? 1 : 0),
            Accounts = worker.Accounts + report.Report.Accounts,
            RingMd5 = report.RingMd5,
        };
        if (report.Report.Failure is not null)
        {
            _failed.Add(report with { Remarks = [.. report.Remarks.Take(RemarksMax - _failed.Sum(failed => failed.Remarks.Count))] });
            return;
        }

        _sum = Sum(_sum, report.Report);
        Name(report.Remarks);
    }

    public void AddLost(LostTask lost)
    {
        var (task, loss) = lost;
        AddLost(loss, task.AccountsCounted);
        Name(task.AccountsToPoll().Where(account => !account.IsOrphan).Select(account => new RoundRemark(RoundRemark.Unknown, account.Name, account.ProjectId, ReasonOf(loss, task.Number))));
    }

    /// <summary>Tasks whose accounts nobody can name any more.</summary>
    /// <param name="tasks">Their numbers; one at least.</param>
    /// <param name="accounts">How many accounts they have.</param>
    public void AddLost(IReadOnlyList<int> tasks, long accounts)
    {
        AddLost(TaskLoss.NotReported, accounts, tasks.Count);
        var more = tasks.Count > NumbersMax ? string.Create(CultureInfo.InvariantCulture, $" and {tasks.Count - NumbersMax} more") : "";
        var numbers = string.Join(", ", tasks.Take(NumbersMax).Select(task => task.ToString(CultureInfo.InvariantCulture)));
        Name([new RoundRemark(
            RoundRemark.Unknown,
            string.Create(CultureInfo.InvariantCulture, $"task{(tasks.Count > 1 ? "s" : "")} {numbers}{more}: {accounts} accounts"),
            "",
            ReasonOf(TaskLoss.NotReported, tasks[0]))]);
    }

    public RoundEnded End(SharedRound round, DateTimeOffset now)
    {
        var failure = round.Plan is null ? "its coordinator died before all its tasks were published, and nobody took its place in time" : TakeFailed();
        var listing = round.Plan?.Listing;
        var report = _sum with
        {
            RoundTime = round.Round.Time.ToString(),
            Started = round.Started,
            Seconds = (now - round.Started).TotalSeconds,
            ListingSeconds = listing?.Seconds ?? 0,
            Projects = listing?.Projects,
            ProjectListAgeSeconds = listing?.ListAgeSeconds,
            ProjectListFailure = listing?.ListFailure,
            Accounts = _sum.Measured + _sum.Absent + _sum.Deleted + _sum.Unknown,
            Tasks = new TaskCounts(round.Tasks, _done, _redelivered, Lost(TaskLoss.Late), Lost(TaskLoss.Poison), Lost(TaskLoss.NotReported)),
            Workers = [.. _workers.Values],
            Failure = failure ?? (round.Tasks == 0 ? "there is no account to meter: the list of projects is empty" : null),
        };
        return new RoundEnded(round.Round, report, _remarks);
    }

    /// <summary>
    /// A daemon that found none of a task's accounts discarded its samples: hash prefix or ring may be wrong. Where no task found any, that is the
    /// round's failure; else those accounts are unknown.
    /// </summary>
    /// <returns>The round's failure; null if it has none.</returns>
    private string? TakeFailed()
    {
        if (_failed.Count == 0)
        {
            return null;
        }

        if (_failed.Count == _done && _lost.Count == 0)
        {
            _sum = _failed.Select(failed => failed.Report with { Samples = 0 }).Aggregate(_sum, Sum);
            return _failed.Count == 1 ? _failed[0].Report.Failure
                : string.Create(CultureInfo.InvariantCulture, $"none of {_failed.Count} tasks found an account; the first: {_failed[0].Report.Failure}");
        }

        foreach (var failed in _failed)
        {
            AddUnknown(Unproven, failed.Report.Accounts);
            Name(failed.Remarks);
        }

        return null;
    }

    private void AddLost(TaskLoss loss, long accounts, int tasks = 1)
    {
        _lost[loss] = Lost(loss) + tasks;
        AddUnknown(WordOf(loss), accounts);
    }

    private void AddUnknown(string reason, long accounts)
    {
        _sum = Sum(_sum, Nothing with { Unknown = accounts, UnknownByReason = new Dictionary<string, long> { [reason] = accounts } });
    }

    private void Name(IEnumerable<RoundRemark> remarks) => _remarks.AddRange(remarks.Take(RemarksMax - _remarks.Count));

    private int Lost(TaskLoss loss) => _lost.GetValueOrDefault(loss);

    private static string WordOf(TaskLoss loss) => loss switch
    {
        TaskLoss.Late => "late",
        TaskLoss.Poison => "poison",
        _ => "not_reported",
    };

    private static string ReasonOf(TaskLoss loss, int task) => WordOf(loss) + string.Create(CultureInfo.InvariantCulture, $": task {task}, ") + loss switch
    {
        TaskLoss.Late => "which nobody did before the round's polling was over",
        TaskLoss.Poison => "which was given out too often: each daemon that had it died, or refused it",
        _ => "which somebody has, and of which no report came",
    };

    private static RoundReport Sum(RoundReport x, RoundReport y) => x with
    {
        Measured = x.Measured + y.Measured,
        ByProxy = x.ByProxy + y.ByProxy,
        Absent = x.Absent + y.Absent,
        Deleted = x.Deleted + y.Deleted,
        Unknown = x.Unknown + y.Unknown,
        UnknownByReason = Sum(x.UnknownByReason, y.UnknownByReason),
        Disagreeing = x.Disagreeing + y.Disagreeing,
        Unlisted = x.Unlisted + y.Unlisted,
        Orphans = x.Orphans + y.Orphans,
        OrphansUnknown = x.OrphansUnknown + y.OrphansUnknown,
        Totals = x.Totals is { } one && y.Totals is { } other
            ? new RoundTotals(one.Containers + other.Containers, one.Objects + other.Objects, one.Bytes + other.Bytes)
            : x.Totals ?? y.Totals,
        Largest = [.. x.Largest.Concat(y.Largest).OrderByDescending(large => large.Bytes).ThenBy(large => large.Account, StringComparer.Ordinal).Take(LargestMax)],
        Samples = x.Samples + y.Samples,
        Withheld = x.Withheld + y.Withheld,
        Nodes = [.. x.Nodes.Concat(y.Nodes).GroupBy(node => node.Node).Select(node => node.Aggregate(Sum)).OrderBy(node => node.Node, StringComparer.Ordinal)],
    };

    private static SortedDictionary<string, long> Sum(IReadOnlyDictionary<string, long> x, IReadOnlyDictionary<string, long> y)
    {
        var sum = new SortedDictionary<string, long>(x.ToDictionary(), StringComparer.Ordinal);
        foreach (var (key, count) in y)
        {
            sum[key] = sum.GetValueOrDefault(key) + count;
        }

        return sum;
    }

    private static NodeReport Sum(NodeReport x, NodeReport y) =>
        new(x.Node, x.Requests + y.Requests, Sum(x.Failures, y.Failures), x.TimesSetAside + y.TimesSetAside, Within(x.Latency, y.Latency));

    /// <summary>The longer of each: as large a share of all answers came within that, too.</summary>
    private static NodeLatency? Within(NodeLatency? x, NodeLatency? y) => x is null ? y : y is null ? x
        : new NodeLatency(Math.Max(x.P50, y.P50), Math.Max(x.P90, y.P90), Math.Max(x.P99, y.P99), Math.Max(x.Max, y.Max));
}
