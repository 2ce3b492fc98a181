using System.Globalization;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Metering;
using Consometer.Metering.Rounds;
using Consometer.Rings;
using Consometer.Swift.Keystone;
using Consometer.Swift.Proxy;

namespace Consometer.Checks;

/// <summary>
/// Whether accounts are where ring and hash prefix say: a small round that keeps nothing. One account that is there, or was, proves
/// them right.
/// </summary>
internal static class AccountCheck
{
    public const string Name = "accounts";

    /// <summary>Accounts asked, and if none of them is there, so many: most projects of a young cluster may have no account yet.</summary>
    private const int FewMax = 20;
    private const int ManyMax = 200;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(1);

    /// <returns>How the round went; null if there was none.</returns>
    public static async Task<Checked<RoundReport>> RunAsync(ConsometerOptions options, IReadOnlyCollection<string> projects, TimeProvider clock, CancellationToken stopping)
    {
        try
        {
            using var cluster = Cluster.Open(options with { Meters = [], PollingTime = TimeLimit }, clock);
            cluster.RequireLocalDevice();
            var accounts = cluster.AccountsOf(projects).Take(ManyMax).ToArray();
            var report = await PollAsync(cluster, accounts.Take(FewMax), clock, stopping);
            var told = report.Failure is null || accounts.Length <= FewMax ? report : await PollAsync(cluster, accounts, clock, stopping);
            return new Checked<RoundReport>(told, Judge(told, options.Strategy == Strategy.Proxy));
        }
        catch (Exception e) when (e is KeystoneException or ProxyException)
        {
            return new Checked<RoundReport>(
                null, CheckResult.Fail(Name, "the proxy", e.Message, "credentials.openstack: region_name, interface, or object_store_endpoint_override", ExitCode.Service));
        }
        catch (InputFileException e)
        {
            return new Checked<RoundReport>(null, CheckResult.Fail(Name, options.Swift.RingPath, e.Message, "swift.ring_ip, or swift.scope: all", ExitCode.InputFile));
        }
    }

    private static Task<RoundReport> PollAsync(Cluster cluster, IEnumerable<Account> accounts, TimeProvider clock, CancellationToken stopping) =>
        cluster.NewRound().RunAsync(RoundTime.At(clock.GetUtcNow(), TimeLimit), accounts.ToAsyncEnumerable(), (_, _) => { }, stopping);

    private static CheckResult Judge(RoundReport report, bool isByProxy)
    {
        const string Explain = "consometer poll ACCOUNT --explain tells what every replica, or the proxy, says";
        var lookedAt = string.Create(CultureInfo.InvariantCulture, $"{report.Accounts} accounts");
        var found = ReportText.Outcomes(report).Split(';')[0];
        return report.Failure is not null && isByProxy
                ? CheckResult.Fail(Name, lookedAt, $"{found}: {report.Failure}", "swift.reseller_prefix, credentials.openstack.region_name", ExitCode.InputFile)
            : report.Failure is not null
                ? CheckResult.Fail(
                    Name, lookedAt, $"{found}: the hash prefix or suffix, or the ring, is not this cluster's, or nobody has stored anything yet",
                    "copy swift.conf and account.ring.gz from a storage node, and look at swift.reseller_prefix", ExitCode.InputFile)
            : report.Unknown == report.Accounts && report.Unknown > 0
                ? CheckResult.Fail(Name, lookedAt, found, ReportText.Advice(report) ?? Explain, ExitCode.Service)
            : report.Unknown > 0 ? CheckResult.Warn(Name, lookedAt, found, ReportText.Advice(report) ?? Explain)
            : CheckResult.Ok(Name, lookedAt, found);
    }
}
