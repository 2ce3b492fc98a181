using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Daemon.Tasks;
using Consometer.Delivery.Publishing;
using Consometer.Export.Graphite;
using Consometer.Export.Otlp;
using Consometer.Export.Prometheus;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Serilog;

namespace Consometer.Export;

/// <summary>Where metrics go while the daemon works under one configuration: the page, carbon, a collector. None of them holds up a round.</summary>
internal sealed class Exports : IDisposable
{
    private const string Runtime = "System.Runtime";

    /// <summary>Nodes that there may be; those beyond it share the label <c>otel_metric_overflow</c>.</summary>
    private const int NodesMax = 5_000;
    private const int FailuresMax = 20_000;
    private const int OthersMax = 200;

    /// <summary>For the last figures to reach the collector: less than an init system waits.</summary>
    private static readonly TimeSpan GoodbyeMax = TimeSpan.FromSeconds(1);

    private readonly Instruments _instruments;
    private readonly MeterProvider _provider;
    private readonly GraphiteExport? _graphite;

    private Exports(Instruments instruments, MeterProvider provider, MetricsPage page, GraphiteExport? graphite)
    {
        _instruments = instruments;
        _provider = provider;
        Page = page;
        _graphite = graphite;
    }

    /// <summary>The page <c>/metrics</c>.</summary>
    public MetricsPage Page { get; }

    /// <summary>Begins to add up.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="instruments">What is measured.</param>
    /// <param name="cluster">What is metered in rounds; null where there are none.</param>
    /// <param name="requests">How far the counting of requests is; null where none are counted.</param>
    /// <param name="shared">How it is with its part in shared rounds; null where it meters alone.</param>
    /// <param name="lastComplete">The period of the last complete round of before; null without one.</param>
    /// <param name="log">Told when somebody does not take what is sent.</param>
    /// <param name="clock">What is waited by.</param>
    public static Exports Begin(
        ConsometerOptions options, Instruments instruments, Cluster? cluster, RequestProgress? requests, SharedProgress? shared, DateTimeOffset? lastComplete, ILogger log, TimeProvider clock)
    {
        var scrape = new MetricScrape();
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("consometer", serviceVersion: ProgramVersion.Text, serviceInstanceId: Environment.MachineName)
                .AddAttributes([new KeyValuePair<string, object>("cloud.region", options.Region)]))
            .AddMeter(Instruments.MeterName, Runtime)
            .AddView(instrument => instrument.Meter.Scope == instruments || instrument.Meter.Name == Runtime
                ? new MetricStreamConfiguration { CardinalityLimit = SeriesMax(instrument.Name) }
                : MetricStreamConfiguration.Drop)
            .AddReader(new BaseExportingMetricReader(scrape) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative });
        if (options.Otlp is { } otlp)
        {
            builder.AddReader(new OtlpReader(otlp, log));
        }

        var provider = builder.Build();
        instruments.Begin(cluster, requests, shared, lastComplete);
        return new Exports(
            instruments,
            provider,
            new MetricsPage(scrape, options.Status.AccountMetrics ? new AccountMetrics(options.StorePath, options.Region, clock) : null),
            options.Graphite is { } graphite ? new GraphiteExport(graphite, options, cluster, log, clock) : null);
    }

    public void Tell(RoundNews news)
    {
        _instruments.Tell(news);
        _graphite?.Tell(news);
    }

    public void Tell(Publication publication, PumpNews news)
    {
        _instruments.Tell(publication, news);
        _graphite?.Tell(publication, news);
    }

    /// <summary>Sends what is sent, and keeps fresh what is asked for, until stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        Func<CancellationToken, Task>[] work = [_instruments.Store.RunAsync, .. _graphite?.Work ?? []];
        try
        {
            // None ends by itself but by a defect, and that ends the others.
            await Parallel.ForEachAsync(
                work, new ParallelOptions { MaxDegreeOfParallelism = work.Length, CancellationToken = stopping }, (each, ending) => new ValueTask(each(ending)));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    public void Dispose()
    {
        Page.Dispose();
        _provider.Shutdown((int)GoodbyeMax.TotalMilliseconds);
        _provider.Dispose();
    }

    private static int SeriesMax(string instrument) => instrument switch
    {
        "consometer.node.failures" => FailuresMax,
        _ when instrument.StartsWith("consometer.node.", StringComparison.Ordinal) => NodesMax,
        _ => OthersMax,
    };
}
