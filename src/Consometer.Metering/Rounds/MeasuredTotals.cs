using Consometer.Metering.Polling;

namespace Consometer.Metering.Rounds;

/// <summary>Adds up what measured accounts hold while a round goes on, and remembers the largest.</summary>
internal sealed class MeasuredTotals
{
    private const int LargestMax = 10;

    /// <summary>The least of them first, so that a million accounts cost a comparison each.</summary>
    private readonly PriorityQueue<LargeAccount, long> _largest = new(LargestMax);
    private decimal _containers;
    private decimal _objects;
    private decimal _bytes;

    public RoundTotals Sum => new(_containers, _objects, _bytes);

    /// <summary>The largest first; of equals the one whose name comes first.</summary>
    public IReadOnlyList<LargeAccount> Largest =>
        [.. _largest.UnorderedItems.Select(item => item.Element).OrderByDescending(large => large.Bytes).ThenBy(large => large.Account, StringComparer.Ordinal)];

    public void Take(AccountOutcome.Measured measured)
    {
        var (account, usage) = (measured.Account, measured.Usage);
        _containers += usage.Containers;
        _objects += usage.Objects;
        _bytes += usage.Bytes;
        if (usage.Bytes == 0 || (_largest.Count == LargestMax && _largest.TryPeek(out _, out var least) && usage.Bytes <= least))
        {
            return;
        }

        if (_largest.Count == LargestMax)
        {
            _largest.Dequeue();
        }

        _largest.Enqueue(new LargeAccount(account.Name, account.ProjectId, usage.Containers, usage.Objects, usage.Bytes), usage.Bytes);
    }
}
