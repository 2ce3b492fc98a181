using System.Buffers;
using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Consometer.Export.Prometheus;

/// <summary>Writes what OpenTelemetry has added up, when it is asked to: families by name, lines as they first came. One at a time.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class MetricScrape : BaseExporter<Metric>, IPullMetricExporter
{
    private PrometheusText? _text;

    public Func<int, bool>? Collect { get; set; }

    /// <summary>Collects, and writes it all before it returns: no more than some 20 lines for each node.</summary>
    /// <returns>False if there is nothing to collect from any more.</returns>
    public bool Write(IBufferWriter<byte> to)
    {
        _text = new PrometheusText(to);
        return Collect!(Timeout.Infinite);
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var families = new SortedList<string, Metric>(StringComparer.Ordinal);
        foreach (var metric in batch)
        {
            families.Add(PrometheusName.Of(metric), metric);
        }

        foreach (var (name, metric) in families)
        {
            Write(name, metric, _text!);
        }

        return ExportResult.Success;
    }

    private static void Write(string name, Metric metric, PrometheusText text)
    {
        var isBegun = false;
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            if (!isBegun)
            {
                text.Family(name, metric.MetricType == MetricType.Histogram ? "histogram" : PrometheusName.IsCounter(metric) ? "counter" : "gauge", metric.Description);
                isBegun = true;
            }

            if (metric.MetricType == MetricType.Histogram)
            {
                WriteHistogram(name, point, text);
            }
            else
            {
                Begin(name, "", point, text);
                text.End(Value(metric.MetricType, point));
            }
        }
    }

    private static void WriteHistogram(string name, in MetricPoint point, PrometheusText text)
    {
        var below = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            Begin(name, "_bucket", point, text);
            text.Label("le", double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : bucket.ExplicitBound.ToString(CultureInfo.InvariantCulture));
            text.End(below);
        }

        Begin(name, "_sum", point, text);
        text.End(point.GetHistogramSum());
        Begin(name, "_count", point, text);
        text.End(point.GetHistogramCount());
    }

    private static void Begin(string name, string suffix, in MetricPoint point, PrometheusText text)
    {
        text.Begin(name, suffix);
        foreach (var tag in point.Tags)
        {
            text.Label(PrometheusName.OfLabel(tag.Key), Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "");
        }
    }

    private static double Value(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        _ => point.GetSumDouble(),
    };
}
