using Consometer.Daemon.Tasks;
using Consometer.Metering.Tasks;

namespace Consometer.Tests.Daemon.Tasks;

/// <summary>Which tasks a daemon leaves to another.</summary>
public sealed class TaskRefusalTests
{
    private static readonly RingIdentity Own = new(TestTask.Ring, 10, "mark");

    [Fact]
    public void A_ring_that_is_older_or_newer_will_do() =>
        Assert.Null(TaskRefusal.Of(TestTask.Of(1), "RegionOne", Own with { Md5 = TestTask.OtherRing }));

    [Fact]
    public void Where_one_asks_the_proxy_alone_no_ring_matters()
    {
        Assert.Null(TaskRefusal.Of(TestTask.Of(1), "RegionOne", own: null));
        Assert.Null(TaskRefusal.Of(TestTask.Of(1) with { Ring = null }, "RegionOne", Own));
    }

    [Fact]
    public void Accounts_that_would_be_looked_for_elsewhere_are_anothers()
    {
        Assert.Equal("wanted the coordinator's part power, 10, found 11", TaskRefusal.Of(TestTask.Of(1), "RegionOne", Own with { PartPower = 11 }));
        Assert.Equal(
            "wanted the coordinator's hash prefix and suffix, found others in swift.conf", TaskRefusal.Of(TestTask.Of(1), "RegionOne", Own with { HashMark = "another" }));
    }

    [Fact]
    public void So_are_another_regions_and_those_with_a_meter_that_is_not_known()
    {
        Assert.Contains("RegionTwo", TaskRefusal.Of(TestTask.Of(1), "RegionTwo", Own), StringComparison.Ordinal);
        Assert.Contains("storage.smell", TaskRefusal.Of(TestTask.Of(1) with { Meters = ["storage.objects", "storage.smell"] }, "RegionOne", Own), StringComparison.Ordinal);
    }
}
