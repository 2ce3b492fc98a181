using Consometer.Metering.Polling;
using Consometer.Metering.Rounds;
using Consometer.Metering.Tasks;

namespace Consometer.Tests.Metering.Tasks;

public sealed class MergedReportTests
{
    private const int RemarksMax = 10_000;

    private static readonly RoundTask One = SomeRound.Task(1, "AUTH_a", "SERVICE_b");
    private static readonly RoundTask Two = SomeRound.Task(2, "AUTH_c", "AUTH_d", "AUTH_e");

    [Fact]
    public void Everything_is_added_up()
    {
        var round = SomeRound.PlannedOf(One, Two);
        round.Take(SomeRound.Done(1, Full(), Remark("a")));
        round.Take(SomeRound.Done(2, Full() with { UnknownByReason = new Dictionary<string, long> { ["503"] = 1, ["timed_out"] = 2 } }, Remark("b")));
        var (report, remarks) = End(round);

        Assert.Equal((20, 4, 2, 6, 8), (report.Measured, report.Absent, report.Deleted, report.Unknown, report.ByProxy));
        Assert.Equal(report.Measured + report.Absent + report.Deleted + report.Unknown, report.Accounts);
        Assert.Equal([("503", 1), ("timed_out", 5)], report.UnknownByReason.Select(reason => (reason.Key, reason.Value)));
        Assert.Equal((10, 12, 14, 16, 18, 20), (report.Disagreeing, report.Unlisted, report.Orphans, report.OrphansUnknown, report.Samples, report.Withheld));
        Assert.Equal(new RoundTotals(2, 4, 2 * (decimal)long.MaxValue), report.Totals);
        Assert.Equal(["a", "b"], remarks.Select(remark => remark.ProjectId));
        Assert.True(report.IsComplete);
    }

    [Fact]
    public void The_round_s_own_words_are_the_coordinator_s()
    {
        var round = SomeRound.PlannedOf(One);
        round.Plan = round.Plan! with { Listing = new RoundListing(1.5, 7, 60, "Keystone is down") };
        round.Take(SomeRound.Done(1, Full()));
        var (report, _) = End(round);

        Assert.Equal((SomeRound.Attempt.Time.ToString(), ManualClock.Start, 3000, 1.5), (report.RoundTime, report.Started, report.Seconds, report.ListingSeconds));
        Assert.Equal((7, 60, "Keystone is down", null), (report.Projects, report.ProjectListAgeSeconds, report.ProjectListFailure, report.Failure));
    }

    [Fact]
    public void Accounts_of_tasks_that_nobody_did_are_unknown_with_the_reason_and_by_name()
    {
        var three = SomeRound.Task(3, "AUTH_f");
        var four = SomeRound.Task(4, "AUTH_g");
        var round = SomeRound.PlannedOf(One, Two, three, four);
        round.Take(new LostTask(Two, TaskLoss.Poison));
        round.Take(new LostTask(One, TaskLoss.Late));
        round.Take(SomeRound.Done(4, SomeRound.Report(measured: 1)));
        var (report, remarks) = End(round, three, four);

        Assert.Equal((1, 6, 7), (report.Measured, report.Unknown, report.Accounts));
        Assert.Equal([("late", 2), ("not_reported", 1), ("poison", 3)], report.UnknownByReason.Select(reason => (reason.Key, reason.Value)));
        Assert.Equal(new TaskCounts(4, 1, 0, 1, 1, 1), report.Tasks);
        Assert.Equal(["AUTH_a", "SERVICE_b", "AUTH_c", "AUTH_d", "AUTH_e", "AUTH_f"], remarks.Select(remark => remark.Account));
        Assert.Equal(["a", "b", "c", "d", "e", "f"], remarks.Select(remark => remark.ProjectId));
        Assert.Equal(["late: task 1", "late: task 1", "poison: task 2", "poison: task 2", "poison: task 2", "not_reported: task 3"], remarks.Select(remark => remark.Reason.Split(',')[0]));
        Assert.All(remarks, remark => Assert.Equal(RoundRemark.Unknown, remark.Outcome));
        Assert.True(report.IsComplete);
    }

    [Fact]
    public void A_task_that_came_back_and_was_reported_all_the_same_is_done()
    {
        var round = SomeRound.PlannedOf(One, Two);
        round.Take(new LostTask(One, TaskLoss.Late));
        round.Take(SomeRound.Done(1, SomeRound.Report(measured: 2)));
        round.Take(SomeRound.Done(2, SomeRound.Report(measured: 3)));
        round.Take(new LostTask(Two, TaskLoss.Late));
        var (report, remarks) = End(round, One);

        Assert.Equal((5, 0, new TaskCounts(2, 2, 0, 0, 0, 0)), (report.Measured, report.Unknown, report.Tasks));
        Assert.Empty(remarks);
    }

    [Fact]
    public void Accounts_that_nobody_can_name_any_more_are_counted()
    {
        var round = SomeRound.Of(One);
        round.Plan = SomeRound.Planned(4, 11);
        round.Take(SomeRound.Done(2, SomeRound.Report(measured: 3)));
        var (report, remarks) = End(round);

        Assert.Equal((3, 8, 11), (report.Measured, report.Unknown, report.Accounts));
        Assert.Equal([("not_reported", 8)], report.UnknownByReason.Select(reason => (reason.Key, reason.Value)));
        Assert.Equal(new TaskCounts(4, 1, 0, 0, 0, 3), report.Tasks);
        Assert.Equal(["task 1: 2 accounts", "tasks 3, 4: 6 accounts"], remarks.Select(remark => remark.Account));
    }

    [Fact]
    public void A_round_of_which_nothing_is_heard_is_not_complete()
    {
        var round = SomeRound.Of();
        round.Plan = SomeRound.Planned(2, 5);
        var (report, _) = End(round);

        Assert.Equal((5, 5, null, false), (report.Unknown, report.Accounts, report.Failure, report.IsComplete));
    }

    [Fact]
    public void Of_many_tasks_that_nobody_can_name_some_are_numbered()
    {
        var round = SomeRound.Of();
        round.Plan = SomeRound.Planned(102, 1020);

        Assert.EndsWith(", 100 and 2 more: 1020 accounts", Assert.Single(End(round).Remarks).Account, StringComparison.Ordinal);
    }

    [Fact]
    public void Orphans_of_a_lost_task_are_not_among_the_unknown()
    {
        var task = Two with { Number = 1, LastListed = new Dictionary<string, DateTimeOffset> { ["AUTH_d"] = ManualClock.Start } };
        var named = SomeRound.PlannedOf(task);
        named.Take(new LostTask(task, TaskLoss.Late));

        Assert.Equal(2, End(named).Report.Unknown);
        Assert.Equal(2, End(SomeRound.PlannedOf(task)).Report.Unknown);
        Assert.Equal(["AUTH_c", "AUTH_e"], End(SomeRound.PlannedOf(task), task).Remarks.Select(remark => remark.Account));
    }

    [Fact]
    public void Ten_thousand_accounts_are_named_and_all_are_counted()
    {
        var many = SomeRound.Task(3, [.. Enumerable.Range(0, RemarksMax).Select(i => $"AUTH_{i}")]);
        var round = SomeRound.PlannedOf(One, Two, many);
        round.Take(SomeRound.Done(1, SomeRound.Report(0, 0, 0, ("timed_out", 2)), Remark("a"), Remark("b")));
        round.Take(new LostTask(many, TaskLoss.Late));
        round.Take(new LostTask(Two, TaskLoss.Late));
        var (report, remarks) = End(round);

        Assert.Equal((RemarksMax, RemarksMax + 5), (remarks.Count, report.Unknown));
        Assert.Equal("a", remarks[0].ProjectId);
    }

    [Fact]
    public void Workers_are_told_by_name_with_what_they_did()
    {
        var round = SomeRound.PlannedOf(One, Two, SomeRound.Task(3, "AUTH_f"));
        round.Take(SomeRound.Done(1, SomeRound.Report(measured: 2)) with { Worker = "z/2", RingMd5 = "old" });
        round.Take(SomeRound.Done(2, SomeRound.Report(measured: 3)) with { Worker = "a/1", RingMd5 = "ring" });
        round.Take(SomeRound.Done(3, SomeRound.Report(0, 1)) with { Worker = "z/2", RingMd5 = "ring", IsRedelivered = true });
        var (report, _) = End(round);

        Assert.Equal([new WorkerReport("a/1", 1, 0, 3, "ring"), new WorkerReport("z/2", 2, 1, 3, "ring")], report.Workers);
        Assert.Equal(new TaskCounts(3, 3, 1, 0, 0, 0), report.Tasks);
    }

    [Fact]
    public void Nodes_are_added_up_and_of_their_latencies_the_longer_holds()
    {
        var round = SomeRound.PlannedOf(One, Two);
        round.Take(SomeRound.Done(1, SomeRound.Report(2) with { Nodes = [Node("b", 5, 1, new NodeLatency(1, 2, 9, 9)), Node("a", 1, 0, null)] }));
        round.Take(SomeRound.Done(2, SomeRound.Report(3) with { Nodes = [Node("b", 7, 2, new NodeLatency(2, 1, 3, 10)), Node("a", 1, 0, new NodeLatency(1, 1, 1, 1))] }));
        var nodes = End(round).Report.Nodes;

        Assert.Equal(["a", "b"], nodes.Select(node => node.Node));
        Assert.Equal((2, new NodeLatency(1, 1, 1, 1)), (nodes[0].Requests, nodes[0].Latency));
        Assert.Equal((12, 3, 6, new NodeLatency(2, 2, 9, 10)), (nodes[1].Requests, nodes[1].Failures["503"], nodes[1].TimesSetAside, nodes[1].Latency));
    }

    [Fact]
    public void The_ten_largest_of_all_tasks_are_told()
    {
        var round = SomeRound.PlannedOf(One, Two);
        round.Take(SomeRound.Done(1, SomeRound.Report(2) with { Largest = [.. Enumerable.Range(1, 10).Select(i => Large(i * 2))] }));
        round.Take(SomeRound.Done(2, SomeRound.Report(3) with { Largest = [.. Enumerable.Range(1, 10).Select(i => Large((i * 2) + 1))] }));

        Assert.Equal(Enumerable.Range(12, 10).Reverse().Select(i => (long)i), End(round).Report.Largest.Select(large => large.Bytes));
    }

    private static (RoundReport Report, IReadOnlyList<RoundRemark> Remarks) End(SharedRound round, params RoundTask[] missing)
    {
        var ended = round.End(ManualClock.Start.AddMinutes(50), missing);
        Assert.Equal(SomeRound.Attempt, ended.Round);
        return (ended.Report, ended.Remarks);
    }

    private static RoundReport Full() => SomeRound.Report(10, 2, 1, ("timed_out", 3)) with
    {
        ByProxy = 4,
        Disagreeing = 5,
        Unlisted = 6,
        Orphans = 7,
        OrphansUnknown = 8,
        Samples = 9,
        Withheld = 10,
        Totals = new RoundTotals(1, 2, long.MaxValue),
    };

    private static RoundRemark Remark(string project) => new(RoundRemark.Unknown, $"AUTH_{project}", project, "timed_out");

    private static NodeReport Node(string name, long requests, long failures, NodeLatency? latency) =>
        new(name, requests, failures == 0 ? new Dictionary<string, long>() : new Dictionary<string, long> { ["503"] = failures }, (int)failures * 2, latency);

    private static LargeAccount Large(long bytes) => new($"AUTH_{bytes}", $"{bytes}", 1, 1, bytes);
}
