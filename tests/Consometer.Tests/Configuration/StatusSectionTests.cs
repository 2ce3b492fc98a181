using System.Net;
using Consometer.Configuration;

namespace Consometer.Tests.Configuration;

/// <summary>What the daemon shows and sends about itself, as text becomes options.</summary>
public sealed class StatusSectionTests
{
    [Fact]
    public void Where_nothing_is_said_it_listens_on_loopback_and_sends_nothing()
    {
        var options = ConfigurationText.Load(ConfigurationText.Least);

        Assert.Equal(new StatusOptions(new IPEndPoint(IPAddress.Loopback, 8080), ShowsAccounts: true, AccountMetrics: false) { IsListenGiven = false }, options.Status);
        Assert.Equal((null, null, false), (options.Graphite, options.Otlp, options.LogsJson));
    }

    [Theory]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    [InlineData("0.0.0.0:8080", "0.0.0.0:8080")]
    [InlineData("'[::1]:9100'", "[::1]:9100")]
    [InlineData("':9100'", "[::]:9100")]
    [InlineData("localhost:9100", "127.0.0.1:9100")]
    [InlineData("none", null)]
    public void It_listens_where_it_is_told(string listen, string? endPoint) =>
        Assert.Equal(endPoint, Load($"status: {{ listen: {listen} }}").Status.Listen?.ToString());

    [Theory]
    [InlineData("8080")]
    [InlineData("127.0.0.1")]
    [InlineData("'127.0.0.1:'")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("example.org:80")]
    [InlineData("'::1'")]
    [InlineData("'[::1]'")]
    [InlineData("http://127.0.0.1:80")]
    public void What_is_no_address_with_a_port_is_refused_with_its_line(string listen)
    {
        var fault = Assert.Single(ConfigurationText.Faults(ConfigurationText.Least + $"status:\n  listen: {listen}\n"));

        Assert.StartsWith("file:9: status.listen: wanted an address and a port", fault, StringComparison.Ordinal);
        Assert.Contains($"found \"{listen.Trim('\'')}\"", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Carbon_and_a_collector_are_sent_to_when_they_are_named()
    {
        var options = Load("graphite: { hostname: carbon, port: 2013, prefix: a.b }\notlp: { endpoint: 'http://collector:4318', protocol: http, interval: 10s }\nlog_format: json");

        Assert.Equal(new GraphiteOptions("carbon", 2013, "a.b"), options.Graphite);
        Assert.Equal(new OtlpOptions(new Uri("http://collector:4318"), IsHttp: true, TimeSpan.FromSeconds(10)), options.Otlp);
        Assert.True(options.LogsJson);
    }

    [Theory]
    [InlineData("collector:4317", "collector:4317")]
    [InlineData("ftp://collector", "ftp://collector")]
    [InlineData("http://user:s3cret@collector", "one with a user in it")]
    public void What_is_no_URL_of_a_collector_is_refused_and_a_password_in_it_is_not_shown(string endpoint, string found)
    {
        var fault = Assert.Single(ConfigurationText.Faults(ConfigurationText.Least + $"otlp: {{ endpoint: '{endpoint}' }}\n"));

        Assert.Contains("otlp.endpoint: wanted a URL", fault, StringComparison.Ordinal);
        Assert.Contains(found, fault, StringComparison.Ordinal);
    }

    private static ConsometerOptions Load(string more) => ConfigurationText.Load(ConfigurationText.Least + more + "\n");
}
