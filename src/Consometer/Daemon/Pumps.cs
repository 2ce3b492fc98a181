using Consometer.Configuration;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;

namespace Consometer.Daemon;

/// <summary>What carries samples to the broker: a pump for each format that is configured, each with a connection of its own. None where there is no broker.</summary>
internal sealed class Pumps : IDisposable
{
    private readonly List<(Pump Pump, Outbox Outbox, Wakeup Wakeup)> _pumps = [];

    private Pumps()
    {
    }

    /// <summary>Opens the outbox of the store, which has been opened before.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="tell">Told what happens to each publication's pump, on any thread.</param>
    /// <param name="clock">What is waited by.</param>
    /// <exception cref="StoreException">It cannot be opened.</exception>
    public static Pumps Open(ConsometerOptions options, Func<Publication, Action<PumpNews>> tell, TimeProvider clock)
    {
        var pumps = new Pumps();
        foreach (var publication in options.Delivery?.Publications ?? [])
        {
            var outbox = Outbox.Open(options.StorePath);
            var wakeup = new Wakeup();
            pumps._pumps.Add((new Pump(outbox, publication, options.Delivery!.Broker, wakeup, tell(publication), clock), outbox, wakeup));
        }

        return pumps;
    }

    /// <summary>Tells the pumps of new messages.</summary>
    public void Wake() => _pumps.ForEach(each => each.Wakeup.Ring());

    /// <summary>Tells the pumps that the broker is there.</summary>
    public void TryNow() => _pumps.ForEach(each => each.Pump.TryNow());

    /// <summary>Delivers until stopped; no pump is at work any more when it returns.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task[] pumps = [.. _pumps.Select(each => each.Pump.RunAsync(ending.Token))];
        try
        {
            // One that ends by a defect ends all: nobody delivers half of what is configured unnoticed.
            await Task.WhenAny([.. pumps, Task.Delay(Timeout.Infinite, stopping)]);
            await ending.CancelAsync();
            await Task.WhenAll(pumps);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>Delivers what waits, and returns when nothing does.</summary>
    /// <exception cref="BrokerException">It cannot be delivered now; it waits.</exception>
    /// <exception cref="StoreException">The outbox cannot be read.</exception>
    public Task DrainAsync(CancellationToken stopping) => Task.WhenAll(_pumps.Select(each => each.Pump.DrainAsync(stopping)));

    public void Dispose() => _pumps.ForEach(each => each.Outbox.Dispose());
}
