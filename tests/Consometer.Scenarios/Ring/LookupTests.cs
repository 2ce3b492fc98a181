using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Ring;

public sealed class LookupTests(RealSwift lab) : LabTest(lab)
{
    [Fact]
    public async Task Every_account_is_where_Swift_says()
    {
        var wanted = await SwiftPlacement.OfAsync(Truth.Select(account => account.Account));
        Assert.Equal(Truth.Count, wanted.Length);

        var run = await Programs.ConsometerAsync(
            ["ring", "lookup", "/etc/swift/account.ring.gz", "-", "--swift-conf", "/etc/swift/swift.conf", "--format", "tsv"],
            string.Concat(Truth.Select(account => account.Account + "\n")));

        Assert.Equal(wanted.Select(placement => placement.Line), run.Succeeded().OutputLines);
    }
}
