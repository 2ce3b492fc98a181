using System.Globalization;
using Consometer.Configuration;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;
using Serilog;

namespace Consometer.Daemon;

/// <summary>What carries samples to the broker: a pump for each format that is configured, each with a connection of its own. None where there is no broker.</summary>
internal sealed class Pumps : IDisposable
{
    private readonly List<(Pump Pump, Outbox Outbox, Wakeup Wakeup)> _pumps = [];

    private Pumps()
    {
    }

    /// <summary>Opens the outbox of the store, which has been opened before.</summary>
    /// <exception cref="StoreException">It cannot be opened.</exception>
    public static Pumps Open(ConsometerOptions options, ILogger log, TimeProvider clock)
    {
        var pumps = new Pumps();
        foreach (var publication in options.Delivery?.Publications ?? [])
        {
            var outbox = Outbox.Open(options.StorePath);
            var wakeup = new Wakeup();
            pumps._pumps.Add((new Pump(outbox, publication, options.Delivery!.Broker, wakeup, new PumpLog(publication, log).Tell, clock), outbox, wakeup));
        }

        return pumps;
    }

    /// <summary>Tells the pumps of new messages.</summary>
    public void Wake() => _pumps.ForEach(each => each.Wakeup.Ring());

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

/// <summary>What a pump tells, as lines of the log.</summary>
internal sealed class PumpLog(Publication publication, ILogger log)
{
    private long _messages;
    private long _samples;

    public void Tell(PumpNews news)
    {
        var format = publication.Format.Name;
        switch (news)
        {
            case PumpNews.Connected connected:
                log.Debug("{Format:l}: connected to {Host:l}, {Destination:l}", format, connected.Host, publication.Destination.ToString());
                break;
            case PumpNews.Delivered delivered:
                _messages += delivered.Messages;
                _samples += delivered.Samples;
                log.Debug("{Format:l}: {Messages} messages confirmed", format, delivered.Messages);
                break;
            case PumpNews.Idle when _messages > 0:
                log.Information(
                    "{Format:l}: {Samples:l} samples delivered in {Messages:l} messages to {Destination:l}",
                    format, Count(_samples), Count(_messages), publication.Destination.ToString());
                (_messages, _samples) = (0, 0);
                break;
            case PumpNews.Blocked blocked:
                log.Warning("{Format:l}: the broker takes nothing for now ({Reason:l}); samples wait in the outbox", format, blocked.Reason);
                break;
            case PumpNews.Unblocked:
                log.Information("{Format:l}: the broker takes messages again", format);
                break;
            case PumpNews.Interrupted interrupted:
                log.Warning(
                    "{Format:l}: {Reason:l}; samples wait in the outbox, next try in {Seconds:l} s",
                    format, interrupted.Reason, interrupted.RetryIn.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
