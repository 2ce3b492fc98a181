using OpenTelemetry.Metrics;

namespace Consometer.Export.Prometheus;

/// <summary>What an instrument is called in Prometheus (OpenTelemetry's specification, "Prometheus and OpenMetrics Compatibility"): underscores, the unit, and <c>_total</c> of a counter.</summary>
internal static class PrometheusName
{
    private const string Count = "_count";

    public static string Of(Metric metric)
    {
        var name = OfLabel(metric.Name);
        var unit = metric.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (IsCounter(metric))
        {
            return $"{name}{unit}_total";
        }

        // Of a histogram alone: promtool has it so. The runtime's own gauges end in it.
        return (name.EndsWith(Count, StringComparison.Ordinal) ? name[..^Count.Length] : name) + unit;
    }

    public static string OfLabel(string tag) => tag.Replace('.', '_');

    public static bool IsCounter(Metric metric) => metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;
}
