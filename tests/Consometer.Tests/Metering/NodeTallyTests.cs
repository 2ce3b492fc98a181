using Consometer.Metering.Polling;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Metering;

/// <summary>The quantiles of latencies: never below the true ones, and at most a tenth above.</summary>
public sealed class NodeTallyTests
{
    private static readonly Node Node = new("192.0.2.1", 6202);

    private readonly NodeTally _tally = new();

    public static TheoryData<string, double[]> Latencies() => new()
    {
        { "one", [0.0123] },
        { "two", [0.001, 1] },
        { "all alike", [.. Enumerable.Repeat(0.005, 100)] },
        { "even", [.. Enumerable.Range(1, 1000).Select(i => i / 1000.0)] },
        { "a long tail", [.. Enumerable.Repeat(0.002, 990), .. Enumerable.Repeat(9.5, 10)] },
        { "microseconds", [0.000_001, 0.000_002, 0.000_004] },
    };

    [Theory]
    [MemberData(nameof(Latencies))]
    public void Quantiles_are_right_to_a_tenth(string _, double[] seconds) => AssertRight(seconds);

    [Fact]
    public void Quantiles_of_whatever_latencies_are_right_to_a_tenth()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        AssertRight([.. Enumerable.Range(0, 5000).Select(_ => Math.Round(Math.Pow(10, (random.NextDouble() * 5) - 4), 6))]);
    }

    [Fact]
    public void Failures_are_counted_by_reason_and_have_no_latency()
    {
        _tally.Count(Unavailability.TimedOut, TimeSpan.FromSeconds(10));
        _tally.Count(Unavailability.ServerError, TimeSpan.FromSeconds(1));
        _tally.Count(Unavailability.TimedOut, TimeSpan.FromSeconds(10));
        var report = _tally.Report(Node, timesSetAside: 1);

        Assert.Equal(("192.0.2.1:6202", 3, 1), (report.Node, report.Requests, report.TimesSetAside));
        Assert.Equal([new("server_error", 1), new KeyValuePair<string, long>("timed_out", 2)], report.Failures);
        Assert.Null(report.Latency);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3600)]
    public void What_no_bucket_was_made_for_is_counted_all_the_same(double seconds)
    {
        _tally.Count(null, TimeSpan.FromSeconds(seconds));

        Assert.Equal(seconds, _tally.Report(Node, 0).Latency!.Max);
    }

    private void AssertRight(double[] seconds)
    {
        foreach (var second in seconds)
        {
            _tally.Count(null, TimeSpan.FromSeconds(second));
        }

        var latency = _tally.Report(Node, 0).Latency!;
        Assert.Equal(seconds.Max(), latency.Max, 6);
        Assert.All([(0.5, latency.P50), (0.9, latency.P90), (0.99, latency.P99)], quantile =>
        {
            // The smallest latency that so many of them do not exceed.
            var right = seconds.Order().ElementAt((int)Math.Ceiling(quantile.Item1 * seconds.Length) - 1);
            Assert.InRange(quantile.Item2, right - 0.000_001, (1.1 * right) + 0.000_001);
        });
    }
}
