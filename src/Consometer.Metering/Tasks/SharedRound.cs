namespace Consometer.Metering.Tasks;

/// <summary>Why a task came to nothing.</summary>
public enum TaskLoss
{
    /// <summary>The round's polling was over before anybody did it.</summary>
    Late,

    /// <summary>It was given out too often, and nobody came to an end with it: each died, or refused it.</summary>
    Poison,

    /// <summary>Somebody has it, and no report came.</summary>
    NotReported,
}

/// <summary>A task that nobody will do any more.</summary>
/// <param name="Task">The task.</param>
/// <param name="Loss">Why.</param>
public sealed record LostTask(RoundTask Task, TaskLoss Loss);

/// <summary>A round in hand, as its coordinator knows it. It grows with tasks, not with accounts.</summary>
/// <param name="begun">How it began.</param>
public sealed class SharedRound(JournalEntry.Begun begun)
{
    /// <summary>What reports may take after the polling is over, in parts of the period: delivery, and a confirm.</summary>
    private const int GraceShare = 20;

    /// <summary>Graces after which a task that was neither reported nor given back is given up.</summary>
    private const int GracesMax = 3;

    private static readonly TimeSpan GraceMin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan GraceMax = TimeSpan.FromMinutes(2);

    private readonly Dictionary<int, int> _accounts = [];
    private readonly HashSet<int> _reported = [];
    private readonly Dictionary<int, LostTask> _lost = [];
    private readonly MergedReport _merged = new();
    private readonly Dictionary<int, ulong> _cuts = [];
    private int _published;

    /// <summary>The round.</summary>
    public RoundAttempt Round => begun.Round;

    /// <summary>When it began.</summary>
    public DateTimeOffset Started => begun.Started;

    /// <summary>When its polling ends.</summary>
    public DateTimeOffset Deadline => begun.Deadline;

    /// <summary>Tasks that are published.</summary>
    public int Tasks => Plan?.Tasks ?? _published;

    /// <summary>Accounts in them, but for orphans.</summary>
    public long Accounts => Plan?.Accounts ?? _accounts.Values.Sum(accounts => (long)accounts);

    /// <summary>The last account of the last task that is published; null before the first.</summary>
    public string? LastAccount { get; private set; }

    /// <summary>How it is planned; null until all tasks are published.</summary>
    public JournalEntry.Planned? Plan { get; set; }

    /// <summary>Tasks with a report.</summary>
    public int Reported => _reported.Count;

    /// <summary>How long reports are waited for once the polling is over.</summary>
    public TimeSpan Grace => TimeSpan.FromTicks(Math.Clamp(Round.PeriodSeconds * TimeSpan.TicksPerSecond / GraceShare, GraceMin.Ticks, GraceMax.Ticks));

    /// <summary>
    /// Tasks of which nothing is heard. By the plan's word: once the polling is over, the tasks themselves are gone from the journal for whoever
    /// reads it then.
    /// </summary>
    public IEnumerable<int> Missing => Enumerable.Range(1, Tasks).Where(task => !_reported.Contains(task) && !_lost.ContainsKey(task));

    /// <summary>
    /// A task is published. One that is published again, where the broker died over it, is the same. One before which another is missing is none: it is
    /// published again with that, for what is done twice adds nothing, and what is left out is lost.
    /// </summary>
    public void Take(JournalEntry.Published task)
    {
        if (task.Number == _published + 1)
        {
            _accounts.TryAdd(task.Number, task.Accounts);
            _cuts.TryAdd(task.Number, task.Cut);
            _published = task.Number;
            LastAccount = task.LastAccount;
        }
    }

    /// <summary>Adds a report, if it is the task's first: one that was done twice made the same samples.</summary>
    /// <returns>Whether it is of this round, and the first.</returns>
    public bool Take(TaskReport report)
    {
        var isFirst = report.Round.Id == Round.Id && IsOurs(report.Number, report.Cut) && _reported.Add(report.Number);
        if (isFirst)
        {
            _accounts.TryAdd(report.Number, (int)report.Report.Accounts);
            _merged.Add(report);
        }

        return isFirst;
    }

    /// <summary>A task comes back. If a report of it comes all the same, that counts.</summary>
    /// <returns>Whether it is of this round.</returns>
    public bool Take(LostTask lost)
    {
        if (lost.Task.Round.Id != Round.Id || !IsOurs(lost.Task.Number, lost.Task.Cut))
        {
            return false;
        }

        _accounts.TryAdd(lost.Task.Number, lost.Task.AccountsCounted);
        _lost.TryAdd(lost.Task.Number, lost);
        return true;
    }

    /// <summary>
    /// Whether nothing more is to be waited for. While a task may still be reported it is waited for it: what its worker delivered is
    /// delivered.
    /// </summary>
    /// <param name="now">The instant.</param>
    /// <param name="since">Since when this coordinator listens to its reports: what was sent before is still to be read then.</param>
    public bool IsOver(DateTimeOffset now, DateTimeOffset since)
    {
        var waits = now - (since > Deadline ? since : Deadline);
        return Plan is null ? waits > Grace * GracesMax
            : _reported.Count >= Plan.Tasks || (waits > Grace && !Missing.Any()) || waits > Grace * GracesMax
            || (!Missing.Any() && _lost.Values.All(lost => lost.Loss == TaskLoss.Poison || _reported.Contains(lost.Task.Number)));
    }

    /// <summary>Ends the round: what was reported, and of all other accounts that it is unknown.</summary>
    /// <param name="now">The instant.</param>
    /// <param name="missing">The tasks of which nothing is heard, as far as the journal still has them.</param>
    public RoundEnded End(DateTimeOffset now, IEnumerable<RoundTask> missing)
    {
        foreach (var task in missing.Where(task => task.Round.Id == Round.Id && !_lost.ContainsKey(task.Number)))
        {
            _lost.Add(task.Number, new LostTask(task, TaskLoss.NotReported));
        }

        foreach (var (_, lost) in _lost.Where(lost => !_reported.Contains(lost.Key)).OrderBy(lost => lost.Key))
        {
            _merged.AddLost(lost);
        }

        foreach (var task in Missing.Where(_accounts.ContainsKey))
        {
            _merged.AddLost([task], _accounts[task]);
        }

        int[] unread = [.. Missing.Where(task => !_accounts.ContainsKey(task))];
        if (unread.Length > 0)
        {
            _merged.AddLost(unread, Math.Max(0, Accounts - _accounts.Values.Sum(accounts => (long)accounts)));
        }

        return _merged.End(this, now);
    }

    private bool IsOurs(int task, ulong? cut) => cut is null || !_cuts.TryGetValue(task, out var ours) || cut == ours;
}
