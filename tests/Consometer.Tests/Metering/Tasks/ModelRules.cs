using System.Globalization;
using System.Text.RegularExpressions;
using Consometer.Metering.Rounds;
using Consometer.Metering.Tasks;

namespace Consometer.Tests.Metering.Tasks;

/// <summary>The rules of shared rounds, by what gets into the broker's queues and to the consumer of samples.</summary>
internal sealed partial class ModelRules(ModelWorld world)
{
    private readonly List<ModelAttempt> _attempts = [];
    private readonly Dictionary<Guid, (DateTimeOffset Round, string Account)> _ids = [];
    private readonly Dictionary<(DateTimeOffset Round, string Account), Guid> _received = [];

    /// <summary>The first rule that was broken, and how; null if none was.</summary>
    public string? Broken { get; private set; }

    /// <summary>The last period that has its round.</summary>
    public DateTimeOffset? Complete { get; private set; }

    /// <summary>Something gets into a queue.</summary>
    public void See(string queue, object body)
    {
        switch (queue, body)
        {
            case ("journal", JournalEntry.Begun begun):
                SeeBegun(begun);
                break;
            case ("tasks", RoundTask task):
                SeeTask(task);
                break;
            case ("journal", RoundTask task):
                Of(task.Round)?.Journaled.TryAdd(task.Number, task.Accounts);
                break;
            case ("reports", TaskReport report):
                SeeReport(report);
                break;
            case ("journal", RoundEnded ended):
                SeeEnded(ended);
                break;
            case ("samples", ModelParcel parcel):
                SeeSamples(parcel);
                break;
        }
    }

    /// <summary>The broker's own death left these in one queue and not in the other: the one case in which tasks may be published twice.</summary>
    public void Tear(IEnumerable<object> torn)
    {
        foreach (var task in torn.OfType<RoundTask>())
        {
            world.Counts.Torn++;
            Of(task.Round)?.IsTorn = true;
        }
    }

    /// <summary>Nothing happens any more.</summary>
    public void CheckAtEnd(bool hasSamples)
    {
        Check(!hasSamples, "samples wait in an outbox");
        Check(!world.Broker.Tasks.All.Any(), "tasks are left in the queue");
        foreach (var attempt in _attempts)
        {
            Check(attempt.Ended is not null, $"round {attempt.Round.Time} never ended");
        }

        foreach (var torn in _attempts.Where(attempt => attempt is { IsTorn: true, Ended.Report.Failure: null } && !world.TakenUpLate.Contains(attempt.Round.Id)))
        {
            CheckTorn(torn);
        }

        foreach (var round in _attempts.GroupBy(attempt => attempt.Round.Start).Where(round => round.Count() == 1 && !round.First().IsTorn))
        {
            CheckReceived(round.First());
        }
    }

    private void SeeBegun(JournalEntry.Begun begun)
    {
        Check(_attempts.All(attempt => attempt.Ended is not null), $"round {begun.Round.Time} begins, and another is in hand");
        Check(!(begun.Round.Start <= Complete), $"round {begun.Round.Time} begins, and is complete");
        _attempts.Add(new ModelAttempt(begun.Round));
    }

    private void SeeTask(RoundTask task)
    {
        if (Of(task.Round) is not { Ended: null } attempt)
        {
            Check(false, $"task {task.Number} of {task.Round.Time}, which is not in hand");
            return;
        }

        var isNew = attempt.Tasks.TryAdd(task.Number, task.Accounts);
        var areNew = task.Accounts.All(attempt.Accounts.Add);
        Check(attempt.IsTorn || isNew, $"task {task.Number} of {task.Round.Time} is published twice");
        Check(attempt.IsTorn || areNew, $"an account of task {task.Number} of {task.Round.Time} is in another, too");
    }

    private void SeeReport(TaskReport report)
    {
        world.Counts.Redelivered += report.IsRedelivered ? 1 : 0;
        if (Of(report.Round) is not { } attempt)
        {
            Check(false, $"a report of {report.Round.Time}, which never began");
            return;
        }

        attempt.Reported.TryAdd(report.Number, world.Now);
        if (report.Report.Failure is null && !attempt.IsTorn)
        {
            var unknown = report.Remarks.Select(remark => remark.Account).ToHashSet();
            CheckDelivered(attempt, attempt.Tasks[report.Number].Where(account => !unknown.Contains(account)), $"the report of task {report.Number}");
        }
    }

    private void SeeEnded(RoundEnded ended)
    {
        if (Of(ended.Round) is not { Ended: null } attempt)
        {
            Check(false, $"round {ended.Round.Time} ends and is not in hand");
            return;
        }

        attempt.Ended = ended;
        Complete = ended.Report.IsComplete ? ended.Round.Start : Complete;
        Count(ended.Report);
        if (!attempt.IsTorn)
        {
            CheckTasks(attempt, ended.Report);
            CheckAccounts(attempt, ended);
        }
    }

    private void SeeSamples(ModelParcel parcel)
    {
        foreach (var (account, sample) in parcel.Samples)
        {
            var (key, id) = ((sample.Time.Start, account), sample.MessageId);
            world.Counts.Repeated += _received.ContainsKey(key) ? 1 : 0;
            Check(_ids.GetValueOrDefault(id, key) == key, $"two figures under the id {id}");
            Check(_received.GetValueOrDefault(key, id) == id, $"{account} under two ids in {sample.Time}");
            (_ids[id], _received[key]) = (key, id);
        }
    }

    /// <summary>A report that came in time counts, and no task is gone that was not reported.</summary>
    private void CheckTasks(ModelAttempt attempt, RoundReport report)
    {
        var decided = report.Started.AddSeconds(report.Seconds);
        var lost = world.Broker.Late.All.Where(message => message.Body is RoundTask task && task.Round.Id == attempt.Round.Id).ToArray();
        var poison = lost.Where(message => message.Reason == TaskLoss.Poison).Select(message => ((RoundTask)message.Body).Number).ToHashSet();
        var inTime = attempt.Reported.Count(task => task.Value < decided && !poison.Contains(task.Key));
        Check(report.Tasks!.Done >= inTime, $"{inTime} reports of {attempt.Round.Time} came in time, {report.Tasks.Done} count");
        var there = world.Broker.Tasks.All.Concat(lost).Select(message => message.Body).OfType<RoundTask>().Where(task => task.Round.Id == attempt.Round.Id).Select(task => task.Number);
        var gone = attempt.Tasks.Keys.Except(attempt.Reported.Keys).Except(there).ToArray();
        Check(gone.Length == 0, $"tasks {string.Join(", ", gone)} of {attempt.Round.Time} are gone");
    }

    /// <summary>Each account is measured and delivered, or it was never made, or it is unknown; as many as the report says.</summary>
    private void CheckAccounts(ModelAttempt attempt, RoundEnded ended)
    {
        var report = ended.Report;
        if (report.Failure is not null)
        {
            Check(!report.IsComplete, "a round that failed is complete");
            return;
        }

        attempt.Unknown = UnknownOf(attempt);
        var rest = attempt.Accounts.Except(attempt.Unknown).ToArray();
        attempt.Measured = [.. rest.Where(account => !ModelPoll.IsAbsent(attempt.Round.Start, account))];
        Check(ended.Remarks.All(remark => remark.Reason.Length > 0), "an account is unknown for no reason");
        CheckDelivered(attempt, rest, "the round's report");
        var said = (report.Accounts, report.Measured, Absent: report.Absent, report.Unknown, report.UnknownByReason.Values.Sum());
        var found = (attempt.Accounts.Count, attempt.Measured.Count, rest.Length - attempt.Measured.Count, attempt.Unknown.Count, attempt.Unknown.Count);
        Check(said == found, $"the report of {attempt.Round.Time} says {said} of accounts, measured, absent, unknown, by reason; there are {found}");
    }

    /// <summary>
    /// Of a round that the broker died over, the report may count figures of accounts that were listed no more; nobody is lost all the same. But where
    /// it is taken up once more when its tasks have expired, nobody knows which of two tasks of a number was the round's.
    /// </summary>
    private void CheckTorn(ModelAttempt attempt)
    {
        var named = UnknownOf(attempt);
        var lost = attempt.Journaled.Values.SelectMany(accounts => accounts).Where(account => !named.Contains(account) && !ModelPoll.IsAbsent(attempt.Round.Start, account) && !_received.ContainsKey((attempt.Round.Start, account)));
        Check(!lost.Any(), $"{string.Join(", ", lost)} of {attempt.Round.Time} are lost with the broker");
    }

    /// <summary>What a consumer has is what the report says; more only of accounts that were found out too late.</summary>
    private void CheckReceived(ModelAttempt attempt)
    {
        if (attempt.Ended?.Report is not { Failure: null } report)
        {
            return;
        }

        var received = _received.Keys.Where(key => key.Round == attempt.Round.Start).Select(key => key.Account).ToHashSet();
        var isAllInTime = attempt.Unknown.All(account => ModelPoll.IsUnknown(attempt.Round.Start, account));
        Check(received.IsSubsetOf(isAllInTime ? attempt.Measured : attempt.Measured.Union(attempt.Unknown)), $"of {attempt.Round.Time} more was received than measured");
        Check(attempt.Measured.IsSubsetOf(received), $"of {attempt.Round.Time} less was received than the {report.Measured} measured");
    }

    /// <summary>The accounts that the round's report says are unknown, by their name or by their task's number.</summary>
    private static HashSet<string> UnknownOf(ModelAttempt attempt)
    {
        var remarks = attempt.Ended!.Remarks.Where(remark => remark.Outcome == RoundRemark.Unknown).Select(remark => remark.Account).ToArray();
        var numbers = remarks.SelectMany(account => Nameless().Match(account).Groups["task"].Captures).Select(task => int.Parse(task.Value, CultureInfo.InvariantCulture));
        return [.. remarks.Where(account => account.StartsWith("AUTH_", StringComparison.Ordinal)), .. numbers.SelectMany(number => attempt.Journaled[number])];
    }

    private void CheckDelivered(ModelAttempt attempt, IEnumerable<string> accounts, string what)
    {
        var start = attempt.Round.Start;
        var missing = accounts.Where(account => !ModelPoll.IsAbsent(start, account) && !_received.ContainsKey((start, account))).ToArray();
        Check(missing.Length == 0, $"{what} of {attempt.Round.Time} came before samples of {string.Join(", ", missing)}");
    }

    private void Count(RoundReport report)
    {
        world.Counts.Rounds++;
        world.Counts.Failed += report.Failure is null ? 0 : 1;
        world.Counts.Late += report.Tasks!.Late;
        world.Counts.Poison += report.Tasks.Poison;
        world.Counts.NotReported += report.Tasks.NotReported;
    }

    private ModelAttempt? Of(RoundAttempt round) => _attempts.Find(attempt => attempt.Round.Id == round.Id);

    private void Check(bool isKept, string broken) => Broken ??= isKept ? null : $"{world.Now:u}: {broken}";

    [GeneratedRegex(@"^tasks? ((?<task>\d+)(, )?)+: \d+ accounts")]
    private static partial Regex Nameless();
}
