using Consometer.Daemon;

namespace Consometer.Tests.Daemon;

/// <summary>The gauges of one ring, read as an exporter reads them.</summary>
internal sealed class RingGauges(LiveRing ring) : IDisposable
{
    private readonly Gauges _gauges = new(ring);

    /// <summary>Since the ring in use was written.</summary>
    public TimeSpan Age => TimeSpan.FromSeconds(Read()["consometer.ring.age s"]);

    /// <summary>Since its file was found broken or missing.</summary>
    public TimeSpan Stale => TimeSpan.FromSeconds(Read()["consometer.ring.stale s"]);

    /// <summary>Every gauge there is, by name and unit.</summary>
    public IReadOnlyDictionary<string, double> Read() => _gauges.Read();

    public void Dispose() => _gauges.Dispose();
}
