using System.Diagnostics.Metrics;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Daemon.Tasks;
using Consometer.Delivery.Publishing;
using Consometer.Metering.Polling;

namespace Consometer.Export;

/// <summary>All that is measured under one configuration: the instruments of a meter <c>Consometer</c> whose scope this is. What they are called on <c>/metrics</c> is in the README.</summary>
internal sealed class Instruments : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Consometer";

    private readonly Meter _meter;
    private readonly RoundInstruments? _rounds;
    private readonly DeliveryInstruments _delivery;

    public Instruments(ConsometerOptions options, TimeProvider clock)
    {
        // The scope tells whose they are: while a configuration is replaced there are two of each.
        _meter = new Meter(new MeterOptions(MeterName) { Scope = this });
        Nodes = new NodeInstruments(_meter);
        _rounds = options.HasRounds ? new RoundInstruments(_meter, options.Period) : null;
        _delivery = new DeliveryInstruments(_meter, options.Delivery?.Publications ?? []);
        Store = new StoreInstruments(_meter, options, clock);
        ProcessInstruments.Add(_meter);
    }

    public NodeInstruments Nodes { get; }

    public StoreInstruments Store { get; }

    /// <summary>Once somebody listens: counters begin at zero, since one that begins at one has not increased.</summary>
    /// <param name="cluster">What is metered in rounds; null where there are none.</param>
    /// <param name="requests">How far the counting of requests is; null where none are counted.</param>
    /// <param name="shared">How it is with its part in shared rounds; null where it meters alone.</param>
    /// <param name="lastComplete">The period of the last complete round of before; null without one.</param>
    public void Begin(Cluster? cluster, RequestProgress? requests, SharedProgress? shared, DateTimeOffset? lastComplete)
    {
        _rounds?.Begin(lastComplete);
        _delivery.Begin();
        if (cluster is not null)
        {
            ClusterInstruments.Add(_meter, cluster);
        }

        if (requests is not null)
        {
            RequestInstruments.Add(_meter, requests);
        }

        if (shared is not null)
        {
            SharedInstruments.Add(_meter, shared);
        }

        Store.Read();
    }

    public void Tell(RoundNews news)
    {
        _rounds?.Tell(news);
        Store.Tell(news);
    }

    public void Tell(Publication publication, PumpNews news)
    {
        _delivery.Tell(publication, news);
        Store.Tell(news);
    }

    public void Dispose() => _meter.Dispose();
}
