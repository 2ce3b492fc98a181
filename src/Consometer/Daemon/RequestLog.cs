using System.Globalization;
using Consometer.Metering.Requests.Sources;
using Serilog;

namespace Consometer.Daemon;

/// <summary>What happens to the counting of requests, as lines of the log.</summary>
internal sealed class RequestLog(ILogger log)
{
    public void Tell(RequestNews news)
    {
        switch (news)
        {
            case RequestNews.Begun begun:
                log.Event(EventId.RequestsBegun).Information(
                    "requests are counted from {AccessLog:l}{From:l}", begun.Log, begun.From is { } from ? string.Create(CultureInfo.InvariantCulture, $", from byte {from} on") : "");
                break;
            case RequestNews.OfLog of:
                Tell(of.Log, of.News);
                break;
            case RequestNews.Closed closed:
                log.Event(EventId.IntervalComplete).Debug("requests of {Interval:l}: {Samples} samples", closed.Interval.ToString(), closed.Samples);
                if (closed.Withheld > 0)
                {
                    log.Event(EventId.SamplesWithheld).Error(
                        "{Withheld} samples of requests of {Interval:l} are such that no consumer could read them, and are kept back: the store names them",
                        closed.Withheld, closed.Interval.ToString());
                }

                break;
            case RequestNews.Failed failed:
                log.Event(EventId.RequestsNotKept).Error("what is counted of requests cannot be kept, and stays in memory until it can: {Failure:l}", failed.Reason);
                break;
            case RequestNews.Recovered:
                log.Event(EventId.RequestsKept).Information("what is counted of requests is kept again");
                break;
            case RequestNews.Unreadable unreadable:
                log.Event(EventId.LinesUnreadable).Warning(
                    "{Lines} access lines cannot be read (is requests.template the proxy's log_msg_template?), as this one: {Line:l}", unreadable.Lines, unreadable.Sample);
                break;
            case RequestNews.Uncounted uncounted:
                log.Event(EventId.RequestsUncounted).Warning("{Requests} requests: {Reason:l}", uncounted.Requests, uncounted.Reason);
                break;
        }
    }

    private void Tell(string accessLog, LogSourceNews news)
    {
        var level = LogSourceText.IsTrouble(news) ? Serilog.Events.LogEventLevel.Warning : Serilog.Events.LogEventLevel.Information;
        log.Event(EventId.AccessLog).Write(level, "{AccessLog:l}: {News:l}", accessLog, LogSourceText.Of(news));
    }
}
