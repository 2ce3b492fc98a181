using Consometer.Delivery.Publishing;
using Consometer.Metering;

namespace Consometer.Delivery.Store;

/// <summary>A round to be written.</summary>
/// <param name="Time">Its period.</param>
/// <param name="Region">The region it is of.</param>
public sealed record NewRound(RoundTime Time, string Region)
{
    /// <summary>What messages are made of its samples; none where there is no broker.</summary>
    public IReadOnlyList<Publication> Publications { get; init; } = [];

    /// <summary>Whether the samples themselves are kept too, to be read: where there is a broker they need not be.</summary>
    public bool KeepsSamples { get; init; } = true;

    /// <summary>Whether it is of some accounts only: its messages are sent, and the period waits for its round all the same.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Whether it is a task of a round that several daemons share: its messages are sent, and it is nobody's round (<see cref="RoundEntry.TakeTasks"/>).</summary>
    public bool IsTask { get; init; }

    /// <summary>Who counted, where it is an interval of requests (<see cref="Metering.Samples.Sample.Origin"/>); null of a round.</summary>
    public string? Origin { get; init; }
}
