using Consometer.Rings;

namespace Consometer.Simulation;

/// <summary>
/// Which device holds which partition. What it promises is what <c>swift-ring-builder rebalance</c> aims at: no device twice in
/// a partition; replicas as far apart as the devices allow (region, then zone, then node); within that, partitions by weight.
/// </summary>
public sealed class RingPlan
{
    private RingPlan(IReadOnlyList<Device?> devices, IReadOnlyList<ushort[]> rows, int partPower)
    {
        Devices = devices;
        Rows = rows;
        PartPower = partPower;
    }

    /// <summary>The devices by id; null where one was removed.</summary>
    public IReadOnlyList<Device?> Devices { get; }

    /// <summary>One row a replica: device ids by partition. The last is short if the replicas are not a whole number.</summary>
    public IReadOnlyList<ushort[]> Rows { get; }

    public int PartPower { get; }

    /// <summary>Deals the partitions. The same arguments give the same plan.</summary>
    /// <param name="devices">The devices by id; null where one was removed. A weight of 0 gets nothing.</param>
    /// <param name="replicas">1 or more; 2.5 gives every other partition a third replica.</param>
    /// <param name="partPower">The ring has 2 to this power partitions.</param>
    /// <param name="seed">Decides between devices that are equally good.</param>
    /// <exception cref="ArgumentException">Fewer devices than replicas.</exception>
    public static RingPlan Draw(IReadOnlyList<Device?> devices, double replicas, int partPower, int seed)
    {
        var partitions = 1 << partPower;
        var shortRow = (int)((replicas - Math.Floor(replicas)) * partitions);
        ushort[][] rows = [.. Enumerable.Range(0, (int)replicas).Select(_ => new ushort[partitions])];
        if (shortRow > 0)
        {
            rows = [.. rows, new ushort[shortRow]];
        }

        Device[] dealtTo = [.. devices.OfType<Device>().Where(device => device.Weight > 0)];
        if (rows.Length == 0 || dealtTo.Length < rows.Length)
        {
            throw new ArgumentException($"wanted a device with a weight per replica, found {dealtTo.Length} for {replicas}");
        }

        new Deal(dealtTo, rows, new SeededNumbers(seed, SeededNumbers.Stream.Ring)).Fill();
        return new RingPlan(devices, rows, partPower);
    }

    /// <summary>Writes the ring, as builder version 1.</summary>
    public void Write(string path) => RingFileWriter.Write(path, Devices, Rows, 32 - PartPower, builderVersion: 1);

    /// <summary>The dealing: partition by partition, each replica to the farthest device, of those to the hungriest.</summary>
    private sealed class Deal(Device[] devices, ushort[][] rows, SeededNumbers numbers)
    {
        /// <summary>How many partitions a device still wants; below 0 if distance made it take more.</summary>
        private readonly double[] _hunger = Shares(devices, rows.Sum(row => row.Length));

        private readonly List<Device> _holders = new(rows.Length);

        public void Fill()
        {
            for (var partition = 0; partition < rows[0].Length; partition++)
            {
                _holders.Clear();
                foreach (var row in rows.Where(row => partition < row.Length))
                {
                    var chosen = Choose();
                    _hunger[chosen]--;
                    _holders.Add(devices[chosen]);
                    row[partition] = (ushort)devices[chosen].Id;
                }
            }
        }

        private int Choose()
        {
            var best = -1;
            var bestNearness = int.MaxValue;
            var equals = 0;
            for (var i = 0; i < devices.Length; i++)
            {
                var nearness = Nearness(devices[i]);
                var better = best < 0 || nearness < bestNearness || (nearness == bestNearness && _hunger[i] > _hunger[best]);
                var equal = !better && nearness == bestNearness && _hunger[i] == _hunger[best];
                equals = better ? 1 : equal ? equals + 1 : equals;

                // Each of n equals is the chosen one with the chance of 1/n, without a list of them.
                if (better || (equal && numbers.Below(equals) == 0))
                {
                    best = i;
                    bestNearness = nearness;
                }
            }

            return best;
        }

        /// <summary>How much the device shares with a replica already placed: 0 not even the region, to 4 itself.</summary>
        private int Nearness(Device device)
        {
            var nearest = 0;
            foreach (var holder in _holders)
            {
                var nearness =
                    holder.Region != device.Region ? 0
                    : holder.Zone != device.Zone ? 1
                    : holder.Ip != device.Ip || holder.Port != device.Port ? 2
                    : holder.Id != device.Id ? 3
                    : 4;
                nearest = Math.Max(nearest, nearness);
            }

            return nearest;
        }

        private static double[] Shares(Device[] devices, int entries)
        {
            var weight = devices.Sum(device => device.Weight);
            return [.. devices.Select(device => entries * device.Weight / weight)];
        }
    }
}
