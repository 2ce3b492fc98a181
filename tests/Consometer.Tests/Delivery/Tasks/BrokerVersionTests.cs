using Consometer.Delivery.Tasks;

namespace Consometer.Tests.Delivery.Tasks;

public sealed class BrokerVersionTests
{
    [Theory]
    [InlineData("3.7.28", false, false)]
    [InlineData("3.8.0", true, false)]
    [InlineData("3.9.29", true, false)]
    [InlineData("3.10.8", true, true)]
    [InlineData("3.13.0-rc.1", true, true)]
    [InlineData("4.0-beta", true, true)]
    [InlineData("4.1.0+1.g2f4a", true, true)]
    [InlineData("10.0", true, true)]
    [InlineData("2.8.7", false, false)]
    [InlineData("3", false, false)]
    [InlineData("3.", false, false)]
    [InlineData("three.ten", false, false)]
    [InlineData("99999999999.1", false, false)]
    [InlineData("", false, false)]
    public void What_a_broker_can_do_goes_by_two_numbers(string text, bool canShare, bool hasExpiry)
    {
        var version = BrokerVersion.Parse(text);

        Assert.Equal((text, canShare, hasExpiry), (version.Text, version.CanShare, version.HasExpiry));
    }
}
