using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks.Lab;

/// <summary>Rounds at the account-servers, <c>wrk</c> right before and after them, and one through the proxy.</summary>
/// <param name="WrkRequestsPerSecond">What the account-servers give to wrk, before and after.</param>
/// <param name="AccountsPerSecond">By the round's own report, from the first account known to the last one settled: what wrk does too.</param>
/// <param name="AccountsPerSecondWithListing">The same with Keystone's token and list, as part of the round.</param>
/// <param name="AccountsPerSecondWithStart">From starting the process to its end.</param>
/// <param name="RequestsPerAccount">More than one: absent and deleted accounts cost several.</param>
/// <param name="Ratio">The round's requests per second, of wrk's.</param>
/// <param name="RatioWithListing">The same with Keystone's part.</param>
/// <param name="LaterRatio">That of a daemon's second round: the program has compiled what is hot in the first.</param>
/// <param name="ProxyAccountsPerSecond">The same accounts through the proxy, also by the round's own report.</param>
/// <param name="ProxyRatio">How many times as many are measured without it.</param>
internal sealed record LabRepetition(
    double WrkRequestsPerSecond,
    double AccountsPerSecond,
    double AccountsPerSecondWithListing,
    double AccountsPerSecondWithStart,
    double RequestsPerAccount,
    double Ratio,
    double RatioWithListing,
    double LaterRatio,
    double ProxyAccountsPerSecond,
    double ProxyRatio)
{
    public const string Header = "              wrk req/s   accounts/s   with list  with start   req/account    ratio   with list   later    proxy/s    ratio";

    private const string Server = "http://127.0.0.1:6202";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <param name="direct">Has the configuration of the round, and wrk's heads.tsv.</param>
    /// <param name="proxy">Has that of the round through the proxy.</param>
    /// <param name="nodes">How many account-servers there are.</param>
    /// <param name="workersPerNode">Requests in flight at each.</param>
    public static async Task<LabRepetition> MeasureAsync(ConfigurationFolder direct, ConfigurationFolder proxy, int nodes, int workersPerNode)
    {
        Task<double> WrkAsync() => Wrk.MeasureAsync(Path.Combine(direct.Path, "heads.tsv"), Server, nodes, nodes * workersPerNode);

        var before = await WrkAsync();
        var (report, endToEnd) = await PollAsync(direct);
        var later = await SecondRoundAsync(workersPerNode);
        var wrk = (before + await WrkAsync()) / 2;
        var (proxyReport, _) = await PollAsync(proxy);
        var requestsPerAccount = (double)report.Requests / report.Accounts;
        var whole = report.Accounts / report.Seconds;
        return new LabRepetition(
            wrk, Polled(report), whole, report.Accounts / endToEnd.TotalSeconds, requestsPerAccount,
            Polled(report) * requestsPerAccount / wrk, whole * requestsPerAccount / wrk, Polled(later) * requestsPerAccount / wrk,
            Polled(proxyReport), Polled(report) / Polled(proxyReport));
    }

    public static LabRepetition Median(IReadOnlyCollection<LabRepetition> all)
    {
        double Of(Func<LabRepetition, double> figure) => all.Select(figure).Order().ElementAt(all.Count / 2);
        return new LabRepetition(
            Of(one => one.WrkRequestsPerSecond), Of(one => one.AccountsPerSecond), Of(one => one.AccountsPerSecondWithListing),
            Of(one => one.AccountsPerSecondWithStart), Of(one => one.RequestsPerAccount), Of(one => one.Ratio), Of(one => one.RatioWithListing),
            Of(one => one.LaterRatio), Of(one => one.ProxyAccountsPerSecond), Of(one => one.ProxyRatio));
    }

    public string Row(string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {name,-8} {WrkRequestsPerSecond,12:0} {AccountsPerSecond,12:0} {AccountsPerSecondWithListing,11:0} {AccountsPerSecondWithStart,11:0} "
        + $"{RequestsPerAccount,13:0.00} {Ratio,8:0.00} {RatioWithListing,11:0.00} {LaterRatio,7:0.00} {ProxyAccountsPerSecond,10:0} {ProxyRatio,8:0.0}");

    private static double Polled(StoredReport report) => report.Accounts / (report.Seconds - report.ListingSeconds);

    private static async Task<StoredReport> SecondRoundAsync(int workersPerNode)
    {
        await using var daemon = PublishedDaemon.Start(new LabConfiguration { WorkersPerNode = workersPerNode, Timeout = "15s", PollingShare = "1" });
        await daemon.UntilRoundsAsync(2, Deadline);
        return daemon.Rounds()[1];
    }

    /// <summary>A round into a store of its own: one that grows would make each dearer than the one before.</summary>
    private static async Task<(StoredReport Report, TimeSpan EndToEnd)> PollAsync(ConfigurationFolder folder)
    {
        File.Delete(folder.Store);
        var watch = Stopwatch.StartNew();
        (await Programs.OtherAsync(Artifacts.Program, ["poll", "--config", folder.Path, "--format", "ndjson"])).Succeeded();
        return (StoredReport.Last(folder.Store), watch.Elapsed);
    }
}
