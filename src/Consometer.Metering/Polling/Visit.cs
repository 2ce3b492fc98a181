using Consometer.Rings;
using Consometer.Swift.Accounts;

namespace Consometer.Metering.Polling;

/// <summary>One account on its way past its replicas. Touched by one worker at a time.</summary>
internal sealed class Visit(Account account, Placement placement, bool allReplicas)
{
    private readonly IReadOnlyList<Device> _primaries = placement.Primaries();
    private readonly List<ReplicaReading> _readings = new(1);
    private IEnumerator<Device>? _handoffs;

    public Account Account { get; } = account;

    public uint Partition => placement.Partition;

    /// <summary>The device to ask now.</summary>
    public Device Device { get; private set; } = null!;

    /// <summary>The listing of its containers, once its figures are known and if that is wanted.</summary>
    public Listing? Listing { get; private set; }

    public void Add(ReplicaReading reading) => _readings.Add(reading);

    /// <summary>Chooses the next device: the best primary not yet asked, then the handoffs in the ring's order.</summary>
    /// <param name="cost">What asking a device costs now; the cheapest primary is asked.</param>
    /// <returns>False if the rule asks no more, or there is no device left.</returns>
    public bool MoveOn(Func<Device, AskingCost> cost)
    {
        if (!ReadingRule.AsksAnother(_readings, _primaries.Count, allReplicas))
        {
            return false;
        }

        var next = BestPrimary(cost);
        if (next is null)
        {
            _handoffs ??= placement.Handoffs().GetEnumerator();
            next = _handoffs.MoveNext() ? _handoffs.Current : null;
        }

        Device = next ?? Device;
        return next is not null;
    }

    /// <summary>Chooses again while it waits for a primary, now that the costs are others.</summary>
    /// <param name="cost">As for <see cref="MoveOn"/>.</param>
    /// <returns>Whether there is one now that nothing is wrong with: from one slow server to another nothing would be won.</returns>
    public bool ChooseAgain(Func<Device, AskingCost> cost)
    {
        if (BestPrimary(cost) is not { } best || cost(best) is { IsSetAside: true } or { IsSlowedDown: true })
        {
            return false;
        }

        Device = best;
        return true;
    }

    /// <summary>Goes on to list the containers, where the figures are from and, if need be, at primaries that were not asked yet.</summary>
    public void List(AccountOutcome.Measured measured) =>
        Listing = new Listing(measured, _readings.OfType<ReplicaReading.Answered>().Select(reading => reading.Device).Concat(_primaries.Where(primary => !WasAsked(primary))));

    /// <summary>What is known of the account when no more replicas are asked.</summary>
    public AccountOutcome Judge() => ReadingRule.Judge(Account, _readings, _primaries);

    /// <summary>What is known of it when the time is over: what is settled stands.</summary>
    public AccountOutcome JudgeOutOfTime() =>
        Judge() is var outcome && (outcome is AccountOutcome.Measured || !ReadingRule.AsksAnother(_readings, _primaries.Count))
            ? outcome
            : new AccountOutcome.Unknown(Account, _readings) { IsOutOfTime = true };

    /// <summary>The cheapest primary not yet asked. Among equals it starts with another one for each partition, which spreads accounts evenly: partitions are hashes.</summary>
    private Device? BestPrimary(Func<Device, AskingCost> cost)
    {
        Device? best = null;
        AskingCost bestCost = default;
        for (var i = 0u; i < _primaries.Count; i++)
        {
            var primary = _primaries[(int)((Partition + i) % (uint)_primaries.Count)];
            if (!WasAsked(primary) && cost(primary) is var primaryCost && (best is null || primaryCost.CompareTo(bestCost) < 0))
            {
                (best, bestCost) = (primary, primaryCost);
            }
        }

        return best;
    }

    private bool WasAsked(Device device)
    {
        foreach (var reading in _readings)
        {
            if (reading.Device.Id == device.Id)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>What speaks against asking a device, the weightiest first.</summary>
/// <param name="IsSetAside">It, or its server, keeps failing.</param>
/// <param name="IsSlowedDown">Its server says that it is asked too often.</param>
/// <param name="Priority">The operator would rather have others asked.</param>
/// <param name="Load">Accounts wait for its server.</param>
internal readonly record struct AskingCost(bool IsSetAside, bool IsSlowedDown, int Priority, int Load) : IComparable<AskingCost>
{
    public int CompareTo(AskingCost other) => (IsSetAside, IsSlowedDown, Priority, Load).CompareTo((other.IsSetAside, other.IsSlowedDown, other.Priority, other.Load));
}
