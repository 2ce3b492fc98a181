using System.Globalization;
using Consometer.Delivery.Publishing;
using Serilog;
using Serilog.Events;

namespace Consometer.Daemon;

/// <summary>What a pump tells, as lines of the log.</summary>
/// <param name="publication">What it carries.</param>
/// <param name="delivered">The level of what goes well: where rounds come in tasks that is much.</param>
/// <param name="log">The log.</param>
internal sealed class PumpLog(Publication publication, LogEventLevel delivered, ILogger log)
{
    private long _messages;
    private long _samples;

    public void Tell(PumpNews news)
    {
        var format = publication.Format.Name;
        switch (news)
        {
            case PumpNews.Connected connected:
                log.Event(EventId.BrokerConnected).Debug("{Format:l}: connected to {Host:l}, {Destination:l}", format, connected.Host, publication.Destination.ToString());
                break;
            case PumpNews.Delivered confirmed:
                _messages += confirmed.Messages;
                _samples += confirmed.Samples;
                log.Event(EventId.MessagesConfirmed).Debug("{Format:l}: {Messages} messages confirmed", format, confirmed.Messages);
                break;
            case PumpNews.Idle when _messages > 0:
                log.Event(EventId.SamplesDelivered).Write(
                    delivered,
                    "{Format:l}: {Samples:l} samples delivered in {Messages:l} messages to {Destination:l}",
                    format, Count(_samples), Count(_messages), publication.Destination.ToString());
                (_messages, _samples) = (0, 0);
                break;
            case PumpNews.Blocked blocked:
                log.Event(EventId.BrokerBlocked).Warning("{Format:l}: the broker takes nothing for now ({Reason:l}); samples wait in the outbox", format, blocked.Reason);
                break;
            case PumpNews.Unblocked:
                log.Event(EventId.BrokerUnblocked).Information("{Format:l}: the broker takes messages again", format);
                break;
            case PumpNews.Interrupted interrupted:
                log.Event(EventId.DeliveryInterrupted).Warning(
                    "{Format:l}: {Reason:l}; samples wait in the outbox, next try in {Seconds:l} s",
                    format, interrupted.Reason, interrupted.RetryIn.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
