using Consometer.Metering.Polling;

namespace Consometer.Tests.Metering;

/// <summary>The proxy's <c>read_affinity</c>. Every line was put to <c>affinity_key_function</c> of Swift 2.30, and this is what it said.</summary>
public sealed class ReadAffinityTests
{
    /// <summary>A preference, and the zones of two regions in the order that they are asked in.</summary>
    [Theory]
    [InlineData("", "r1z1 r1z2 r2z1 r2z2")]
    [InlineData("  ", "r1z1 r1z2 r2z1 r2z2")]
    [InlineData("r2=1", "r2z1 r2z2 r1z1 r1z2")]
    [InlineData("r2z2=100, r2=200", "r2z2 r2z1 r1z1 r1z2")]
    [InlineData("r2=200,r2z2=100", "r2z2 r2z1 r1z1 r1z2")]
    [InlineData(" r2z2=100 ,r1z2=100 ", "r1z2 r2z2 r1z1 r2z1")]
    [InlineData("r02z02=003", "r2z2 r1z1 r1z2 r2z1")]
    [InlineData("r2=1\n", "r2z1 r2z2 r1z1 r1z2")]
    [InlineData("r2=1\n,r1=0", "r1z1 r1z2 r2z1 r2z2")]
    [InlineData("r1z1=2, r1z1=1, r1z2=1", "r1z1 r1z2 r2z1 r2z2")]
    public void The_lower_number_is_asked_first_and_what_has_none_last(string text, string order)
    {
        var affinity = ReadAffinity.Parse(text)!;

        string[] zones = ["r1z1", "r1z2", "r2z1", "r2z2"];
        var sorted = zones.OrderBy(zone => affinity.PriorityOf(TestRing.DeviceAt(0, 6202) with { Region = zone[1] - '0', Zone = zone[3] - '0' }));

        Assert.Equal(order, string.Join(' ', sorted));
    }

    [Theory]
    [InlineData("r1 = 1")]
    [InlineData("r1=1,")]
    [InlineData(",")]
    [InlineData("z1=1")]
    [InlineData("r1z=1")]
    [InlineData("R1=1")]
    [InlineData("r1=-1")]
    [InlineData("r1=1.5")]
    [InlineData("r1z1=1 r2=2")]
    [InlineData("r1z1")]
    [InlineData("1=1")]
    [InlineData("r=1")]
    [InlineData("r1z1z2=1")]
    [InlineData("r1=1;r2=2")]
    [InlineData("r1=1 x")]
    public void What_Swift_refuses_is_none(string text) => Assert.Null(ReadAffinity.Parse(text));

    /// <summary>Swift takes numbers of any length; no ring has such a region.</summary>
    [Fact]
    public void A_number_that_is_too_long_to_be_meant_is_none() => Assert.Null(ReadAffinity.Parse("r1=99999999999"));
}
