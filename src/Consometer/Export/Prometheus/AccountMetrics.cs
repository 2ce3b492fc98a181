using System.IO.Pipelines;
using Consometer.Delivery.Store;
using Consometer.Metering.Samples;

namespace Consometer.Export.Prometheus;

/// <summary>The usage of each account in the last period with a complete round, as the store has it, a row at a time: there may be a million.</summary>
/// <param name="storePath">The store.</param>
/// <param name="region">Whose accounts.</param>
/// <param name="clock">What is waited by.</param>
internal sealed class AccountMetrics(string storePath, string region, TimeProvider clock)
{
    /// <summary>While the store is read its log grows; Prometheus itself waits no longer than a scrape's interval.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Bytes between two flushes, at which whoever reads slowly is waited for.</summary>
    private const int FlushBytes = 1 << 16;

    private static readonly (string Name, string Help, Meter Meter)[] Families =
    [
        ("consometer_account_bytes", "Logical bytes in an account in the last complete round.", MeterOf(MeterCatalogue.Size)),
        ("consometer_account_containers", "Containers in an account in the last complete round.", MeterOf("storage.objects.containers")),
        ("consometer_account_objects", "Objects in an account in the last complete round.", MeterOf("storage.objects")),
    ];

    /// <summary>Writes them, all of one state of the store. Where the store cannot be read at all there are none.</summary>
    /// <param name="to">Where they go.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="StoreException">The store failed in their midst: what is written must not pass for all of it.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled, or it takes too long to send them.</exception>
    public async Task WriteAsync(PipeWriter to, CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        var text = new PrometheusText(to);
        var isBegun = false;
        try
        {
            using var usage = UsageQuery.Open(storePath);
            foreach (var (name, help, meter) in Families)
            {
                var lines = 0;
                foreach (var sample in usage.Samples(new UsageFilter(region, [meter]) { InAnyOrder = true }))
                {
                    if (lines++ == 0)
                    {
                        text.Family(name, "gauge", help);
                    }

                    isBegun = true;
                    Write(text, name, sample);
                    if (to.UnflushedBytes > FlushBytes)
                    {
                        await to.FlushAsync(ending.Token);
                    }
                }
            }
        }
        catch (StoreException) when (!isBegun)
        {
            // The other metrics are how an operator learns that the store is ill.
        }
    }

    private static void Write(PrometheusText text, string name, Sample sample)
    {
        text.Begin(name);
        text.Label("project_id", sample.ProjectId);
        text.Label("resource_id", sample.ResourceId);
        text.Label("region", sample.Region);
        text.End(sample.Volume);
    }

    private static Meter MeterOf(string name) => MeterCatalogue.All.Single(meter => meter.Name == name);
}
