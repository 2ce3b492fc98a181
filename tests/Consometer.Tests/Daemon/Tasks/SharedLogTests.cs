using Consometer.Daemon;
using Consometer.Daemon.Tasks;
using Consometer.Metering.Rounds;
using Consometer.Tests.Delivery;
using Serilog.Events;

namespace Consometer.Tests.Daemon.Tasks;

/// <summary>What a daemon that shares rounds with others tells the log.</summary>
public sealed class SharedLogTests
{
    private readonly RememberedLog _log = new();

    [Fact]
    public void What_happens_is_a_line_of_the_log()
    {
        Tell(
            new SharedNews.Joined("broker"),
            new SharedNews.Parted("broker:5672: wanted a connection, found none", TimeSpan.FromSeconds(1.2)),
            new SharedNews.RoleTaken(),
            new SharedNews.TakenUp(TestTask.Time(), 1200, IsPlanned: true),
            new SharedNews.TakenUp(TestTask.Time(), 7, IsPlanned: false),
            new SharedNews.Published(TestTask.Time(), 1200, TimeSpan.FromSeconds(95.5)),
            new SharedNews.TaskLate(TestTask.Of(3)),
            new SharedNews.TaskRefused(TestTask.Of(4), "part power 10 and not 9"),
            new SharedNews.Unreadable("consometer.tasks", "it is no task"));

        Assert.Equal(
            [
                "this daemon shares rounds with others over broker",
                "apart from the other daemons: broker:5672: wanted a connection, found none; next try in 1.2 s",
                "this daemon coordinates the rounds from now on",
                "goes on with the round 2026-11-21T13:00:00Z that another coordinator began: 1,200 tasks are published, which are all",
                "goes on with the round 2026-11-21T13:00:00Z that another coordinator began: 7 tasks are published, and not all yet",
                "round 2026-11-21T13:00:00Z: 1,200 tasks published in 95.5 s",
                "round 2026-11-21T13:00:00Z: task 3 came when the polling was over, and is given back: its 2 accounts are unknown",
                "round 2026-11-21T13:00:00Z: task 4 is left to other daemons, and so are all others for a while: part power 10 and not 9",
                "queue consometer.tasks: a message that this version cannot read is put aside: it is no task",
            ],
            _log.Lines);
        Assert.Equal(3, _log.Warnings.Count());
    }

    [Fact]
    public void A_task_that_is_done_is_for_debugging_and_one_that_failed_is_a_warning()
    {
        Tell(new SharedNews.TaskDone(TestTask.Done(1)), new SharedNews.TaskDone(TestTask.Done(2, isRedelivered: true)), new SharedNews.TaskDone(TestTask.Done(3, failure: "all are absent")));

        Assert.Equal(
            [
                "round 2026-11-21T13:00:00Z: task 1 with 1,234 accounts is done",
                "round 2026-11-21T13:00:00Z: task 2 with 1,234 accounts is done, which somebody had before",
                "round 2026-11-21T13:00:00Z: task 3 counts for nothing: all are absent",
            ],
            _log.Lines);
        Assert.Single(_log.Warnings);
    }

    [Fact]
    public void That_rings_differ_is_told_once_a_round()
    {
        SharedNews Differs(int task, int hour) => new SharedNews.RingDiffers(TestTask.Of(task, hour), TestTask.OtherRing);
        Tell(Differs(1, hour: 0), Differs(2, hour: 0), Differs(1, hour: 1), Differs(2, hour: 1));

        Assert.Equal(
            ["round 2026-11-21T13:00:00Z: the ring of this daemon is fedcba98, and the coordinator's 01234567:", "round 2026-11-21T14:00:00Z: the ring of this daemon is fedcba98, and the coordinator's 01234567:"],
            _log.Warnings.Select(line => line[..(line.IndexOf("4567:", StringComparison.Ordinal) + 5)]));
    }

    [Fact]
    public void A_shared_round_s_line_has_its_tasks_too()
    {
        WorkerReport[] workers = [new("a/1", 4, 1, 10, TestTask.Ring), new("b/2", 1, 0, 3, TestTask.Ring)];
        TellOfRound(TestTask.Merged(StoredRows.Report(), new TaskCounts(9, 5, 1, 2, 1, 1), workers));
        TellOfRound(TestTask.Merged(StoredRows.Report(), new TaskCounts(1, 1, 0, 0, 0, 0), workers[0]));

        Assert.EndsWith("; 0 samples; 5 of 9 tasks done by 2 daemons (1 redelivered), 2 late, 1 poison, 1 not reported", _log.Lines.First(), StringComparison.Ordinal);
        Assert.EndsWith("; 0 samples; 1 of 1 tasks done by 1 daemon", _log.Lines.Last(), StringComparison.Ordinal);
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public void A_daemon_with_another_ring_than_most_is_named_when_the_round_has_ended()
    {
        TellOfRound(TestTask.Merged(
            StoredRows.Report(), new TaskCounts(9, 9, 0, 0, 0, 0),
            new("a/1", 1, 0, 10, TestTask.Ring), new("b/2", 7, 0, 3, TestTask.OtherRing), new("c/3", 1, 0, 3, TestTask.Ring), new("d/4", 1, 0, 3, null)));
        Assert.Equal(["round 2026-11-21T13:00:00Z: not all daemons had the same ring: most had 01234567, but b/2 fedcba98"], _log.Warnings);

        // Of two the one that did more.
        Assert.EndsWith(
            "most had fedcba98, but a/1 01234567",
            SharedText.OtherRings(TestTask.Merged(StoredRows.Report(), new TaskCounts(8, 8, 0, 0, 0, 0), new("a/1", 1, 0, 10, TestTask.Ring), new("b/2", 7, 0, 3, TestTask.OtherRing))),
            StringComparison.Ordinal);
    }

    private void Tell(params IEnumerable<SharedNews> news)
    {
        using var logger = _log.Open(LogEventLevel.Debug);
        var told = new SharedLog(logger);
        foreach (var each in news)
        {
            told.Tell(each);
        }
    }

    private void TellOfRound(RoundReport report)
    {
        using var logger = _log.Open();
        new RoundLog(logger).Tell(new RoundNews.Ended(TestTask.Time(), report, 0));
    }
}
