using Consometer.Metering.Tasks;
using Consometer.Rings;

namespace Consometer.Tests.Metering.Tasks;

public sealed class RingIdentityTests
{
    private static readonly RingIdentity Ring = new("0123", 14, "mark");

    [Fact]
    public void Another_ring_has_the_same_partitions_unless_part_power_or_hash_settings_differ()
    {
        Assert.True(Ring.HasSamePartitions(Ring with { Md5 = "4567" }));
        Assert.False(Ring.HasSamePartitions(Ring with { PartPower = 15 }));
        Assert.False(Ring.HasSamePartitions(Ring with { HashMark = "other" }));
    }

    [Fact]
    public void A_mark_tells_prefix_and_suffix_from_others_and_does_not_tell_them()
    {
        string[] marks = [.. new[] { ("", "endcap"), ("", "endcaq"), ("endcap", ""), ("prefix", "endcap"), ("", "") }.Select(pair => new HashPath(pair.Item1, pair.Item2).Mark)];

        Assert.Equal(marks.Length, marks.Distinct().Count());
        Assert.All(marks, mark => Assert.Matches("^[0-9a-f]{16}$", mark));
        Assert.Equal("feaf176a6db23981", marks[0]);
        Assert.Equal(marks[1], new HashPath(""u8, "endcaq"u8).Mark);
        Assert.DoesNotContain(new HashPath("", "endcap").Hash("").ToString(), marks[0], StringComparison.Ordinal);
    }
}
