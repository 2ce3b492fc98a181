using Consometer.Daemon.Tasks;
using Consometer.Metering;
using Consometer.Metering.Rounds;
using Serilog;
using Serilog.Events;

namespace Consometer.Daemon;

/// <summary>What happens to rounds, as lines of the log: a few for a round, however large it is.</summary>
internal sealed class RoundLog(ILogger log)
{
    /// <summary>The property with the round's time, on every line about it.</summary>
    private const string Property = "Round";

    /// <summary>A log whose lines are about one round.</summary>
    public static ILogger Of(ILogger log, RoundTime time) => log.ForContext(Property, time.ToString());

    public void Tell(RoundNews news)
    {
        var round = Of(log, news.Time);
        var time = news.Time.ToString();
        switch (news)
        {
            case RoundNews.Missed missed:
                round.Event(EventId.PeriodsMissed).Warning("{Missed} periods before {RoundTime:l} passed without a round of their own", missed.Periods, time);
                break;
            case RoundNews.Begun:
                round.Event(EventId.RoundBegun).Debug("round {RoundTime:l} begins", time);
                break;
            case RoundNews.Ended ended:
                Tell(round, ended.Report, ended.Withheld);
                break;
            case RoundNews.Failed failed:
                round.Event(EventId.RoundFailed).Error("round {RoundTime:l} failed: {Failure:l}", time, failed.Reason);
                break;
            case RoundNews.Stopped:
                round.Event(EventId.RoundStopped).Information("round {RoundTime:l} stopped before its end: it will be done again", time);
                break;
        }
    }

    private static void Tell(ILogger round, RoundReport report, int withheld)
    {
        if (ReportText.KeptList(report) is { } keptList)
        {
            round.Event(EventId.ProjectListKept).Warning("round {RoundTime:l}: {KeptList:l}", report.RoundTime, keptList);
        }

        if (report.Failure is not null)
        {
            round.Event(EventId.RoundWorthless).Error("round {RoundTime:l} counts for nothing: {Failure:l}", report.RoundTime, report.Failure);
        }
        else
        {
            var (id, level) = report.Unknown > 0 ? (EventId.RoundWithUnknown, LogEventLevel.Warning) : (EventId.RoundEnded, LogEventLevel.Information);
            round.Event(id).Write(level, "round {Summary:l}", ReportText.Summary(report));
        }

        if (SharedText.OtherRings(report) is { } otherRings)
        {
            round.Event(EventId.RingsDiffer).Warning("round {RoundTime:l}: {OtherRings:l}", report.RoundTime, otherRings);
        }

        if (ReportText.Advice(report) is { } advice)
        {
            round.Event(EventId.Advice).Warning("{Advice:l}", advice);
        }

        if (withheld > 0)
        {
            round.Event(EventId.SamplesWithheld).Error("{Withheld} samples are such that no consumer could read them, and are kept back: the store names them", withheld);
        }
    }
}
