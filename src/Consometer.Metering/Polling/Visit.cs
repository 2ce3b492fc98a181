using Consometer.Rings;
using Consometer.Swift.Accounts;

namespace Consometer.Metering.Polling;

/// <summary>One account on its way past its replicas. Touched by one worker at a time.</summary>
internal sealed class Visit(Account account, Placement placement)
{
    private readonly IReadOnlyList<Device> _primaries = placement.Primaries();
    private readonly List<ReplicaReading> _readings = new(1);
    private IEnumerator<Device>? _handoffs;

    public Account Account { get; } = account;

    public uint Partition => placement.Partition;

    /// <summary>The device to ask now.</summary>
    public Device Device { get; private set; } = null!;

    /// <summary>What was said so far.</summary>
    public IReadOnlyList<ReplicaReading> Readings => _readings;

    public void Add(ReplicaReading reading) => _readings.Add(reading);

    /// <summary>Chooses the next device: the best primary not yet asked, then the handoffs in the ring's order.</summary>
    /// <param name="cost">What asking a device costs now; the cheapest primary is asked.</param>
    /// <returns>False if the rule asks no more, or there is no device left.</returns>
    public bool MoveOn(Func<Device, int> cost)
    {
        if (!ReadingRule.AsksAnother(_readings, _primaries.Count))
        {
            return false;
        }

        // Among equals it starts with another one for each partition, which spreads accounts evenly: partitions are hashes.
        Device? best = null;
        for (var i = 0u; i < _primaries.Count; i++)
        {
            var primary = _primaries[(int)((Partition + i) % (uint)_primaries.Count)];
            if (!WasAsked(primary) && (best is null || cost(primary) < cost(best)))
            {
                best = primary;
            }
        }

        if (best is null)
        {
            _handoffs ??= placement.Handoffs().GetEnumerator();
            best = _handoffs.MoveNext() ? _handoffs.Current : null;
        }

        Device = best ?? Device;
        return best is not null;
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
