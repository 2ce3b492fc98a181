using System.Diagnostics.Metrics;

namespace Consometer.Tests.Daemon;

/// <summary>The gauges of one scope, read as an exporter reads them.</summary>
internal sealed class Gauges : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _values = [];

    public Gauges(object scope)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Consometer" && instrument.Meter.Scope == scope)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => _values[$"{instrument.Name} {instrument.Unit}"] = value);
        _listener.Start();
    }

    /// <summary>Every gauge that says something, by name and unit.</summary>
    public IReadOnlyDictionary<string, double> Read()
    {
        _values.Clear();
        _listener.RecordObservableInstruments();
        return _values;
    }

    public void Dispose() => _listener.Dispose();
}
