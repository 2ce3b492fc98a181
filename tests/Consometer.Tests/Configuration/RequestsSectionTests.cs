using System.Net;
using Consometer.Metering.Requests;
using Consometer.Status;

namespace Consometer.Tests.Configuration;

/// <summary>The section <c>requests</c>, and the meters of requests.</summary>
public sealed class RequestsSectionTests
{
    private const string NoGauges = "meters: { storage.objects: false, storage.objects.size: false, storage.objects.containers: false }\n";

    [Fact]
    public void Without_the_section_none_are_counted_and_no_meter_of_them_is_on()
    {
        var options = ConfigurationText.Load(ConfigurationText.Least);

        Assert.Null(options.Requests);
        Assert.True(options.HasRounds);
        Assert.DoesNotContain(options.Meters, meter => meter is RequestMeter);
        Assert.DoesNotContain(ConfigurationListing.Of(options), entry => entry.Key.StartsWith("requests.", StringComparison.Ordinal));
    }

    [Fact]
    public void With_a_log_alone_all_else_is_as_the_README_says()
    {
        using var text = new ConfigurationText();
        var options = text.Read(ConfigurationText.Least + "requests: { file: log/access.log }\n");
        var requests = options.Requests!;

        Assert.Equal((null, Path.Combine(text.Folder, "log/access.log"), TimeSpan.FromMinutes(5), 100_000), (requests.Listen, requests.FilePath, requests.Interval, requests.ContainersMax));
        Assert.Equal((LogLayout.Default, Dns.GetHostName(), $"{Dns.GetHostName()} {requests.FilePath}"), (requests.Layout.Template, requests.Host, requests.Origin));
        Assert.Equal(ClientNetworks.Private, requests.InternalNetworks);
        Assert.Empty(requests.TrustedProxies);
        Assert.Equal(["storage.objects.incoming.bytes", "storage.objects.outgoing.bytes"], options.Meters.OfType<RequestMeter>().Select(meter => meter.Name));
        Assert.True(options.HasRounds);
    }

    [Fact]
    public void Every_key_is_read_and_listed()
    {
        var options = ConfigurationText.Load(ConfigurationText.Least + """
            requests:
              listen: udp://127.0.0.1:5140
              template: "{client_ip} {remote_addr} {end_time.datetime} {method} {path} {status_int} {bytes_recvd} {bytes_sent} {transaction_id} {source}"
              interval: 30s
              internal_networks: [10.0.0.1/8, 192.0.2.7, "fd00::/8"]
              trusted_proxies: 198.51.100.0/24, ::1
              max_containers: 7
              host: proxy-1
            meters: { storage.objects.incoming.bytes: false, storage.objects.update.size.internal: true }
            """);
        var requests = options.Requests!;

        Assert.Equal(("proxy-1 udp://127.0.0.1:5140", TimeSpan.FromSeconds(30), 7, null), (requests.Origin, requests.Interval, requests.ContainersMax, requests.FilePath));
        Assert.Equal(["10.0.0.0/8", "192.0.2.7/32", "fd00::/8"], requests.InternalNetworks.Select(network => network.ToString()));
        Assert.Equal(["198.51.100.0/24", "::1/128"], requests.TrustedProxies.Select(network => network.ToString()));
        Assert.Equal(["storage.objects.outgoing.bytes", "storage.objects.update.size.internal"], options.Meters.OfType<RequestMeter>().Select(meter => meter.Name));
        Assert.Equal(
            [
                "requests.listen=udp://127.0.0.1:5140", "requests.file=", $"requests.template={requests.Layout.Template}", "requests.interval=30s",
                "requests.internal_networks=10.0.0.0/8, 192.0.2.7/32, fd00::/8", "requests.trusted_proxies=198.51.100.0/24, ::1/128",
                "requests.max_containers=7", "requests.host=proxy-1",
            ],
            ConfigurationListing.Of(options).Where(entry => entry.Key.StartsWith("requests.", StringComparison.Ordinal)).Select(entry => $"{entry.Key}={entry.Value}"));
    }

    [Theory]
    [InlineData("udp://127.0.0.1:5140", "udp://127.0.0.1:5140")]
    [InlineData("udp://[::1]:5140", "udp://[::1]:5140")]
    [InlineData("unix:/run/access.sock", "unix:/run/access.sock")]
    [InlineData("unix:///run/access.sock", "unix:/run/access.sock")]
    public void It_listens_where_it_is_told(string listen, string address) =>
        Assert.Equal(address, ConfigurationText.Load($"{ConfigurationText.Least}requests: {{ listen: '{listen}' }}\n").Requests!.Log);

    [Fact]
    public void An_empty_list_of_networks_is_none() =>
        Assert.Empty(ConfigurationText.Load(ConfigurationText.Least + "requests: { file: a, internal_networks: [] }\n").Requests!.InternalNetworks);

    [Theory]
    [InlineData("listen: localhost:5140", "listen: wanted udp://ADDRESS:PORT such as udp://127.0.0.1:5140, or unix:/PATH, found \"localhost:5140\"")]
    [InlineData("listen: udp://localhost:5140", "listen: wanted udp://ADDRESS:PORT such as udp://127.0.0.1:5140, or unix:/PATH, found \"udp://localhost:5140\"")]
    [InlineData("listen: unix:access.sock", "listen: wanted udp://ADDRESS:PORT such as udp://127.0.0.1:5140, or unix:/PATH, found \"unix:access.sock\"")]
    [InlineData("{}", "listen: wanted where the access log comes from: listen or file, found neither")]
    [InlineData("template: '{method}'\n  file: a", "template: wanted the proxy's log_msg_template, found no ")]
    [InlineData("interval: 0s\n  file: a", "interval: wanted a duration of whole seconds such as 30s, 5m, 1h, from 1s to 1d, found \"0s\"")]
    [InlineData("interval: 1500ms\n  file: a", "interval: wanted a duration of whole seconds")]
    [InlineData("interval: 25h\n  file: a", "interval: wanted a duration of whole seconds")]
    [InlineData("internal_networks: [10.0.0.0/8, 10]\n  file: a", "internal_networks: wanted networks such as 10.0.0.0/8 or fd00::/8, or addresses, found \"10\"")]
    [InlineData("internal_networks: 10.1/16\n  file: a", "internal_networks: wanted networks such as 10.0.0.0/8 or fd00::/8, or addresses, found \"10.1/16\"")]
    [InlineData("trusted_proxies: [balancer]\n  file: a", "trusted_proxies: wanted networks such as 10.0.0.0/8 or fd00::/8, or addresses, found \"balancer\"")]
    [InlineData("max_containers: 0\n  file: a", "max_containers: wanted a whole number from 1 to 10000000, found \"0\"")]
    [InlineData("host: proxy 1\n  file: a", "host: wanted a name without spaces, found \"proxy 1\"")]
    public void What_is_wrong_is_told_with_its_line(string lines, string fault)
    {
        var place = lines == "{}" ? "file" : "file:9";
        var told = Assert.Single(ConfigurationText.Faults($"{ConfigurationText.Least}requests:\n  {lines}\n"));

        Assert.StartsWith($"{place}: requests.{fault}", told, StringComparison.Ordinal);
    }

    [Fact]
    public void One_log_is_read_and_not_two() => Assert.Equal(
        "file:10: requests.file: wanted one of listen and file, found both",
        Assert.Single(ConfigurationText.Faults($"{ConfigurationText.Least}requests:\n  listen: udp://127.0.0.1:5140\n  file: access.log\n")));

    [Fact]
    public void A_meter_of_requests_without_a_log_is_a_fault_and_off_it_is_none()
    {
        Assert.Equal(
            "file:9: meters.storage.objects.upload.external: wanted requests.listen or requests.file, since it is on, found neither",
            Assert.Single(ConfigurationText.Faults($"{ConfigurationText.Least}meters:\n  storage.objects.upload.external: true\n")));
        Assert.DoesNotContain(ConfigurationText.Load($"{ConfigurationText.Least}meters:\n  storage.objects.upload.external: false\n").Meters, meter => meter is RequestMeter);
    }

    [Fact]
    public void Where_requests_alone_are_counted_no_Keystone_and_no_ring_is_needed()
    {
        var options = ConfigurationText.Load($"{NoGauges}requests: {{ file: access.log }}\n");

        Assert.False(options.HasRounds);
        Assert.Null(options.Keystone);
        Assert.All(options.Meters, meter => Assert.IsType<RequestMeter>(meter));
        Assert.NotEmpty(ConfigurationText.Faults(NoGauges));
        Assert.NotEmpty(ConfigurationText.Faults("requests: { file: access.log }\n"));
    }
}
