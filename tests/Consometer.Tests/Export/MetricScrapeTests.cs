using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using Consometer.Export.Prometheus;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Consometer.Tests.Export;

/// <summary>What instruments become on the page.</summary>
public sealed class MetricScrapeTests : IDisposable
{
    private readonly Meter _meter = new($"test {Guid.NewGuid()}");
    private readonly MetricScrape _scrape = new();
    private readonly MeterProvider _provider;

    public MetricScrapeTests() =>
        _provider = Sdk.CreateMeterProviderBuilder().AddMeter(_meter.Name).AddReader(new BaseExportingMetricReader(_scrape)).Build();

    [Fact]
    public void A_name_has_its_unit_and_a_counter_its_total()
    {
        _meter.CreateCounter<long>("b.requests", "{request}", "Requests.").Add(3);
        _meter.CreateObservableCounter("c.cpu", () => 1.5, "s", "Time.");
        _meter.CreateObservableGauge("a.memory", () => 2, "By", "Memory.");
        _meter.CreateObservableUpDownCounter("d.thread.count", () => 4, "{thread}", "Threads.");

        Assert.Equal(
            """
            # HELP a_memory_bytes Memory.
            # TYPE a_memory_bytes gauge
            a_memory_bytes 2
            # HELP b_requests_total Requests.
            # TYPE b_requests_total counter
            b_requests_total 3
            # HELP c_cpu_seconds_total Time.
            # TYPE c_cpu_seconds_total counter
            c_cpu_seconds_total 1.5
            # HELP d_thread Threads.
            # TYPE d_thread gauge
            d_thread 4

            """,
            Written());
    }

    [Fact]
    public void A_histogram_has_its_buckets_each_with_those_below()
    {
        var histogram = _meter.CreateHistogram("x", "s", "Times.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.25, 1] });
        foreach (var seconds in new[] { 0.125, 0.25, 0.5, 8 })
        {
            histogram.Record(seconds, new KeyValuePair<string, object?>("node.name", "a\"b"));
        }

        Assert.Equal(
            """
            # HELP x_seconds Times.
            # TYPE x_seconds histogram
            x_seconds_bucket{node_name="a\"b",le="0.25"} 2
            x_seconds_bucket{node_name="a\"b",le="1"} 3
            x_seconds_bucket{node_name="a\"b",le="+Inf"} 4
            x_seconds_sum{node_name="a\"b"} 8.875
            x_seconds_count{node_name="a\"b"} 4

            """,
            Written());
    }

    /// <summary>What an alert sees must not outlive what it is about.</summary>
    [Fact]
    public void A_gauge_of_something_that_is_gone_is_gone()
    {
        string[] nodes = ["a", "b"];
        _meter.CreateObservableGauge("aside", () => nodes.Select(node => new Measurement<int>(1, new KeyValuePair<string, object?>("node", node))), null, "Aside.");
        Assert.Contains("aside{node=\"a\"} 1", Written(), StringComparison.Ordinal);

        nodes = ["b"];

        Assert.DoesNotContain("node=\"a\"", Written(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_what_has_said_nothing_there_is_nothing()
    {
        _meter.CreateObservableGauge<int>("silent", () => [], null, "Silent.");
        _meter.CreateCounter<int>("never");

        Assert.Equal("", Written());
    }

    public void Dispose()
    {
        _provider.Dispose();
        _meter.Dispose();
    }

    private string Written()
    {
        var buffer = new ArrayBufferWriter<byte>();
        Assert.True(_scrape.Write(buffer));
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
