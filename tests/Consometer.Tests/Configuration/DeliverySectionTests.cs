using Consometer.Delivery.Publishing;

namespace Consometer.Tests.Configuration;

/// <summary>The broker, and what is sent to it, as text becomes options.</summary>
public sealed class DeliverySectionTests
{
    private const string Least = "host: mq.example\nuser: u\npassword: very-secret";

    [Fact]
    public void Without_a_broker_samples_live_in_the_store_for_ninety_days()
    {
        var options = ConfigurationText.Load(ConfigurationText.Least);

        Assert.Null(options.Delivery);
        Assert.Equal(TimeSpan.FromDays(90), options.StoreKeep);
        Assert.Equal(10L << 30, options.StoreMaxBytes);
        Assert.Equal(["publish, without credentials.rabbit,"], ConfigurationText.Load(ConfigurationText.Least + "publish: { format: ceilometer }\n").WithoutEffect);
    }

    [Fact]
    public void The_least_that_names_a_broker_is_a_whole_configuration()
    {
        var options = ConfigurationText.Load(With(Least));

        var delivery = options.Delivery!;
        Assert.Equal([new BrokerHost("mq.example", 5672)], delivery.Broker.Hosts);
        Assert.Equal(("/", null, 128), (delivery.Broker.VirtualHost, delivery.Broker.Tls, delivery.Broker.Window));
        var publication = Assert.Single(delivery.Publications);
        Assert.Equal(("consometer", 200), (publication.Format.Name, publication.BatchSize));
        Assert.Equal(new Destination("swift_consometer", "metering", Queue: null, new Durability(Exchange: false, Queue: true)), publication.Destination);
        Assert.Equal(TimeSpan.Zero, options.StoreKeep);
    }

    [Theory]
    [InlineData("none", null)]
    [InlineData("transient", "Durability { Exchange = False, Queue = False, IsQuorum = False }")]
    [InlineData("durable", "Durability { Exchange = True, Queue = True, IsQuorum = False }")]
    [InlineData("quorum", "Durability { Exchange = True, Queue = True, IsQuorum = True }")]
    public void Both_formats_may_be_on_and_Ceilometer_s_exchange_is_made_only_as_it_is_said(string declare, string? durability)
    {
        var options = ConfigurationText.Load(With(Least) + $"publish: {{ format: [consometer, ceilometer], declare: {declare} }}\n");

        Assert.Equal(["consometer", "ceilometer"], options.Delivery!.Publications.Select(publication => publication.Format.Name));
        var ceilometer = options.Delivery.Publications[1];
        Assert.Equal(50, ceilometer.BatchSize);
        Assert.Equal(("ceilometer", "notifications.sample", "notifications.sample"), (ceilometer.Destination.Exchange, ceilometer.Destination.RoutingKey, ceilometer.Destination.Queue));
        Assert.Equal(durability, ceilometer.Destination.Durability?.ToString());
    }

    [Theory]
    [InlineData("mq", "mq:5672")]
    [InlineData("mq:5673", "mq:5673")]
    [InlineData("\"a, b:1,c\"", "a:5672 b:1 c:5672")]
    [InlineData("[a, \"b:2\"]", "a:5672 b:2")]
    [InlineData("\"2001:db8::1\"", "[2001:db8::1]:5672")]
    [InlineData("\"[2001:db8::1]:5673\"", "[2001:db8::1]:5673")]
    public void A_broker_may_have_several_hosts(string host, string hosts) =>
        Assert.Equal(hosts, string.Join(' ', ConfigurationText.Load(With($"host: {host}\nuser: u\npassword: p")).Delivery!.Broker.Hosts));

    [Theory]
    [InlineData("host: mq:0", "credentials.rabbit.host: wanted a host, or host:port, found \"mq:0\"")]
    [InlineData("host: mq:many", "credentials.rabbit.host: wanted a host, or host:port")]
    [InlineData("host: amqp://u:very-secret@mq", "credentials.rabbit.host: wanted a host, or host:port, found one with a user in it")]
    [InlineData("host: \"\"", "credentials.rabbit.host: wanted the broker's host")]
    [InlineData("host: mq\nport: 70000", "credentials.rabbit.port: wanted a whole number from 1 to 65535")]
    [InlineData("host: mq\ncacert: ca.pem", "credentials.rabbit.tls: wanted true, since cacert, cert, key or insecure is set, found false")]
    [InlineData("host: mq\ntls: true\ncacert: missing.pem", "credentials.rabbit.tls: wanted certificates that can be read, found Could not find")]
    [InlineData("host: mq\nheartbeat: 1ms", "credentials.rabbit.heartbeat: wanted a duration")]
    public void What_is_wrong_with_the_broker_is_told_without_its_password(string lines, string wanted)
    {
        var fault = Assert.Single(ConfigurationText.Faults(With($"{lines}\nuser: u\npassword: very-secret")));

        Assert.Contains(wanted, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("publish: { format: json }", "publish.format: wanted consometer, ceilometer, or a list of both, found \"json\"")]
    [InlineData("publish: { format: [] }", "publish.format: wanted consometer, ceilometer, or a list of both, found none")]
    [InlineData("publish: { batch_size: 0 }", "publish.batch_size: wanted a whole number from 1 to 5000, found \"0\"")]
    [InlineData("publish: { window: 0 }", "publish.window: wanted a whole number")]
    [InlineData("publish: { declare: yes }", "publish.declare: wanted one of none, transient, durable, quorum, found \"yes\"")]
    [InlineData("store: { max_bytes: 10 }", "store.max_bytes: wanted bytes such as 500MiB, 10GiB, at least 1048576, found \"10\"")]
    [InlineData("store: { max_bytes: 1 GB }", "store.max_bytes: wanted bytes")]
    [InlineData("store: { keep: forever }", "store.keep: wanted a duration")]
    public void What_is_wrong_with_publishing_and_the_store_is_told(string line, string wanted) =>
        Assert.Contains(wanted, Assert.Single(ConfigurationText.Faults(With(Least) + line + "\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData("1048576", 1L << 20)]
    [InlineData("500MiB", 500L << 20)]
    [InlineData("10GiB", 10L << 30)]
    [InlineData("2TiB", 2L << 40)]
    public void Bytes_are_a_number_or_one_with_a_unit(string text, long bytes) =>
        Assert.Equal(bytes, ConfigurationText.Load(ConfigurationText.Least + $"store: {{ max_bytes: {text} }}\n").StoreMaxBytes);

    private static string With(string rabbit) =>
        ConfigurationText.Least.Replace("credentials:\n", $"credentials:\n  rabbit:\n    {rabbit.Replace("\n", "\n    ", StringComparison.Ordinal)}\n", StringComparison.Ordinal);
}
