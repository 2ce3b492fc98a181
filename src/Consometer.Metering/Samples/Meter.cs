using Consometer.Metering.Requests;
using Consometer.Swift.Accounts;

namespace Consometer.Metering.Samples;

/// <summary>Something measured. What it is measured of, its subject, is in its type: see <see cref="Meter{TUsage}"/>.</summary>
/// <param name="Name"><c>counter_name</c>, and the key that turns it on or off in the configuration.</param>
/// <param name="Type"><c>counter_type</c>: gauge, delta or cumulative.</param>
/// <param name="Unit"><c>counter_unit</c>.</param>
/// <param name="OnByDefault">Whether it is on where the configuration does not say.</param>
public abstract record Meter(string Name, string Type, string Unit, bool OnByDefault);

/// <summary>A meter of accounts, of storage policies in accounts, or of containers.</summary>
/// <typeparam name="TUsage"><see cref="AccountUsage"/>, <see cref="PolicyUsage"/> or <see cref="ContainerUsage"/>.</typeparam>
/// <param name="Volume">The figure, from what the subject holds; null where Swift does not say.</param>
public sealed record Meter<TUsage>(string Name, string Type, string Unit, bool OnByDefault, Func<TUsage, long?> Volume) : Meter(Name, Type, Unit, OnByDefault);

/// <summary>All meters there are. A new one is a line here, or one of <see cref="RequestMeters"/>.</summary>
public static class MeterCatalogue
{
    /// <summary>The meter of bytes stored.</summary>
    public const string Size = "storage.objects.size";

    private const string Gauge = "gauge";

    public static IReadOnlyList<Meter> All { get; } =
    [
        new Meter<AccountUsage>("storage.objects", Gauge, "object", OnByDefault: true, usage => usage.Objects),
        new Meter<AccountUsage>(Size, Gauge, "B", OnByDefault: true, usage => usage.Bytes),
        new Meter<AccountUsage>("storage.objects.containers", Gauge, "container", OnByDefault: true, usage => usage.Containers),
        new Meter<PolicyUsage>("storage.policies.objects", Gauge, "object", OnByDefault: false, usage => usage.Objects),
        new Meter<PolicyUsage>("storage.policies.objects.size", Gauge, "B", OnByDefault: false, usage => usage.Bytes),
        new Meter<PolicyUsage>("storage.policies.containers", Gauge, "container", OnByDefault: false, usage => usage.Containers),
        new Meter<ContainerUsage>("storage.containers.objects", Gauge, "object", OnByDefault: false, usage => usage.Objects),
        new Meter<ContainerUsage>("storage.containers.objects.size", Gauge, "B", OnByDefault: false, usage => usage.Bytes),
        .. RequestMeters.All,
    ];
}
