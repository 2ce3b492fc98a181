using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks.Lab;

/// <summary>One run of <c>wrk</c> and, right after it, one round.</summary>
/// <param name="WrkRequestsPerSecond">What the account-servers give to wrk.</param>
/// <param name="AccountsPerSecond">By the round's own report, from the first account known to the last one settled: what wrk does too.</param>
/// <param name="AccountsPerSecondWithListing">The same with Keystone's token and list, as part of the round.</param>
/// <param name="AccountsPerSecondWithStart">From starting the process to its end.</param>
/// <param name="RequestsPerAccount">More than one: absent and deleted accounts cost several.</param>
/// <param name="Ratio">The round's requests per second, of wrk's.</param>
/// <param name="RatioWithListing">The same with Keystone's part.</param>
internal sealed record LabRepetition(
    double WrkRequestsPerSecond,
    double AccountsPerSecond,
    double AccountsPerSecondWithListing,
    double AccountsPerSecondWithStart,
    double RequestsPerAccount,
    double Ratio,
    double RatioWithListing)
{
    public const string Header = "              wrk req/s   accounts/s   with list  with start   req/account    ratio   with list";

    private const string Server = "http://127.0.0.1:6202";

    public static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static async Task<LabRepetition> MeasureAsync(ConfigurationFolder folder, int nodes, int workersPerNode)
    {
        var wrk = await Wrk.MeasureAsync(Path.Combine(folder.Path, "heads.tsv"), Server, nodes, nodes * workersPerNode);

        // A store of its own: one that grows would make each round dearer than the one before.
        File.Delete(folder.Store);
        var watch = Stopwatch.StartNew();
        (await Programs.ConsometerAsync(["poll", "--config", folder.Path, "--format", "ndjson"])).Succeeded();
        var endToEnd = watch.Elapsed;

        var report = StoredReport.Last(folder.Store);
        var requestsPerAccount = (double)report.Requests / report.Accounts;
        var polled = report.Accounts / (report.Seconds - report.ListingSeconds);
        var whole = report.Accounts / report.Seconds;
        return new LabRepetition(
            wrk, polled, whole, report.Accounts / endToEnd.TotalSeconds, requestsPerAccount,
            polled * requestsPerAccount / wrk, whole * requestsPerAccount / wrk);
    }

    public static LabRepetition Median(IReadOnlyCollection<LabRepetition> all)
    {
        double Of(Func<LabRepetition, double> figure) => all.Select(figure).Order().ElementAt(all.Count / 2);
        return new LabRepetition(
            Of(one => one.WrkRequestsPerSecond), Of(one => one.AccountsPerSecond), Of(one => one.AccountsPerSecondWithListing),
            Of(one => one.AccountsPerSecondWithStart), Of(one => one.RequestsPerAccount), Of(one => one.Ratio), Of(one => one.RatioWithListing));
    }

    public string Row(string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {name,-8} {WrkRequestsPerSecond,12:0} {AccountsPerSecond,12:0} {AccountsPerSecondWithListing,11:0} {AccountsPerSecondWithStart,11:0} "
        + $"{RequestsPerAccount,13:0.00} {Ratio,8:0.00} {RatioWithListing,11:0.00}");
}
