using Consometer.Metering;
using Consometer.Rings;

namespace Consometer.Tests.Metering;

/// <summary>Which accounts are one host's.</summary>
public sealed class LocalScopeTests
{
    private static readonly string[] Hosts = ["192.0.2.1", "192.0.2.2", "2001:db8::1", "node-4.example"];

    private static readonly RingTable Ring = TestRing.Spread(3, [.. Hosts.Select((host, id) => TestRing.DeviceAt(id, 6202, host))]);

    [Fact]
    public void Every_account_is_of_one_host_and_no_other_and_that_has_its_first_primary()
    {
        var scopes = Hosts.Select(host => new LocalScope(TestRing.HashPath, [host])).ToArray();
        Account[] accounts = [.. Enumerable.Range(0, 1000).Select(i => new Account($"AUTH_{i}", $"{i}", $"{i}"))];

        Assert.All(accounts, account =>
        {
            var first = Ring.Locate(TestRing.HashPath.Hash(account.Name)).Primaries()[0];
            Assert.Equal([first.Id], Enumerable.Range(0, Hosts.Length).Where(host => scopes[host].Has(account, Ring)));
        });
        Assert.All(scopes, scope => Assert.InRange(accounts.Count(account => scope.Has(account, Ring)), 150, 350));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.11", false)]
    [InlineData("2001:db8::1", "2001:0DB8:0:0:0:0:0:1", true)]
    [InlineData("2001:db8::1", "2001:db8::2", false)]
    [InlineData("Node-4.example", "node-4.EXAMPLE", true)]
    [InlineData("node-4.example", "node-4", false)]
    public void An_address_is_the_same_however_it_is_written(string inRing, string own, bool isLocal) =>
        Assert.Equal(isLocal, new LocalScope(TestRing.HashPath, ["198.51.100.7", own]).IsLocal(TestRing.DeviceAt(0, 6202, inRing)));

    /// <summary>Unknown from everywhere is better than known of nowhere.</summary>
    [Fact]
    public void An_account_whose_partition_has_no_device_is_every_hosts()
    {
        var ring = RingFile.Decode(TestRing.Bytes([TestRing.DeviceAt(0, 6202)], [[.. Enumerable.Repeat(TestRing.NoDevice, 1 << TestRing.PartPower)]]));

        Assert.True(new LocalScope(TestRing.HashPath, ["198.51.100.7"]).Has(new Account("AUTH_a", "a", "a"), ring));
    }
}
