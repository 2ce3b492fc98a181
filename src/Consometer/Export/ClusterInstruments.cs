using System.Diagnostics.Metrics;
using Consometer.Daemon;

namespace Consometer.Export;

/// <summary>The ring and the list of projects in use. Where the proxy alone is asked there is no ring.</summary>
internal static class ClusterInstruments
{
    public static void Add(Meter meter, Cluster cluster)
    {
        if (cluster.Ring is { } ring)
        {
            meter.CreateObservableGauge("consometer.ring.age", () => ring.Age.TotalSeconds, "s", "Time since the account ring in use was written.");
            meter.CreateObservableGauge(
                "consometer.ring.stale", () => ring.Stale.TotalSeconds, "s", "Time since the file of the account ring was found broken or missing; 0 while the ring in use is the file's.");
            meter.CreateObservableGauge(
                "consometer.ring.version", () => Known(ring.Table.Header.BuilderVersion), null, "Version of the account ring in use; none of a ring of before Swift 2.24.0.");
        }

        meter.CreateObservableGauge("consometer.projects.age", () => Known(cluster.Projects.Age?.TotalSeconds), "s", "Time since the list of projects in use was made by Keystone.");
    }

    private static IEnumerable<Measurement<double>> Known(double? value) => value is { } known ? [new Measurement<double>(known)] : [];
}
