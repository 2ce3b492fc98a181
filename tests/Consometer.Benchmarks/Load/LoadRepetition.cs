using System.Globalization;

namespace Consometer.Benchmarks.Load;

/// <summary>One run each of wrk, of the bare loop and of a round, one after the other.</summary>
/// <param name="WrkRequestsPerSecond">What nginx gives to wrk.</param>
/// <param name="Seconds">The round, from the program's start until it is complete in the store.</param>
/// <param name="RequestsPerSecond">Of the round, in that time.</param>
/// <param name="BareProcessorMicroseconds">What the bare loop takes of the processor, for an account.</param>
/// <param name="ProcessorMicroseconds">What the round takes, likewise; the start of either is in it.</param>
/// <param name="BareAllocatedBytes">What the bare loop allocates, for an account.</param>
/// <param name="AllocatedBytes">What the round allocates, likewise.</param>
/// <param name="PeakBytes">The largest resident memory of the round.</param>
/// <param name="EarlyBytes">Its resident memory at a tenth of the way.</param>
/// <param name="LateBytes">The same near the end.</param>
internal sealed record LoadRepetition(
    double WrkRequestsPerSecond,
    double Seconds,
    double RequestsPerSecond,
    double BareProcessorMicroseconds,
    double ProcessorMicroseconds,
    double BareAllocatedBytes,
    double AllocatedBytes,
    double PeakBytes,
    double EarlyBytes,
    double LateBytes)
{
    public const string Header = "              wrk req/s    req/s  ratio  seconds    us/account   bare  ratio    B/account   bare    RSS MB  at 1/10   at end";

    public double RateRatio => RequestsPerSecond / WrkRequestsPerSecond;

    public double ProcessorRatio => ProcessorMicroseconds / BareProcessorMicroseconds;

    public double GrowthRatio => LateBytes / EarlyBytes;

    public static async Task<LoadRepetition> MeasureAsync(LoadCluster cluster, Nginx nginx, long requests)
    {
        var wrk = await Wrk.MeasureAsync(cluster.Heads, nginx.Url, LoadCluster.Nodes, LoadCluster.Connections);
        var bare = await BareLoop.MeasureAsync(cluster);
        var round = await LoadRound.MeasureAsync(cluster, nginx, requests);
        double accounts = round.Report.Measured == round.Report.Accounts
            ? round.Report.Accounts
            : throw new InvalidOperationException($"wanted {round.Report.Accounts} accounts measured, found {round.Report.Measured}");
        return new LoadRepetition(
            wrk,
            round.Seconds,
            round.Report.Requests / round.Seconds,
            1e6 * bare.ProcessorSeconds / accounts,
            1e6 * round.Program.ProcessorSeconds / accounts,
            bare.AllocatedBytes / accounts,
            round.Program.AllocatedBytes / accounts,
            round.PeakBytes,
            round.EarlyBytes,
            round.LateBytes);
    }

    public static LoadRepetition Median(IReadOnlyCollection<LoadRepetition> all)
    {
        double Of(Func<LoadRepetition, double> figure) => all.Select(figure).Order().ElementAt(all.Count / 2);
        return new LoadRepetition(
            Of(one => one.WrkRequestsPerSecond), Of(one => one.Seconds), Of(one => one.RequestsPerSecond), Of(one => one.BareProcessorMicroseconds),
            Of(one => one.ProcessorMicroseconds), Of(one => one.BareAllocatedBytes), Of(one => one.AllocatedBytes), Of(one => one.PeakBytes),
            Of(one => one.EarlyBytes), Of(one => one.LateBytes));
    }

    public string Row(string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {name,-8} {WrkRequestsPerSecond,12:0} {RequestsPerSecond,8:0} {RateRatio,6:0.00} {Seconds,8:0.00} {ProcessorMicroseconds,13:0.0} {BareProcessorMicroseconds,6:0.0} {ProcessorRatio,6:0.00} "
        + $"{AllocatedBytes,12:0} {BareAllocatedBytes,6:0} {PeakBytes / 1e6,9:0} {EarlyBytes / 1e6,8:0} {LateBytes / 1e6,8:0}");
}
