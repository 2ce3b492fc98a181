using Consometer.Metering.Tasks;

namespace Consometer.Tests.Metering.Tasks;

/// <summary>When a shared round is over. Its period is an hour, its polling 48 minutes, its grace two.</summary>
public sealed class SharedRoundTests
{
    private static readonly RoundTask One = SomeRound.Task(1, "AUTH_a", "AUTH_b");
    private static readonly RoundTask Two = SomeRound.Task(2, "AUTH_c");

    [Theory]
    [InlineData(1, 2)]
    [InlineData(60, 3)]
    [InlineData(600, 30)]
    [InlineData(3600, 120)]
    [InlineData(86400, 120)]
    public void Reports_are_waited_for_a_twentieth_of_the_period_within_bounds(long period, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new SharedRound(SomeRound.Begun(SomeRound.Attempt with { PeriodSeconds = period })).Grace);

    [Fact]
    public void It_is_over_when_each_task_is_reported()
    {
        var round = SomeRound.PlannedOf(One, Two);
        round.Take(SomeRound.Done(1, SomeRound.Report(measured: 2)));

        Assert.False(IsOver(round, 10));

        round.Take(SomeRound.Done(2, SomeRound.Report(measured: 1)));

        Assert.True(IsOver(round, 10));
    }

    [Fact]
    public void It_is_not_over_before_it_is_planned()
    {
        var round = SomeRound.Of(One);
        round.Take(SomeRound.Done(1, SomeRound.Report(measured: 2)));

        Assert.False(IsOver(round, 10));
        Assert.False(IsOver(round, 48 + 6));
        Assert.True(IsOver(round, 48 + 6.1));
        Assert.False(IsOver(round, 48 + 6.1, since: 50));
    }

    [Fact]
    public void A_round_of_no_tasks_is_over_at_once() => Assert.True(IsOver(SomeRound.PlannedOf(), 1));

    [Fact]
    public void A_poisoned_task_is_not_waited_for()
    {
        var round = SomeRound.PlannedOf(One, Two);
        round.Take(new LostTask(One, TaskLoss.Poison));

        Assert.False(IsOver(round, 10));

        round.Take(SomeRound.Done(2, SomeRound.Report(measured: 1)));

        Assert.True(IsOver(round, 10));
    }

    [Fact]
    public void For_a_late_task_its_report_is_waited_for_a_grace_after_the_polling()
    {
        var round = SomeRound.PlannedOf(One, Two);
        round.Take(new LostTask(One, TaskLoss.Late));
        round.Take(SomeRound.Done(2, SomeRound.Report(measured: 1)));

        Assert.False(IsOver(round, 48));
        Assert.False(IsOver(round, 50));
        Assert.True(IsOver(round, 50.1));
        Assert.False(IsOver(round, 50.1, since: 49));

        round.Take(SomeRound.Done(1, SomeRound.Report(measured: 2)));

        Assert.True(IsOver(round, 48.1));
    }

    [Fact]
    public void A_task_that_somebody_has_is_waited_for_three_graces()
    {
        var round = SomeRound.PlannedOf(One, Two);
        round.Take(SomeRound.Done(2, SomeRound.Report(measured: 1)));

        Assert.False(IsOver(round, 54));
        Assert.True(IsOver(round, 54.1));
        Assert.False(IsOver(round, 54.1, since: 60));
        Assert.True(IsOver(round, 66.1, since: 60));
    }

    /// <summary>The tasks have expired in the journal when it is read after the polling: what was reported before is still to be read.</summary>
    [Fact]
    public void A_round_that_is_taken_up_when_its_tasks_have_expired_waits_for_their_reports()
    {
        var round = SomeRound.Of();
        round.Plan = SomeRound.Planned(2, 3);

        Assert.False(IsOver(round, 50, since: 50));
        Assert.Equal([1, 2], round.Missing);

        round.Take(SomeRound.Done(1, SomeRound.Report(measured: 2)));

        Assert.False(IsOver(round, 53, since: 50));
        Assert.True(IsOver(round, 56.1, since: 50));

        round.Take(new LostTask(Two, TaskLoss.Late));

        Assert.True(IsOver(round, 53, since: 50));
        Assert.Empty(round.Missing);
    }

    [Fact]
    public void The_first_report_of_a_task_counts_and_those_of_other_rounds_do_not()
    {
        var round = SomeRound.PlannedOf(One, Two);
        var other = SomeRound.Attempt with { Id = Guid.NewGuid() };

        Assert.True(round.Take(SomeRound.Done(1, SomeRound.Report(measured: 2))));
        Assert.False(round.Take(SomeRound.Done(1, SomeRound.Report(measured: 1))));
        Assert.False(round.Take(SomeRound.Done(2, SomeRound.Report(measured: 1)) with { Round = other }));
        Assert.False(round.Take(new LostTask(Two with { Round = other }, TaskLoss.Late)));
        Assert.Equal((1, 2), (round.Reported, Assert.Single(round.Missing)));
        Assert.Equal(2, round.End(ManualClock.Start, []).Report.Measured);
    }

    /// <summary>The broker died over a task, and its number was published again when projects had come and gone.</summary>
    [Fact]
    public void Of_two_tasks_of_one_number_that_of_the_journal_counts()
    {
        var torn = SomeRound.Task(1, "AUTH_a", "AUTH_gone");
        var round = SomeRound.PlannedOf(One);

        Assert.False(round.Take(SomeRound.Done(1, SomeRound.Report(measured: 2)) with { Cut = torn.Cut }));
        Assert.False(round.Take(new LostTask(torn, TaskLoss.Late)));
        Assert.Equal(1, Assert.Single(round.Missing));
        Assert.True(round.Take(SomeRound.Done(1, SomeRound.Report(measured: 2)) with { Cut = One.Cut }));
        Assert.Equal(One.Cut, RoundTask.FromJson(One.ToJson()).Cut);
    }

    private static bool IsOver(SharedRound round, double minutes, double since = 0) =>
        round.IsOver(ManualClock.Start.AddMinutes(minutes), ManualClock.Start.AddMinutes(since));
}
