using System.Diagnostics;
using System.Globalization;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks.Delivery;

/// <summary>One run each of the outbox and of the plain loops; rates in samples a second.</summary>
/// <param name="In">From samples to messages in the outbox of a complete round.</param>
/// <param name="Out">From there until the broker has confirmed all.</param>
/// <param name="Both">One after the other.</param>
/// <param name="OneByOne">The plain loop that awaits each confirm before it sends the next.</param>
/// <param name="Windowed">The plain loop with as many unconfirmed as the pump has.</param>
/// <param name="PeakMegabytes">The most memory that this process has held when the outbox was done, the benchmark's own in it.</param>
internal sealed record DeliveryRepetition(double In, double Out, double Both, double OneByOne, double Windowed, double PeakMegabytes)
{
    public const string Header = "               in/s     out/s    both/s   1 by 1/s  window/s   both:1 by 1  both:window  out:window   peak MB";

    public static async Task<DeliveryRepetition> MeasureAsync(BrokerOptions broker, Publication publication)
    {
        var (fill, drain) = await OursAsync(broker, publication);
        var peak = Process.GetCurrentProcess().PeakWorkingSet64 / 1e6;
        var bodies = MadeSamples.ByAccount().SelectMany(samples => samples).Chunk(publication.BatchSize).Select(publication.Format.Encode).ToArray();
        var oneByOne = await PlainLoop.MeasureAsync(broker, publication.Destination, bodies, window: 1);
        var windowed = await PlainLoop.MeasureAsync(broker, publication.Destination, bodies, broker.Window);
        await PlainLoop.EmptyAsync(broker, publication.Destination);
        return new DeliveryRepetition(Rate(fill), Rate(drain), Rate(fill + drain), Rate(oneByOne), Rate(windowed), peak);
    }

    public static DeliveryRepetition Median(IReadOnlyList<DeliveryRepetition> repetitions)
    {
        double Of(Func<DeliveryRepetition, double> figure) => repetitions.Select(figure).Order().ElementAt(repetitions.Count / 2);
        return new DeliveryRepetition(Of(one => one.In), Of(one => one.Out), Of(one => one.Both), Of(one => one.OneByOne), Of(one => one.Windowed), repetitions[0].PeakMegabytes);
    }

    public string Row(string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {name,-8}{In,10:0}{Out,10:0}{Both,10:0}{OneByOne,11:0}{Windowed,10:0}{Both / OneByOne,14:0.00}{Both / Windowed,13:0.00}{Out / Windowed,12:0.00}{PeakMegabytes,10:0}");

    private static async Task<(TimeSpan Fill, TimeSpan Drain)> OursAsync(BrokerOptions broker, Publication publication)
    {
        using var folder = new ConfigurationFolder();
        await PlainLoop.EmptyAsync(broker, publication.Destination);
        var started = Stopwatch.GetTimestamp();
        using var store = SampleStore.Open(folder.Store);
        using (var entry = store.BeginRound(new NewRound(MadeSamples.Time, "RegionOne") { Publications = [publication], KeepsSamples = false }))
        {
            foreach (var samples in MadeSamples.ByAccount())
            {
                entry.Keep(null, samples);
            }

            entry.End(MadeSamples.Report);
        }

        var fill = Stopwatch.GetElapsedTime(started);
        using var outbox = Outbox.Open(folder.Store);
        await new Pump(outbox, publication, broker, new Wakeup(), _ => { }, TimeProvider.System).DrainAsync(CancellationToken.None);
        return (fill, Stopwatch.GetElapsedTime(started) - fill);
    }

    private static double Rate(TimeSpan time) => MadeSamples.Count / time.TotalSeconds;
}
