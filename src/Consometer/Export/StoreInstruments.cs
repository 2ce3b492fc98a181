using System.Diagnostics.Metrics;
using System.Globalization;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;

namespace Consometer.Export;

/// <summary>
/// The outbox and the store. They are read beside whoever measures, and when something has happened to them, because going through a long outbox
/// takes seconds; a store that cannot be read has no figures.
/// </summary>
internal sealed class StoreInstruments
{
    /// <summary>Other processes deliver too, and what they do is no news here.</summary>
    private static readonly TimeSpan RestMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RestMin = TimeSpan.FromSeconds(3);

    /// <summary>So many times as long as reading took, nothing is read.</summary>
    private const int RestPerReading = 20;

    private readonly string _path;
    private readonly string[] _formats;
    private readonly TimeProvider _clock;
    private readonly Wakeup _changed = new();
    private volatile StoreLevel? _level;

    public StoreInstruments(Meter meter, ConsometerOptions options, TimeProvider clock)
    {
        _path = options.StorePath;
        _formats = [.. (options.Delivery?.Publications ?? []).Select(publication => publication.Format.Name)];
        _clock = clock;
        meter.CreateObservableGauge("consometer.outbox.messages", () => ByFormat(backlog => backlog.Messages), "{message}", "Messages that wait for the broker, by format.");
        meter.CreateObservableGauge("consometer.outbox.samples", () => ByFormat(backlog => backlog.Samples), "{sample}", "Samples in messages that wait for the broker, by format.");
        meter.CreateObservableGauge("consometer.outbox.oldest", () => ByFormat(Age), "s", "Age of the round that has waited longest for the broker, by format; 0 where nothing waits.");
        meter.CreateObservableGauge("consometer.store.used", () => _level is { } level ? [new Measurement<double>(level.UsedBytes)] : Nothing, "By", "Bytes of the store in use.");
        meter.CreateObservableGauge("consometer.store.max", () => (double)options.StoreMaxBytes, "By", "Bytes of the store in use at which no round is begun.");
    }

    public void Tell(RoundNews news)
    {
        if (news is RoundNews.Ended)
        {
            _changed.Ring();
        }
    }

    public void Tell(PumpNews news)
    {
        if (news is PumpNews.Delivered)
        {
            _changed.Ring();
        }
    }

    /// <summary>Keeps the figures fresh, after a first look, until stopped.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        var rest = RestMin;
        while (true)
        {
            await Task.Delay(rest, _clock, stopping);
            using var quiet = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            await Task.WhenAny(_changed.Rung, Task.Delay(RestMax, _clock, quiet.Token));
            await quiet.CancelAsync();
            stopping.ThrowIfCancellationRequested();
            var began = _clock.GetTimestamp();
            Read();
            var reading = RestPerReading * _clock.GetElapsedTime(began);
            rest = reading > RestMin ? reading : RestMin;
        }
    }

    /// <summary>Looks at the store now.</summary>
    public void Read()
    {
        _changed.Reset();
        try
        {
            _level = StoreLevel.Read(_path);
        }
        catch (StoreException)
        {
            // Whoever needs the store says so.
            _level = null;
        }
    }

    private static IEnumerable<Measurement<double>> Nothing => [];

    /// <summary>Formats that are configured, and those that are not and have something waiting.</summary>
    private IEnumerable<Measurement<double>> ByFormat(Func<Backlog, double> measure)
    {
        if (_level is not { Waiting: var waiting })
        {
            return Nothing;
        }

        return _formats.Union(waiting.Select(backlog => backlog.Format)).Select(format => new Measurement<double>(
            waiting.FirstOrDefault(backlog => backlog.Format == format) is { } found ? measure(found) : 0, new KeyValuePair<string, object?>("format", format)));
    }

    private double Age(Backlog backlog) => (_clock.GetUtcNow() - DateTimeOffset.Parse(backlog.OldestRound, CultureInfo.InvariantCulture)).TotalSeconds;
}
