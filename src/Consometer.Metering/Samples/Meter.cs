using Consometer.Swift.Accounts;

namespace Consometer.Metering.Samples;

/// <summary>Something measured.</summary>
/// <param name="Name"><c>counter_name</c>, and the key that turns it on or off in the configuration.</param>
/// <param name="Type"><c>counter_type</c>: gauge, delta or cumulative.</param>
/// <param name="Unit"><c>counter_unit</c>.</param>
/// <param name="OnByDefault">Whether it is on where the configuration does not say.</param>
/// <param name="Volume">The figure, from what an account holds.</param>
public sealed record Meter(string Name, string Type, string Unit, bool OnByDefault, Func<AccountUsage, long> Volume);

/// <summary>All meters there are. A new one is a line here.</summary>
public static class MeterCatalogue
{
    /// <summary>The meter of bytes stored.</summary>
    public const string Size = "storage.objects.size";

    private const string Gauge = "gauge";

    public static IReadOnlyList<Meter> All { get; } =
    [
        new("storage.objects", Gauge, "object", OnByDefault: true, usage => usage.Objects),
        new(Size, Gauge, "B", OnByDefault: true, usage => usage.Bytes),
        new("storage.objects.containers", Gauge, "container", OnByDefault: true, usage => usage.Containers),
    ];
}
