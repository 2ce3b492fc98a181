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
    /// <param name="first">Which primary wins among equals.</param>
    /// <returns>False if the rule asks no more, or there is no device left.</returns>
    public bool MoveOn(Func<Device, int> cost, int first)
    {
        if (!ReadingRule.AsksAnother(_readings, _primaries.Count))
        {
            return false;
        }

        Device? best = null;
        for (var i = 0; i < _primaries.Count; i++)
        {
            var primary = _primaries[(first + i) % _primaries.Count];
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
