using Consometer.Configuration;
using Consometer.Metering.Rounds;
using Consometer.Rings;
using Consometer.Swift.Keystone;
using Consometer.Swift.Recon;

namespace Consometer.Checks;

/// <summary>
/// Looks at everything that a round needs, in the order in which it needs it. A check that fails keeps back only those that cannot be
/// done without what it looked for, so that an operator has all there is to mend at once.
/// </summary>
/// <param name="configurationPath">The configuration file, or its folder.</param>
/// <param name="load">Reads the configuration.</param>
/// <param name="clock">What is waited by.</param>
internal sealed class Checkup(string configurationPath, Func<ConsometerOptions> load, TimeProvider clock)
{
    /// <summary>What needs a configuration: all but that.</summary>
    private static readonly string[] Others =
    [
        SwiftConfCheck.Name, RingCheck.Name, ServerCheck.Name, KeystoneCheck.Name, ProjectCheck.Name, AccountCheck.Name, ClockCheck.Name, BrokerCheck.Name, SharingCheck.Name, MetricsCheck.Name, StatusCheck.Name, StoreCheck.Name,
    ];

    /// <summary>What came of all checks.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken stopping)
    {
        var configuration = ConfigurationCheck.Run(configurationPath, load);
        return configuration.Value is { } options
            ? [.. configuration.Results, .. await RunAsync(options, stopping)]
            : [.. configuration.Results, .. Others.Select(check => CheckResult.Skipped(check, "a configuration"))];
    }

    /// <summary>The exit code that tells the worst: what is wrong here before what does not answer elsewhere.</summary>
    public static int ExitCodeOf(IReadOnlyList<CheckResult> results) =>
        results.Where(result => result.Verdict == Verdict.Fail).Select(result => result.ExitCode).DefaultIfEmpty(ExitCode.Done).Min();

    /// <summary>Where there are no rounds, nothing is looked at that only they need.</summary>
    private async Task<IReadOnlyList<CheckResult>> RunAsync(ConsometerOptions options, CancellationToken stopping) =>
    [
        .. options.HasRounds ? await RoundsAsync(options, stopping) : [],
        .. RequestsCheck.Run(options, clock),
        .. await BrokerAsync(options, stopping),
        .. await MetricsCheck.RunAsync(options, clock, stopping),
        await StatusCheck.RunAsync(options, stopping),
        StoreCheck.Run(options, clock),
    ];

    private static async Task<IReadOnlyList<CheckResult>> BrokerAsync(ConsometerOptions options, CancellationToken stopping)
    {
        var broker = await BrokerCheck.RunAsync(options, stopping);
        return options.Sharing is not { } sharing ? broker
            : broker.All(result => result.Verdict == Verdict.Fail) ? [.. broker, CheckResult.Skipped(SharingCheck.Name, "a broker")]
            : [.. broker, .. await SharingCheck.RunAsync(options, sharing, stopping)];
    }

    private async Task<IReadOnlyList<CheckResult>> RoundsAsync(ConsometerOptions options, CancellationToken stopping)
    {
        using var session = options.Keystone is { } asked && (options.Projects.FilePath is null || options.Strategy != Strategy.Direct) ? new KeystoneSession(asked, clock) : null;
        var swiftConf = options.Strategy == Strategy.Proxy ? NotAsked<SwiftConf>(SwiftConfCheck.Name) : SwiftConfCheck.Run(options);
        var ring = options.Strategy == Strategy.Proxy ? NotAsked<RingFile>(RingCheck.Name) : RingCheck.Run(options);
        var audit = ring.Value is null ? null : await ServerCheck.AuditAsync(options, ring.Value, clock, stopping);
        var answering = audit is not null && audit.Servers.Any(ServerCheck.HasAnswered) ? audit : null;
        var keystone = await KeystoneCheck.RunAsync(session, options.Strategy, stopping);
        var projects = session is not null && keystone.Value is null
            ? new Checked<IReadOnlyCollection<string>>(null, CheckResult.Skipped(ProjectCheck.Name, "a token"))
            : await ProjectCheck.RunAsync(options, session, stopping);
        var needed = options.Strategy == Strategy.Proxy ? null : swiftConf.Value is null ? "a swift.conf" : answering is null ? "a server that answers" : null;
        var accounts = needed is null && projects.Value is not null
            ? await AccountCheck.RunAsync(options, projects.Value, clock, stopping)
            : new Checked<RoundReport>(null, CheckResult.Skipped(AccountCheck.Name, needed ?? "projects"));
        var areFound = accounts.Value is { } report && report.Measured + report.Deleted > 0;
        return
        [
            .. swiftConf.Results, .. ring.Results, .. audit is null ? [Unaudited(options)] : ServerCheck.Judge(audit, options.Swift, areFound),
            .. keystone.Results, .. projects.Results, .. accounts.Results,
            await ClockCheck.RunAsync(options, answering, clock, stopping),
        ];
    }

    private static Checked<T> NotAsked<T>(string check)
        where T : class => new(null, CheckResult.Skipped(check, "strategy: direct or auto, and then a section swift with a ring and a swift.conf"));

    private static CheckResult Unaudited(ConsometerOptions options) =>
        options.Strategy == Strategy.Proxy ? NotAsked<AuditReport>(ServerCheck.Name).Results[0] : CheckResult.Skipped(ServerCheck.Name, "a ring");
}
