using Consometer.Daemon;
using Consometer.Delivery.Formats;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;
using Consometer.Metering.Samples;
using Consometer.Metering;
using Consometer.Simulation;
using Consometer.Tests.Delivery;
using Consometer.Tests.Simulation;

namespace Consometer.Tests.Daemon;

/// <summary>A store that holds as much as it may.</summary>
public sealed class FullStoreTests
{
    [Fact]
    public async Task At_its_bound_no_round_is_begun_and_once_there_is_room_it_is()
    {
        var clock = new ManualClock();
        await using var swift = await RunningCluster.StartAsync(new SimulationPlan(), clock);
        var publication = new Publication(new ConsometerFormat(), 200, new Destination("exchange", "key", Queue: null, Durability: null));
        var options = ConfiguredCluster.Options(swift.Cluster) with { StoreMaxBytes = 1 << 20, StoreKeep = TimeSpan.Zero };
        var time = RoundTime.At(clock.GetUtcNow(), options.Period);
        using var store = SampleStore.Open(options.StorePath);
        using (var entry = store.BeginRound(new NewRound(time, options.Region) { Publications = [publication], KeepsSamples = false }))
        {
            entry.Keep(null, [.. Enumerable.Range(0, 5000).Select(i => new Sample(MeterCatalogue.All[0], i, $"a{i}", "p", options.Region, time))]);
            entry.End(StoredRows.Report());
        }

        var full = Assert.Throws<StoreException>(() => StoredRound.Begin(store, options, new NewRound(time.Next, options.Region), clock));
        Assert.Matches(@"is full: wanted less than 1048576 bytes in use \(store.max_bytes\), found \d+, with 25 messages waiting for the broker", full.Message);

        using (var outbox = Outbox.Open(options.StorePath))
        {
            outbox.Delete(outbox.Next("consometer", 0, 100));
        }

        StoredRound.Begin(store, options, new NewRound(time.Next, options.Region), clock).Dispose();
    }
}
