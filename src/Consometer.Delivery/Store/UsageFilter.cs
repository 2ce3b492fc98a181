using Consometer.Metering.Samples;

namespace Consometer.Delivery.Store;

/// <summary>Which figures of the store are wanted.</summary>
/// <param name="Region">Only this region's.</param>
/// <param name="Meters">Only these meters'.</param>
public sealed record UsageFilter(string Region, IReadOnlyList<Meter> Meters)
{
    /// <summary>Only rounds of this time or later. If null, only those of the last period that has a complete round.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only rounds of before this time; of any time if null.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only these resources and what is in them (<c>resource/policy</c>, <c>resource/container</c>); all if empty.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Whether figures may come as they lie, where that takes less: sorting a million names takes seconds.</summary>
    public bool InAnyOrder { get; init; }
}
