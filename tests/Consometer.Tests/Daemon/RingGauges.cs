using System.Diagnostics.Metrics;
using Consometer.Daemon;

namespace Consometer.Tests.Daemon;

/// <summary>The gauges of one ring, read as an exporter reads them.</summary>
internal sealed class RingGauges : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _values = [];

    public RingGauges(LiveRing ring)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Consometer" && instrument.Meter.Scope == ring)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => _values[$"{instrument.Name} {instrument.Unit}"] = value);
        _listener.Start();
    }

    /// <summary>Since the ring in use was written.</summary>
    public TimeSpan Age => TimeSpan.FromSeconds(Read()["consometer.ring.age s"]);

    /// <summary>Since its file was found broken or missing.</summary>
    public TimeSpan Stale => TimeSpan.FromSeconds(Read()["consometer.ring.stale s"]);

    /// <summary>Every gauge there is, by name and unit.</summary>
    public IReadOnlyDictionary<string, double> Read()
    {
        _values.Clear();
        _listener.RecordObservableInstruments();
        return _values;
    }

    public void Dispose() => _listener.Dispose();
}
