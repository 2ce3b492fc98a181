using System.Net;
using Consometer.Metering.Requests;

namespace Consometer.Tests.Metering.Requests;

public sealed class ClientNetworksTests
{
    private static readonly IPNetwork[] Balancers = [IPNetwork.Parse("192.0.2.0/28"), IPNetwork.Parse("2001:db8:b::/64")];

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.255.255", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("203.0.113.5", false)]
    [InlineData("::1", true)]
    [InlineData("fd12:3456::1", true)]
    [InlineData("2001:db8::1", false)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("::ffff:203.0.113.5", false)]
    [InlineData("10.1.2.3:4711", true)]
    [InlineData("203.0.113.5:4711", false)]
    [InlineData("%5Bfd12::1%5D:4711", true)]
    [InlineData("[fd12::1]:4711", true)]
    [InlineData("[2001:db8::1]:4711", false)]
    [InlineData("fe80::1%25eth0", false)]
    public void An_address_is_internal_or_not_in_every_way_it_is_written(string address, bool isInternal) => Assert.Equal(isInternal, IsInternal(address, "203.0.113.1"));

    [Theory]
    [InlineData("unknown")]
    [InlineData("%22spaced")]
    [InlineData("10")]
    [InlineData("167838211")]
    [InlineData("0x0a010203")]
    [InlineData("10.1.2.3.4")]
    [InlineData("10.1.2.300")]
    [InlineData("10.1.2.3%20")]
    [InlineData("10.1.2.3:")]
    [InlineData("10.1.2.3:99999")]
    [InlineData("_hidden")]
    [InlineData("%")]
    [InlineData("%25%FF")]
    public void What_is_no_address_is_external(string address)
    {
        Assert.False(IsInternal(address, "10.0.0.1"));
        Assert.False(IsInternal("192.0.2.1", address));
    }

    [Fact]
    public void What_a_client_says_of_itself_counts_behind_a_trusted_proxy_only()
    {
        Assert.False(IsInternal("203.0.113.5", "10.0.0.1"));
        Assert.True(IsInternal("10.0.0.1", "203.0.113.5"));
        Assert.True(IsInternal("192.0.2.1", "10.0.0.1"));
        Assert.False(IsInternal("192.0.2.1", "203.0.113.5"));
        Assert.True(IsInternal("192.0.2.1:4711", "10.0.0.1"));
        Assert.True(IsInternal("::ffff:192.0.2.1", "10.0.0.1"));
        Assert.True(IsInternal("2001:db8:b::1", "10.0.0.1"));
        Assert.False(IsInternal("192.0.2.16", "10.0.0.1"));
        Assert.False(IsInternal("192.0.2.1", "192.0.2.1"));
    }

    [Fact]
    public void Without_a_client_the_connection_of_a_trusted_proxy_is_external_like_anything_unknown() => Assert.False(IsInternal("192.0.2.1", "-"));

    /// <summary>Addresses that clients make up are forgotten, and what was known before is right after that, too.</summary>
    [Fact]
    public void However_many_addresses_there_are_each_is_judged_by_itself()
    {
        var counted = new CountedLog(LogLayout.Parse(LogLayout.Default, out _)!, new ClientNetworks([IPNetwork.Parse("10.0.0.0/9")], []));

        counted.Read(Enumerable.Range(0, 25_000).Select(i => new LoggedLine { RemoteAddr = $"10.{i % 2 * 128}.{i / 250}.{i % 250}" }.ToString()));

        Assert.Equal(12_500, counted.Figures[("AUTH_p", "c", "storage.objects.upload.internal")]);
        Assert.Equal(12_500, counted.Figures[("AUTH_p", "c", "storage.objects.upload.external")]);
    }

    private static bool IsInternal(string remote, string client)
    {
        var counted = new CountedLog(LogLayout.Parse(LogLayout.Default, out _)!, new ClientNetworks(ClientNetworks.Private, Balancers))
            .Read(new LoggedLine { ClientIp = client, RemoteAddr = remote }.ToString());
        Assert.Equal(1, counted.Counts.Counted);
        return counted.Figures.ContainsKey(("AUTH_p", "c", "storage.objects.upload.internal"));
    }
}
