using Consometer.Swift.Accounts;

namespace Consometer.Metering.Polling;

/// <summary>How a poll went with one account-server.</summary>
/// <param name="Node">The server, as <c>ip:port</c>.</param>
/// <param name="Requests">Requests sent to it.</param>
/// <param name="Failures">Those that it could not tell anything to, by reason, e.g. <c>timed_out</c>.</param>
/// <param name="TimesSetAside">How often it, or a device of it, was set aside because it kept failing.</param>
/// <param name="Latency">How long its answers took; null without one.</param>
public sealed record NodeReport(
    string Node, long Requests, IReadOnlyDictionary<string, long> Failures, int TimesSetAside, NodeLatency? Latency = null);

/// <summary>Seconds within which so many of the answers came, to a tenth of them.</summary>
public sealed record NodeLatency(double P50, double P90, double P99, double Max);

/// <summary>Counts what becomes of the requests to one server.</summary>
/// <param name="series">Told of each too.</param>
internal sealed class NodeTally(NodeSeries? series = null)
{
    /// <summary>Buckets of latencies, each 9 % wider than the one before: from a microsecond to two minutes.</summary>
    private const int BucketsPerDoubling = 8;
    private const int Buckets = 27 * BucketsPerDoubling;

    private readonly Lock _lock = new();
    private readonly long[] _latencies = new long[Buckets];
    private readonly SortedDictionary<string, long> _failures = new(StringComparer.Ordinal);
    private long _requests;
    private double _max;

    /// <summary>Counts a request.</summary>
    /// <param name="failure">Why the server could not tell; null where it could.</param>
    /// <param name="latency">How long it took.</param>
    public void Count(Unavailability? failure, TimeSpan latency)
    {
        series?.Count(failure, latency);
        lock (_lock)
        {
            _requests++;
            if (failure is { } reason)
            {
                _failures[reason.Word()] = _failures.GetValueOrDefault(reason.Word()) + 1;
            }
            else
            {
                _latencies[Bucket(latency)]++;
                _max = Math.Max(_max, latency.TotalSeconds);
            }
        }
    }

    public NodeReport Report(Node node, int timesSetAside)
    {
        lock (_lock)
        {
            return new NodeReport(node.ToString(), _requests, _failures, timesSetAside, Latency());
        }
    }

    private static int Bucket(TimeSpan latency) =>
        Math.Clamp((int)(BucketsPerDoubling * Math.Log2(Math.Max(1, latency.TotalMicroseconds))), 0, Buckets - 1);

    private NodeLatency? Latency() => _latencies.Sum() is var answers and > 0
        ? new NodeLatency(Quantile(0.5, answers), Quantile(0.9, answers), Quantile(0.99, answers), Math.Round(_max, 6))
        : null;

    /// <summary>The upper end of the bucket that the quantile is in.</summary>
    private double Quantile(double share, long answers)
    {
        var below = 0L;
        var bucket = 0;
        while ((below += _latencies[bucket]) < share * answers)
        {
            bucket++;
        }

        return Math.Round(Math.Min(_max, Math.Pow(2, (bucket + 1.0) / BucketsPerDoubling) / 1e6), 6);
    }
}
