using System.Globalization;
using Consometer.Metering;
using Consometer.Metering.Tasks;
using Serilog;

namespace Consometer.Daemon.Tasks;

/// <summary>What happens to a daemon that shares rounds with others, as lines of the log. Told on any thread.</summary>
internal sealed class SharedLog(ILogger log)
{
    private readonly Lock _lock = new();

    /// <summary>The round in which it was told that rings differ: each of its tasks would say the same.</summary>
    private RoundTime? _ringTold;

    public void Tell(SharedNews news)
    {
        switch (news)
        {
            case SharedNews.Joined joined:
                log.Event(EventId.Joined).Information("this daemon shares rounds with others over {Host:l}", joined.Host);
                break;
            case SharedNews.Parted parted:
                log.Event(EventId.Parted).Warning(
                    "apart from the other daemons: {Reason:l}; next try in {Seconds:l} s", parted.Reason, Seconds(parted.RetryIn));
                break;
            case SharedNews.RoleTaken:
                log.Event(EventId.RoleTaken).Information("this daemon coordinates the rounds from now on");
                break;
            case SharedNews.RoleGiven given:
                log.Event(EventId.RoleGiven).Warning("gives the coordinator's role to another for a while: {Reason:l}", given.Reason);
                break;
            case SharedNews.Unreadable unreadable:
                log.Event(EventId.Unreadable).Error(
                    "queue {Queue:l}: a message that this version cannot read is put aside: {Reason:l}", unreadable.Queue, unreadable.Reason);
                break;
            default:
                TellOfRound(news);
                break;
        }
    }

    private void TellOfRound(SharedNews news)
    {
        switch (news)
        {
            case SharedNews.TakenUp taken:
                Of(taken.Time, EventId.RoundTakenUp).Information(
                    "goes on with the round {RoundTime:l} that another coordinator began: {Tasks:l} tasks are published{More:l}",
                    taken.Time.ToString(), Count(taken.Tasks), taken.IsPlanned ? ", which are all" : ", and not all yet");
                break;
            case SharedNews.Published published:
                Of(published.Time, EventId.TasksPublished).Information(
                    "round {RoundTime:l}: {Tasks:l} tasks published in {Seconds:l} s", published.Time.ToString(), Count(published.Tasks), Seconds(published.Took));
                break;
            case SharedNews.TaskDone { Report: var report }:
                Tell(report);
                break;
            case SharedNews.TaskLate { Task: var task }:
                Of(task.Round.Time, EventId.TaskLate).Warning(
                    "round {RoundTime:l}: task {Number} came when the polling was over, and is given back: its {Accounts:l} accounts are unknown",
                    task.Round.Time.ToString(), task.Number, Count(task.Accounts.Count));
                break;
            case SharedNews.TaskRefused { Task: var task } refused:
                Of(task.Round.Time, EventId.TaskRefused).Warning(
                    "round {RoundTime:l}: task {Number} is left to other daemons, and so are all others for a while: {Reason:l}",
                    task.Round.Time.ToString(), task.Number, refused.Reason);
                break;
            case SharedNews.RingDiffers differs when IsFirst(differs.Task.Round.Time):
                Of(differs.Task.Round.Time, EventId.RingDiffers).Warning(
                    "round {RoundTime:l}: the ring of this daemon is {Ring:l}, and the coordinator's {Other:l}: where a ring is older, accounts are asked for where they may be no more",
                    differs.Task.Round.Time.ToString(), SharedText.Ring(differs.Md5), SharedText.Ring(differs.Task.Ring!.Md5));
                break;
        }
    }

    private void Tell(TaskReport report)
    {
        var (line, time) = (Of(report.Round.Time, EventId.TaskDone), report.Round.Time.ToString());
        if (report.Report.Failure is { } failure)
        {
            line.Warning("round {RoundTime:l}: task {Number} counts for nothing: {Failure:l}", time, report.Number, failure);
        }
        else
        {
            line.Debug(
                "round {RoundTime:l}: task {Number} with {Accounts:l} accounts is done{Redelivered:l}",
                time, report.Number, Count(report.Report.Accounts), report.IsRedelivered ? ", which somebody had before" : "");
        }
    }

    private bool IsFirst(RoundTime round)
    {
        lock (_lock)
        {
            var isFirst = _ringTold != round;
            _ringTold = round;
            return isFirst;
        }
    }

    private ILogger Of(RoundTime round, EventId id) => RoundLog.Of(log, round).Event(id);

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
