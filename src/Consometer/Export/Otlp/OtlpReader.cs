using Consometer.Configuration;
using Consometer.Daemon;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using Serilog;

namespace Consometer.Export.Otlp;

/// <summary>Sends the metrics to an OpenTelemetry collector, on a thread of its own. One that does not take them is told once, and once when it does again.</summary>
internal sealed class OtlpReader : PeriodicExportingMetricReader
{
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(10);

    private readonly OtlpOptions _options;
    private readonly ILogger _log;
    private bool _isFailing;

    public OtlpReader(OtlpOptions options, ILogger log)
        : base(new OtlpMetricExporter(ExporterOptions(options)), Milliseconds(options.Interval), Milliseconds(Patience(options)))
    {
        _options = options;
        _log = log;
        TemporalityPreference = MetricReaderTemporalityPreference.Cumulative;
    }

    protected override bool OnCollect(int timeoutMilliseconds)
    {
        var isTaken = base.OnCollect(timeoutMilliseconds);
        if (isTaken == _isFailing)
        {
            _isFailing = !isTaken;
            Tell();
        }

        return isTaken;
    }

    private void Tell()
    {
        if (_isFailing)
        {
            _log.Event(EventId.OtlpFailed).Warning("otlp: the collector at {Endpoint:l} does not answer, or refuses the metrics; they are sent again each {Interval}", _options.Endpoint, _options.Interval);
        }
        else
        {
            _log.Event(EventId.OtlpSent).Information("otlp: the collector at {Endpoint:l} takes the metrics again", _options.Endpoint);
        }
    }

    private static OtlpExporterOptions ExporterOptions(OtlpOptions options) => new()
    {
        Endpoint = options.IsHttp && options.Endpoint.AbsolutePath == "/" ? new Uri(options.Endpoint, "v1/metrics") : options.Endpoint,
        Protocol = options.IsHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc,
        TimeoutMilliseconds = Milliseconds(Patience(options)),

        // As all connections of the program: no proxy of the environment.
        HttpClientFactory = () => new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = Patience(options) }) { Timeout = Patience(options) },
    };

    private static TimeSpan Patience(OtlpOptions options) => options.Interval < PatienceMax ? options.Interval : PatienceMax;

    private static int Milliseconds(TimeSpan time) => (int)time.TotalMilliseconds;
}
