using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Consometer.Delivery.Formats;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Rounds;
using Consometer.Metering.Samples;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks.Delivery;

/// <summary>A million samples into the outbox and out to a broker, confirmed, against a plain loop that publishes the same bodies with confirms.</summary>
internal static class DeliveryBenchmark
{
    private const int Samples = 1_000_000;
    private const int Repetitions = 3;

    public static async Task<JsonNode?> RunAsync()
    {
        var broker = Environment.GetEnvironmentVariable("BROKER_PORT") is { } port
            ? new BrokerOptions { Hosts = [new BrokerHost("127.0.0.1", int.Parse(port, CultureInfo.InvariantCulture))], User = "guest", Password = "guest", VirtualHost = "/", Tls = null, Heartbeat = TimeSpan.FromSeconds(30), Window = 128 }
            : throw new InvalidOperationException("no broker");
        var figures = new JsonObject();
        foreach (IMessageFormat format in new IMessageFormat[] { new ConsometerFormat(), new CeilometerFormat("change this for valid signing", TimeProvider.System) })
        {
            var publication = new Publication(format, format.DefaultBatchSize, new Destination("bench", "bench", "bench", new Durability(false, true)));
            figures[format.Name] = await MeasureAsync(broker, publication);
        }

        return figures;
    }

    private static async Task<JsonObject> MeasureAsync(BrokerOptions broker, Publication publication)
    {
        Console.WriteLine($"delivery: {Samples} samples, format {publication.Format.Name}, {publication.BatchSize} in a message");
        Console.WriteLine("            plain/s   in/s   out/s   both/s   ratio   peak MB");
        for (var i = 0; i < Repetitions; i++)
        {
            using var folder = new ConfigurationFolder();
            var store = Path.Combine(folder.Path, "store.db");
            await PlainLoop.PurgeAsync(broker, publication.Destination);
            var e = Stopwatch.GetTimestamp();
            var n = Bodies(publication).Sum(b => b.Length);
            Console.WriteLine($"encode only {n} {Stopwatch.GetElapsedTime(e)}");
            e = Stopwatch.GetTimestamp();
            n = AllSamples().Sum(b => b.MessageId == default ? 1 : 0);
            Console.WriteLine($"id only {n} {Stopwatch.GetElapsedTime(e)}");
            var started = Stopwatch.GetTimestamp();
            Fill(store, publication);
            var filled = Stopwatch.GetElapsedTime(started);
            using (var outbox = Outbox.Open(store))
            {
                await new Pump(outbox, publication, broker, new Wakeup(), _ => { }, TimeProvider.System).DrainAsync(CancellationToken.None);
            }

            var both = Stopwatch.GetElapsedTime(started);
            await PlainLoop.PurgeAsync(broker, publication.Destination);
            var plain = await PlainLoop.MeasureAsync(broker, publication, Bodies(publication));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {i + 1,-8}{Samples / plain.TotalSeconds,9:0}{Samples / filled.TotalSeconds,8:0}{Samples / (both - filled).TotalSeconds,8:0}{Samples / both.TotalSeconds,8:0}{plain / both,8:0.00}{Process.GetCurrentProcess().PeakWorkingSet64 >> 20,8}"));
        }

        await PlainLoop.PurgeAsync(broker, publication.Destination);
        return [];
    }

    /// <summary>As a round does.</summary>
    private static void Fill(string path, Publication publication)
    {
        using var store = SampleStore.Open(path);
        using var entry = store.BeginRound(new NewRound(Time, "RegionOne") { Publications = [publication], KeepsSamples = Environment.GetEnvironmentVariable("KEEP") is not null });
        foreach (var samples in AllSamples().Chunk(3))
        {
            entry.Keep(null, samples);
        }

        entry.End(Report());
    }

    private static IEnumerable<byte[]> Bodies(Publication publication) => AllSamples().Chunk(publication.BatchSize).Select(batch => publication.Format.Encode(batch));

    private static RoundTime Time { get; } = RoundTime.At(DateTimeOffset.UnixEpoch.AddDays(20_000), TimeSpan.FromHours(1));

    private static IEnumerable<Sample> AllSamples()
    {
        var random = new Random(1);
        var meters = MeterCatalogue.All.Where(meter => meter.OnByDefault).ToArray();
        for (var i = 0; i < Samples; i += meters.Length)
        {
            var project = new Guid(random.Next(), 1, 2, 3, 4, 5, 6, 7, 8, 9, (byte)i).ToString("N");
            foreach (var meter in meters)
            {
                yield return new Sample(meter, random.NextInt64(1L << 40), project, project, "RegionOne", Time);
            }
        }
    }

    private static RoundReport Report() => new()
    {
        RoundTime = Time.ToString(),
        Started = Time.Start,
        Seconds = 1,
        ListingSeconds = 0,
        Accounts = 1,
        Measured = 1,
        Absent = 0,
        Deleted = 0,
        Unknown = 0,
        UnknownByReason = new Dictionary<string, long>(),
        Disagreeing = 0,
        Unlisted = 0,
        Samples = Samples,
        Nodes = Array.Empty<NodeReport>(),
    };
}
