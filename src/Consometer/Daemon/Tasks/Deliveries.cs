using Consometer.Delivery.Publishing;

namespace Consometer.Daemon.Tasks;

/// <summary>Between whoever makes samples for the broker and the pumps that carry them.</summary>
/// <param name="Wake">Tells the pumps that there are more.</param>
/// <param name="Confirmed">Rung when the broker has confirmed some.</param>
internal sealed record Deliveries(Action Wake, Wakeup Confirmed);
