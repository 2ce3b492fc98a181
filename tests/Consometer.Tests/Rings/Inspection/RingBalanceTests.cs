using Consometer.Rings;
using Consometer.Rings.Inspection;

namespace Consometer.Tests.Rings.Inspection;

/// <summary>Balance and dispersion: what Swift's own builder says of the fixtures, and some that can be had by hand.</summary>
public sealed class RingBalanceTests
{
    /// <summary>By <c>RingBuilder.get_balance</c>, <c>dispersion</c> and <c>_build_balance_per_dev</c> of Swift 2.30.1, to the last digit.</summary>
    [Theory]
    [InlineData("small.v1", 0.0, 0.0, 1, 0.0)]
    [InlineData("small.v2", 0.0, 0.0, 1, 0.0)]
    [InlineData("fractional.v1", 1.25, 0.0, 0, -0.15625)]
    [InlineData("fractional.v2", 1.25, 0.0, 1, 1.25)]
    [InlineData("holes.v1", 0.0, 5.989583333333333, 1, 0.0)]
    [InlineData("one-host.v1", 1.5625, 0.0, 1, -0.390625)]
    [InlineData("regions.v1", 0.872721354166643, 0.0, 0, 0.09677734374997726)]
    [InlineData("wide-ids.v2", 0.872721354166643, 0.0, 1, -0.5125397156407274)]
    [InlineData("one-partition.v1", 100.0, 0.0, 0, 33.33333333333334)]
    [InlineData("corner.v1", 95.3125, 25.78125, 1, -1.5625000000000142)]
    [InlineData("empty-row.v1", 49.99999999999997, 0.0, 2, -25.000000000000014)]
    [InlineData("big-walk-17.v1", 109.99267578125, 20.625, 2, 109.99267578125)]
    public void A_ring_is_as_balanced_as_Swift_says(string name, double balance, double dispersion, int device, double ofDevice)
    {
        var found = RingBalance.Of(RingFile.Decode(EditedRing.File(name)));

        Assert.Equal((balance, dispersion, ofDevice), (found.Balance, found.Dispersion, found.OfDevice(device)));
    }

    /// <summary>64 partitions with one replica, half on each of two devices, of which one should have a quarter.</summary>
    [Fact]
    public void A_devices_balance_is_what_it_has_beyond_its_weight()
    {
        var balance = OfWeights(1, 3);

        Assert.Equal((100.0, 100.0), (balance.Balance, balance.OfDevice(0)));
        Assert.Equal(-100 / 3.0, balance.OfDevice(1)!.Value, tolerance: 1e-12);
    }

    [Fact]
    public void A_device_without_weight_has_the_worst_balance_as_long_as_it_holds_anything()
    {
        Assert.Equal((999.99, 999.99, -50), (OfWeights(0, 3).Balance, OfWeights(0, 3).OfDevice(0), OfWeights(0, 3).OfDevice(1)));
        Assert.Equal(0, OfWeights(1, 1, 0).OfDevice(2));
    }

    [Fact]
    public void A_removed_device_has_no_balance()
    {
        Assert.Null(RingBalance.Of(RingFile.Decode(EditedRing.File("holes.v1"))).OfDevice(0));
    }

    /// <summary>Of no weights, and of weights with which nothing can be computed, nothing is said; never that it is infinite.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, -1)]
    [InlineData(1e308, 1e308)]
    [InlineData(5e-324, 5e-324)]
    public void Weights_that_nobody_gives_have_no_balance(double one, double other)
    {
        var balance = OfWeights(one, other);

        Assert.Equal((null, null, null), (balance.Balance, balance.OfDevice(0), balance.OfDevice(1)));
        Assert.InRange(balance.Dispersion, 0, 100);
    }

    [Fact]
    public void A_weight_too_small_to_count_with_hides_no_other_devices_balance()
    {
        var balance = OfWeights(1e-320, 1);

        Assert.Equal((null, -50.0), (balance.OfDevice(0), balance.OfDevice(1)));
    }

    /// <summary>Two of three replicas in one of three zones, in each of 16 of 64 partitions: 16 of 192 replicas.</summary>
    [Fact]
    public void Dispersion_counts_the_replicas_that_are_too_near()
    {
        var devices = Enumerable.Range(0, 4).Select(id => TestRing.DeviceAt(id, 6202, $"10.0.0.{id}") with { Zone = Math.Min(id, 2) }).ToArray();
        ushort[][] rows = [[.. Enumerable.Repeat((ushort)0, 64)], [.. Enumerable.Range(0, 64).Select(part => (ushort)(part < 16 ? 3 : 1))], [.. Enumerable.Repeat((ushort)2, 64)]];

        Assert.Equal(100.0 * 16 / 192, RingBalance.Of(RingFile.Decode(TestRing.Bytes(devices, rows))).Dispersion);
    }

    /// <summary>A weight that is no number at all is no ring's.</summary>
    [Theory]
    [InlineData("1e309")]
    [InlineData("-1e999")]
    public void An_infinite_weight_is_refused(string weight)
    {
        Assert.Equal("a finite number as weight", EditedRing.AssertRefused(EditedRing.WithJson("single.v1", "\"weight\": 100.0", $"\"weight\": {weight}")).Wanted);
    }

    /// <summary>One replica of 64 partitions, on the first two devices in turn.</summary>
    private static RingBalance OfWeights(params double[] weights)
    {
        var devices = weights.Select((weight, id) => TestRing.DeviceAt(id, 6202, name: $"sd{id}") with { Weight = weight }).ToArray();
        return RingBalance.Of(RingFile.Decode(TestRing.Bytes(devices, [[.. Enumerable.Range(0, 64).Select(part => (ushort)(part % 2))]])));
    }
}
