namespace Consometer.Configuration;

/// <summary>The sections <c>graphite</c> and <c>otlp</c>: whom the daemon sends its metrics to.</summary>
internal static class ExportSection
{
    private const int PortMax = 65535;

    /// <returns>Null without a host.</returns>
    public static GraphiteOptions? ReadGraphite(YamlSection graphite)
    {
        var host = graphite.Text("hostname");
        var options = new GraphiteOptions(host ?? "", graphite.Number("port", 1, PortMax, 2003), graphite.Text("prefix") ?? "swift-consometer");
        return string.IsNullOrEmpty(host) ? null : options;
    }

    /// <returns>Null without an endpoint.</returns>
    public static OtlpOptions? ReadOtlp(YamlSection otlp)
    {
        var isHttp = otlp.Choice("protocol", false, new Dictionary<string, bool> { ["grpc"] = false, ["http"] = true });
        var interval = otlp.Span("interval", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), TimeSpan.FromMinutes(1));
        if (otlp.Find("endpoint") is not var (text, place))
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https" && endpoint.UserInfo.Length == 0)
        {
            return new OtlpOptions(endpoint, isHttp, interval);
        }

        otlp.Fault("endpoint", place, "a URL such as http://collector:4317", text.Contains('@', StringComparison.Ordinal) ? "one with a user in it" : $"\"{text}\"");
        return null;
    }
}
