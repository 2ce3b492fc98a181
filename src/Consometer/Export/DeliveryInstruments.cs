using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Consometer.Delivery.Publishing;

namespace Consometer.Export;

/// <summary>What became of messages at the broker, by format.</summary>
internal sealed class DeliveryInstruments
{
    private readonly IReadOnlyList<Publication> _publications;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _samples;
    private readonly Counter<long> _interruptions;
    private readonly ConcurrentDictionary<string, int> _isConnected = new(StringComparer.Ordinal);

    public DeliveryInstruments(Meter meter, IReadOnlyList<Publication> publications)
    {
        _publications = publications;
        _messages = meter.CreateCounter<long>("consometer.messages.delivered", "{message}", "Messages confirmed by the broker, by format.");
        _samples = meter.CreateCounter<long>("consometer.samples.delivered", "{sample}", "Samples in messages confirmed by the broker, by format.");
        _interruptions = meter.CreateCounter<long>("consometer.delivery.interruptions", "{event}", "Times that delivery stopped, to be tried again, by format.");
        meter.CreateObservableGauge(
            "consometer.broker.connected",
            () => publications.Select(publication => new Measurement<int>(_isConnected.GetValueOrDefault(publication.Format.Name), Format(publication))),
            null,
            "Whether there is a connection to the broker, by format.");
    }

    public void Begin()
    {
        foreach (var publication in _publications)
        {
            _messages.Add(0, Format(publication));
            _samples.Add(0, Format(publication));
            _interruptions.Add(0, Format(publication));
        }
    }

    public void Tell(Publication publication, PumpNews news)
    {
        switch (news)
        {
            case PumpNews.Connected:
                _isConnected[publication.Format.Name] = 1;
                break;
            case PumpNews.Delivered delivered:
                _messages.Add(delivered.Messages, Format(publication));
                _samples.Add(delivered.Samples, Format(publication));
                break;
            case PumpNews.Interrupted:
                _isConnected[publication.Format.Name] = 0;
                _interruptions.Add(1, Format(publication));
                break;
        }
    }

    private static KeyValuePair<string, object?> Format(Publication publication) => new("format", publication.Format.Name);
}
