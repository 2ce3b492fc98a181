using Consometer.Configuration;
using Consometer.Rings;
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
    /// <summary>What came of all checks.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken stopping)
    {
        var configuration = ConfigurationCheck.Run(configurationPath, load);
        if (configuration.Value is not { } options)
        {
            string[] others = [SwiftConfCheck.Name, RingCheck.Name, ServerCheck.Name, ProjectCheck.Name, AccountCheck.Name, StoreCheck.Name];
            return [.. configuration.Results, .. others.Select(check => CheckResult.Skipped(check, "a configuration"))];
        }

        if (options.Strategy == Strategy.Proxy)
        {
            return [.. configuration.Results, .. await CheckProxyAsync(options, stopping), StoreCheck.Run(options)];
        }

        var swiftConf = SwiftConfCheck.Run(options);
        var ring = RingCheck.Run(options);
        var servers = ring.Value is null
            ? new Checked<AuditReport>(null, CheckResult.Skipped(ServerCheck.Name, "a ring"))
            : await ServerCheck.RunAsync(options, ring.Value, clock, stopping);
        var projects = await ProjectCheck.RunAsync(options, clock, stopping);
        return
        [
            .. configuration.Results, .. swiftConf.Results, .. ring.Results, .. servers.Results, .. projects.Results,
            await CheckAccountsAsync(options, swiftConf.Value, servers.Value, projects.Value, stopping),
            StoreCheck.Run(options),
        ];
    }

    /// <summary>The exit code that tells the worst: what is wrong here before what does not answer elsewhere.</summary>
    public static int ExitCodeOf(IReadOnlyList<CheckResult> results) =>
        results.Where(result => result.Verdict == Verdict.Fail).Select(result => result.ExitCode).DefaultIfEmpty(ExitCode.Done).Min();

    /// <summary>What the proxy needs: projects and a token, and no more.</summary>
    private async Task<IReadOnlyList<CheckResult>> CheckProxyAsync(ConsometerOptions options, CancellationToken stopping)
    {
        string[] ofServers = [SwiftConfCheck.Name, RingCheck.Name, ServerCheck.Name];
        var projects = await ProjectCheck.RunAsync(options, clock, stopping);
        return
        [
            .. ofServers.Select(check => CheckResult.Skipped(check, "strategy: direct or auto, and then a section swift with a ring and a swift.conf")),
            .. projects.Results,
            projects.Value is null ? CheckResult.Skipped(AccountCheck.Name, "projects") : await AccountCheck.RunAsync(options, projects.Value, clock, stopping),
        ];
    }

    private async Task<CheckResult> CheckAccountsAsync(
        ConsometerOptions options, SwiftConf? swiftConf, AuditReport? servers, IReadOnlySet<string>? projects, CancellationToken stopping) =>
        swiftConf is null ? CheckResult.Skipped(AccountCheck.Name, "a swift.conf")
        : servers is null ? CheckResult.Skipped(AccountCheck.Name, "a server that answers")
        : projects is null ? CheckResult.Skipped(AccountCheck.Name, "projects")
        : await AccountCheck.RunAsync(options, projects, clock, stopping);
}
