using Consometer.Metering.Tasks;

namespace Consometer.Tests.Metering.Tasks;

/// <summary>Tasks of which no account was found, and rounds that fail.</summary>
public sealed class FailedTaskTests
{
    private const string NoneFound = "none of 2 accounts was found";

    private static readonly RoundTask One = SomeRound.Task(1, "AUTH_a", "AUTH_b");
    private static readonly RoundTask Two = SomeRound.Task(2, "AUTH_c", "AUTH_d");

    [Fact]
    public void Where_another_found_some_the_accounts_are_unknown_and_the_round_is_good()
    {
        var round = SomeRound.PlannedOf(One, Two);
        round.Take(Failed(1, "AUTH_a", "AUTH_b"));
        round.Take(SomeRound.Done(2, SomeRound.Report(measured: 2)));
        var ended = round.End(SomeRound.Deadline, []);

        Assert.Equal((null, 2, 2, 0, 4), (ended.Report.Failure, ended.Report.Measured, ended.Report.Unknown, ended.Report.Absent, ended.Report.Accounts));
        Assert.Equal([("unproven", 2)], ended.Report.UnknownByReason.Select(reason => (reason.Key, reason.Value)));
        Assert.Equal(["AUTH_a", "AUTH_b"], ended.Remarks.Select(remark => remark.Account));
        Assert.Equal((2, 2), (ended.Report.Tasks!.Done, ended.Report.Samples));
    }

    [Fact]
    public void Where_nobody_found_any_the_round_failed()
    {
        var round = SomeRound.PlannedOf(One, Two);
        round.Take(Failed(1, "AUTH_a", "AUTH_b"));
        round.Take(Failed(2, "AUTH_c", "AUTH_d"));
        var report = round.End(SomeRound.Deadline, []).Report;

        Assert.Equal($"none of 2 tasks found an account; the first: {NoneFound}", report.Failure);
        Assert.Equal((4, 4, 0, 0, false), (report.Absent, report.Accounts, report.Samples, report.Measured, report.IsComplete));
    }

    [Fact]
    public void A_round_of_one_task_that_failed_says_what_that_says()
    {
        var round = SomeRound.PlannedOf(One);
        round.Take(Failed(1, "AUTH_a", "AUTH_b"));

        Assert.Equal(NoneFound, round.End(SomeRound.Deadline, []).Report.Failure);
    }

    [Fact]
    public void Where_nobody_found_any_and_others_are_lost_all_are_unknown_and_the_round_is_not_complete()
    {
        var round = SomeRound.PlannedOf(One, Two);
        round.Take(Failed(1, "AUTH_a", "AUTH_b"));
        round.Take(new LostTask(Two, TaskLoss.Late));
        var report = round.End(SomeRound.Deadline, []).Report;

        Assert.Equal((null, 4, 4, false), (report.Failure, report.Unknown, report.Accounts, report.IsComplete));
        Assert.Equal([("late", 2), ("unproven", 2)], report.UnknownByReason.Select(reason => (reason.Key, reason.Value)));
    }

    [Fact]
    public void A_round_without_accounts_failed()
    {
        var report = SomeRound.PlannedOf().End(SomeRound.Deadline, []).Report;

        Assert.Contains("the list of projects is empty", report.Failure, StringComparison.Ordinal);
        Assert.Equal((0, 0, 1.5, 12), (report.Accounts, report.Tasks!.Published, report.ListingSeconds, report.Projects));
    }

    [Fact]
    public void A_round_whose_tasks_were_not_all_published_failed_and_says_what_was_done()
    {
        var round = SomeRound.Of(One);
        round.Take(SomeRound.Done(1, SomeRound.Report(measured: 2)));
        var report = round.End(SomeRound.Deadline, []).Report;

        Assert.Contains("before all its tasks were published", report.Failure, StringComparison.Ordinal);
        Assert.Equal((2, 1, 1), (report.Measured, report.Tasks!.Done, report.Tasks.Published));
    }

    private static TaskReport Failed(int number, params string[] accounts) => SomeRound.Done(
        number,
        SomeRound.Report(0, accounts.Length) with { Failure = NoneFound, Samples = accounts.Length },
        [.. accounts.Select(account => new RoundRemark(RoundRemark.Unknown, account, account[5..], "unproven"))]);
}
