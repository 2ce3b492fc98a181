using Consometer.Delivery.Formats;
using Consometer.Metering.Samples;

namespace Consometer.Delivery.Store;

/// <summary>Writes samples into a round: its figures, where they are kept, and its messages. One that no consumer could read is withheld, and named.</summary>
internal sealed class SampleWriter(StoreConnection connection, long round, NewRound plan, RemarkWriter remarks) : IDisposable
{
    private readonly FigureWriter? _figures = plan.KeepsSamples ? new FigureWriter(connection, round) : null;
    private readonly OutboxWriter[] _outbox = [.. plan.Publications.Select(publication => new OutboxWriter(connection, round, publication))];
    private readonly List<Sample> _pending = [];

    /// <summary>How many samples were withheld so far.</summary>
    public int WithheldCount { get; private set; }

    public void Add(Sample sample)
    {
        if (SampleFault.Of(sample) is { } fault)
        {
            WithheldCount++;
            remarks.AddWithheld(sample, fault);
            return;
        }

        if (_figures is not null)
        {
            _pending.Add(sample);
        }

        foreach (var writer in _outbox)
        {
            writer.Add(sample);
        }
    }

    /// <summary>Makes messages of what has not filled one: the round has no more.</summary>
    public void CloseBatches()
    {
        foreach (var writer in _outbox)
        {
            writer.CloseBatch();
        }
    }

    /// <summary>Writes what came since the last time, in the transaction that is open.</summary>
    public void Insert()
    {
        foreach (var sample in _pending)
        {
            _figures!.Insert(sample);
        }

        foreach (var writer in _outbox)
        {
            writer.Insert();
        }

        _pending.Clear();
    }

    public void Dispose()
    {
        foreach (var writer in _outbox)
        {
            writer.Dispose();
        }

        _figures?.Dispose();
    }
}
