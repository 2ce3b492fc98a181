using System.Net;
using Consometer.Delivery.Publishing;
using Consometer.Metering.Polling;
using Consometer.Metering.Requests;
using Consometer.Metering.Requests.Sources;
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

    /// <summary>How long a round polls at most.</summary>
    public required TimeSpan PollingTime { get; init; }

    public required int Workers { get; init; }

    public required LogEventLevel LogLevel { get; init; }

    /// <summary>Whether an event of the log is a line of JSON.</summary>
    public required bool LogsJson { get; init; }

    /// <summary>Who is asked for accounts.</summary>
    public required Strategy Strategy { get; init; }

    /// <summary>Null where projects come from a file and no proxy is asked.</summary>
    public required KeystoneOptions? Keystone { get; init; }

    public required SwiftOptions Swift { get; init; }

    public required ProjectsOptions Projects { get; init; }

    public required IReadOnlyList<Meter> Meters { get; init; }

    /// <summary>Null where no access log is read.</summary>
    public required RequestsOptions? Requests { get; init; }

    /// <summary>Whether there are rounds: not where an access log is read and no gauge is on. Then no ring and no Keystone is needed.</summary>
    public bool HasRounds => AreRoundsMade(Requests, Meters);

    /// <inheritdoc cref="HasRounds"/>
    public static bool AreRoundsMade(RequestsOptions? requests, IReadOnlyList<Meter> meters) => requests is null || meters.Any(meter => meter is not RequestMeter);

    /// <summary>Null where there is no broker.</summary>
    public required DeliveryOptions? Delivery { get; init; }

    /// <summary>Null where this daemon meters the cluster alone.</summary>
    public required SharingOptions? Sharing { get; init; }

    public required string StorePath { get; init; }

    /// <summary>Bytes in use in the store at which no round is begun.</summary>
    public required long StoreMaxBytes { get; init; }

    /// <summary>How long samples are kept; those of the last round, and those that are not delivered, longer.</summary>
    public required TimeSpan StoreKeep { get; init; }

    /// <summary>Null where nothing is sent to Graphite.</summary>
    public required GraphiteOptions? Graphite { get; init; }

    /// <summary>Null where nothing is sent to an OpenTelemetry collector.</summary>
    public required OtlpOptions? Otlp { get; init; }

    public required StatusOptions Status { get; init; }

    /// <summary>Keys that are set, known, and without effect in this version.</summary>
    public required IReadOnlyList<string> WithoutEffect { get; init; }
}

/// <summary>The proxy's access log, and how it is read.</summary>
internal sealed record RequestsOptions
{
    /// <summary>Where datagrams come in, as configured; null where a file is followed.</summary>
    public required DatagramAddress? Listen { get; init; }

    /// <summary>The file that is followed; null where datagrams come in.</summary>
    public required string? FilePath { get; init; }

    /// <summary>How its lines are laid out.</summary>
    public required LogLayout Layout { get; init; }

    /// <summary>How long what is counted is added up.</summary>
    public required TimeSpan Interval { get; init; }

    public required IReadOnlyList<IPNetwork> InternalNetworks { get; init; }

    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>Containers that are held apart.</summary>
    public required int ContainersMax { get; init; }

    /// <summary>This host's name, in the ids of samples.</summary>
    public required string Host { get; init; }

    /// <summary>The log, in words.</summary>
    public string Log => Listen?.ToString() ?? FilePath!;

    /// <summary>Who counts: what tells its samples from those of other hosts and logs.</summary>
    public string Origin => $"{Host} {Log}";
}

/// <summary>Who is asked for accounts.</summary>
internal enum Strategy
{
    /// <summary>The account-servers, by the ring.</summary>
    Direct,

    /// <summary>The proxy, with a token. No ring and no swift.conf is needed.</summary>
    Proxy,

    /// <summary>The account-servers, and the proxy for accounts that are unknown then.</summary>
    Auto,
}

/// <param name="Broker">The broker.</param>
/// <param name="Publications">What is sent to it; at least one.</param>
internal sealed record DeliveryOptions(BrokerOptions Broker, IReadOnlyList<Publication> Publications);

/// <summary>How several daemons share each round.</summary>
/// <param name="TaskAccounts">Accounts in a task at most.</param>
/// <param name="Prefix">What the names of exchange and queues begin with.</param>
internal sealed record SharingOptions(int TaskAccounts, string Prefix);

/// <param name="Host">Where carbon is.</param>
/// <param name="Port">Its port for lines of plain text.</param>
/// <param name="Prefix">What every metric's name begins with; after it comes the region.</param>
internal sealed record GraphiteOptions(string Host, int Port, string Prefix);

/// <param name="Endpoint">The collector.</param>
/// <param name="IsHttp">Protobuf over HTTP; else gRPC.</param>
/// <param name="Interval">How often it is sent to.</param>
internal sealed record OtlpOptions(Uri Endpoint, bool IsHttp, TimeSpan Interval);

/// <param name="Listen">Where status page, health and metrics are; port 0 is any that is free. Null for nowhere.</param>
/// <param name="ShowsAccounts">Whether single accounts are on the page.</param>
/// <param name="AccountMetrics">Whether the usage of single accounts is among the metrics.</param>
internal sealed record StatusOptions(IPEndPoint? Listen, bool ShowsAccounts, bool AccountMetrics)
{
    /// <summary>Whether the operator named the place. One who did not may have another program there, and meters all the same.</summary>
    public required bool IsListenGiven { get; init; }
}

/// <summary>The cluster, and how its servers are asked.</summary>
internal sealed record SwiftOptions
{
    /// <summary>The account ring.</summary>
    public required string RingPath { get; init; }

    /// <summary>swift.conf.</summary>
    public required string ConfPath { get; init; }

    /// <summary>At least one; with its underscore, or empty.</summary>
    public required IReadOnlyList<string> ResellerPrefixes { get; init; }

    /// <summary>Which addresses of the ring are asked, and how long one waits.</summary>
    public required AccountServerOptions Servers { get; init; }

    /// <summary>Requests in flight at most at one account-server.</summary>
    public required int WorkersPerNode { get; init; }

    /// <summary>Requests a second at most at one account-server; 0 is no ceiling.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>When a server or a device is set aside.</summary>
    public required SuppressionOptions Suppression { get; init; }

    /// <summary>Whether all primaries are asked, and compared.</summary>
    public required bool AllReplicas { get; init; }

    /// <summary>Which primaries are asked first.</summary>
    public required ReadAffinity Affinity { get; init; }

    /// <summary>Only accounts whose first primary is on this host.</summary>
    public required bool IsLocal { get; init; }

    /// <summary>This host's address in the ring; null for any of those it has.</summary>
    public required string? RingIp { get; init; }

    /// <summary>Whether an account that was never made counts as zero.</summary>
    public required bool AbsentIsZero { get; init; }
}

/// <param name="FilePath">The file that lists the projects; null to ask Keystone.</param>
/// <param name="IncludeDisabled">Disabled projects too.</param>
/// <param name="Domains">Ids or names of domains: only their projects; all if empty.</param>
internal sealed record ProjectsOptions(string? FilePath, bool IncludeDisabled, IReadOnlyList<string> Domains)
{
    /// <summary>How old the last list may be that a round takes when Keystone gives none; 0 for none.</summary>
    public required TimeSpan CacheMaxAge { get; init; }

    /// <summary>How long projects are asked for that Keystone lists no more; 0 for not at all.</summary>
    public required TimeSpan OrphansFor { get; init; }

    /// <summary>Whether samples are made of those.</summary>
    public required bool MetersOrphans { get; init; }
}
