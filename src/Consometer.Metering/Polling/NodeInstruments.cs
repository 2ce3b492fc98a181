using System.Diagnostics.Metrics;
using Consometer.Swift.Accounts;

namespace Consometer.Metering.Polling;

/// <summary>
/// What is measured of nodes while they are asked. Whoever listens to the meter gets it; where nobody does, a request costs next to nothing
/// more.
/// </summary>
/// <remarks>
/// Per request (tag <c>node</c>, as <c>ip:port</c>): <c>consometer.node.request.duration</c>, seconds until an answer;
/// <c>consometer.node.failures</c>, by <c>reason</c>; <c>consometer.node.set_asides</c>, of the node and its devices. Gauges of the lanes of the
/// poll under way, or of the last one: <c>consometer.node.lane.width</c>, <c>.lane.load</c>, and <c>consometer.node.set_aside</c>, 0 or 1.
/// A proxy has no lane; it is set aside only where account-servers are asked too.
/// </remarks>
public sealed class NodeInstruments
{
    /// <summary>Seconds. A good answer takes milliseconds, and none more than <c>swift.node_timeout</c>, 10 s if nothing is said.</summary>
    private static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private volatile IReadOnlyCollection<NodeLane> _lanes = [];
    private volatile Tuple<NodeSeries, Suppression>? _proxy;

    public NodeInstruments(Meter meter)
    {
        Duration = meter.CreateHistogram(
            "consometer.node.request.duration", "s", "Time until a node answered, by node.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds });
        Failures = meter.CreateCounter<long>("consometer.node.failures", "{request}", "Requests that a node could not tell anything to, by node and reason.");
        SetAsides = meter.CreateCounter<long>("consometer.node.set_asides", "{event}", "Times that a node, or a device of it, was set aside because it kept failing.");
        meter.CreateObservableGauge("consometer.node.lane.width", () => Lanes(lane => lane.Width), "{request}", "Requests in flight at most at a node, for now.");
        meter.CreateObservableGauge("consometer.node.lane.load", () => Lanes(lane => lane.Load), "{request}", "Requests that wait for a node or are in flight.");
        meter.CreateObservableGauge("consometer.node.set_aside", SetAside, null, "Whether a node is set aside now because it kept failing.");
    }

    internal Histogram<double> Duration { get; }

    internal Counter<long> Failures { get; }

    internal Counter<long> SetAsides { get; }

    internal NodeSeries Of(Node node) => new(this, node);

    /// <summary>The gauges are those of this poll's lanes from now on.</summary>
    internal void Watch(IReadOnlyCollection<NodeLane> lanes) => _lanes = lanes;

    internal void Watch(NodeSeries proxy, Suppression suppression) => _proxy = Tuple.Create(proxy, suppression);

    private IEnumerable<Measurement<int>> Lanes(Func<NodeLane, int> measure) => _lanes.Select(lane => new Measurement<int>(measure(lane), lane.Series!.Node));

    private IEnumerable<Measurement<int>> SetAside()
    {
        var lanes = Lanes(lane => lane.SetAsideFor is null ? 0 : 1);
        return _proxy is var (proxy, suppression) ? lanes.Append(new Measurement<int>(suppression.Reason is null ? 0 : 1, proxy.Node)) : lanes;
    }
}

/// <summary>The instruments as one node has them in one poll.</summary>
internal sealed class NodeSeries
{
    private readonly NodeInstruments _instruments;

    public NodeSeries(NodeInstruments instruments, Node node)
    {
        _instruments = instruments;
        Node = new KeyValuePair<string, object?>("node", node.ToString());

        // From nothing to one is no increase to who only sees the one.
        _instruments.SetAsides.Add(0, Node);
    }

    /// <summary>The tag: made once, since a request must not cost memory.</summary>
    public KeyValuePair<string, object?> Node { get; }

    /// <inheritdoc cref="NodeTally.Count"/>
    public void Count(Unavailability? failure, TimeSpan latency)
    {
        if (failure is { } reason)
        {
            _instruments.Failures.Add(1, Node, new KeyValuePair<string, object?>("reason", reason.Word()));
        }
        else
        {
            _instruments.Duration.Record(latency.TotalSeconds, Node);
        }
    }

    public void SetAside() => _instruments.SetAsides.Add(1, Node);
}
