using System.Diagnostics.Metrics;
using Consometer.Metering.Polling;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Metering;

/// <summary>What nodes' instruments cost: they are used for every request.</summary>
public sealed class NodeInstrumentsTests : IDisposable
{
    private readonly Meter _meter = new("test");
    private readonly MeterListener _listener = new();
    private double _heard;

    [Fact]
    public void A_request_costs_no_memory()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == _meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, value, _, _) => _heard += value);
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => _heard += value);
        var series = new NodeInstruments(_meter).Of(new Node("192.0.2.1", 6202));
        _listener.Start();
        Count(series);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Count(series);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(4, _heard);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    private static void Count(NodeSeries series)
    {
        series.Count(failure: null, TimeSpan.FromSeconds(1));
        series.Count(Unavailability.TimedOut, TimeSpan.FromSeconds(10));
    }
}
