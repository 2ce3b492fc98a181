using Consometer.Metering.Samples;

namespace Consometer.Delivery.Store;

/// <summary>The resources that have most of a meter in one period.</summary>
/// <param name="Samples">Theirs, the largest first; of equals the one whose name comes first.</param>
/// <param name="Resources">How many resources have a figure.</param>
/// <param name="Total">The sum of all their figures, in the meter's unit; a double, since it may be more than 64 bits hold.</param>
public sealed record UsageTop(IReadOnlyList<Sample> Samples, long Resources, double Total);
