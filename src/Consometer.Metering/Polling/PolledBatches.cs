using System.Threading.Channels;

namespace Consometer.Metering.Polling;

/// <summary>
/// What a poll has found out, on its way to the one who reads it: in batches, while many accounts are to come. Waking the reader for each costs more than
/// what the reader does with it.
/// </summary>
/// <param name="size">Accounts in a batch.</param>
/// <param name="ahead">Batches that may wait for the reader.</param>
internal sealed class PolledBatches(int size, int ahead)
{
    private readonly Channel<IReadOnlyList<Polled>> _batches = Channel.CreateBounded<IReadOnlyList<Polled>>(new BoundedChannelOptions(ahead) { SingleReader = true });
    private readonly Lock _lock = new();
    private List<Polled> _batch = [];

    public ChannelReader<IReadOnlyList<Polled>> Reader => _batches.Reader;

    /// <summary>Adds one to the batch, and passes that on if it is full.</summary>
    /// <param name="polled">The one.</param>
    /// <param name="isUrgent">Whether the batch is passed on as it is.</param>
    /// <param name="stopping">Gives up.</param>
    public ValueTask WriteAsync(Polled polled, bool isUrgent, CancellationToken stopping)
    {
        List<Polled> batch;
        lock (_lock)
        {
            _batch.Add(polled);
            if (!isUrgent && _batch.Count < size)
            {
                return ValueTask.CompletedTask;
            }

            (batch, _batch) = (_batch, new List<Polled>(isUrgent ? 1 : size));
        }

        return _batches.Writer.WriteAsync(batch, stopping);
    }

    /// <summary>There is no more.</summary>
    /// <param name="error">Why not, if something went wrong.</param>
    public void Complete(Exception? error = null) => _batches.Writer.Complete(error);
}
