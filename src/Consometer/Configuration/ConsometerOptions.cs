using Consometer.Metering.Samples;
using Consometer.Swift.Accounts;
using Consometer.Swift.Keystone;
using Serilog.Events;

namespace Consometer.Configuration;

/// <summary>What the operator wants, read and checked. Every key, its meaning and default: README, "Configuration".</summary>
internal sealed record ConsometerOptions
{
    public required string Region { get; init; }

    public required TimeSpan Period { get; init; }

    public required int Workers { get; init; }

    public required LogEventLevel LogLevel { get; init; }

    /// <summary>Null where projects come from a file.</summary>
    public required KeystoneOptions? Keystone { get; init; }

    public required SwiftOptions Swift { get; init; }

    public required ProjectsOptions Projects { get; init; }

    public required IReadOnlyList<Meter> Meters { get; init; }

    public required string StorePath { get; init; }

    /// <summary>Keys that are set, known, and without effect in this version.</summary>
    public required IReadOnlyList<string> WithoutEffect { get; init; }
}

/// <param name="RingPath">The account ring.</param>
/// <param name="ConfPath">swift.conf.</param>
/// <param name="ResellerPrefixes">At least one; with its underscore, or empty.</param>
/// <param name="Network">Which addresses of the ring are asked.</param>
/// <param name="WorkersPerNode">Requests in flight at most at one account-server.</param>
/// <param name="ConnectTimeout">At most this long for a connection.</param>
/// <param name="NodeTimeout">At most this long for an answer.</param>
/// <param name="AbsentIsZero">Whether an account that was never made counts as zero.</param>
internal sealed record SwiftOptions(
    string RingPath,
    string ConfPath,
    IReadOnlyList<string> ResellerPrefixes,
    Network Network,
    int WorkersPerNode,
    TimeSpan ConnectTimeout,
    TimeSpan NodeTimeout,
    bool AbsentIsZero);

/// <param name="FilePath">The file that lists the projects; null to ask Keystone.</param>
/// <param name="IncludeDisabled">Disabled projects too.</param>
/// <param name="DomainIds">Only projects of these domains; all if empty.</param>
internal sealed record ProjectsOptions(string? FilePath, bool IncludeDisabled, IReadOnlyList<string> DomainIds);
