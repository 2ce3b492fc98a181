using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Consometer.Scenarios.Delivery;
using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;
using Consometer.Scenarios.Samples;

namespace Consometer.Scenarios.Requests;

/// <summary>Two daemons, as of two proxies, and what a consumer of either format gets of them.</summary>
public sealed class RequestsDaemonTests(RealSwift lab, RealBroker broker) : DeliveryTest(lab, broker)
{
    private const int Containers = 5;
    private const int Requests = 200;

    [Fact]
    public async Task Each_daemon_s_deltas_arrive_in_both_formats_once_and_with_ids_of_its_own()
    {
        using var otherFolder = new ConfigurationFolder();
        await using var older = ReceivedMessages.Subscribe(Host, Queue);
        await using var agents = ReceivedMessages.Subscribe(Host, CeilometerAgent.SampleQueue);
        var ports = (UdpPorts.Free(), UdpPorts.Free());
        await using var one = await StartAsync(Folder, ports.Item1, "proxy-1");
        await using var other = await StartAsync(otherFolder, ports.Item2, "proxy-2");

        var owed = await SendToBothAsync(ports);
        foreach (var received in new[] { older, agents })
        {
            await Eventually.TrueAsync(() => $"the sums; these are others:\n{owed.DifferencesTo(Sums(received))}", () => Task.FromResult(owed.DifferencesTo(Sums(received)).Length == 0));
        }

        await one.StopAsync();
        await other.StopAsync();
        await older.DrainedAsync();
        await agents.DrainedAsync();
        AssertOnce(older, MessageFormat.Consometer, owed);
        AssertOnce(agents, MessageFormat.Ceilometer, owed);
        Assert.Equal(older.Samples.Select(sample => sample.MessageId).ToHashSet(), agents.Samples.Select(sample => sample.MessageId).ToHashSet());
    }

    /// <summary>The same requests at both: as if two proxies had been asked for the same in the same moments.</summary>
    private static async Task<MeteredRequests> SendToBothAsync((int, int) ports)
    {
        using var socket = new UdpClient("127.0.0.1", ports.Item1);
        using var otherSocket = new UdpClient("127.0.0.1", ports.Item2);
        var owed = new MeteredRequests();
        for (var i = 0; i < Requests; i++)
        {
            var request = new LoggedRequest(i, "proxied", string.Create(CultureInfo.InvariantCulture, $"c{i % Containers}"), i % 2 == 0, i % 3 == 0, i + 1);
            var datagram = Encoding.UTF8.GetBytes($"<134>{request.Line(DateTimeOffset.UtcNow)}\0");
            await socket.SendAsync(datagram);
            await otherSocket.SendAsync(datagram);
            request.AddTo(owed);
            request.AddTo(owed);
        }

        return owed;
    }

    private static MeteredRequests Sums(ReceivedMessages received)
    {
        var sums = new MeteredRequests();
        foreach (var sample in received.Samples.DistinctBy(sample => sample.MessageId))
        {
            sums.Add(sample.Meter, sample.ResourceId, sample.Volume);
        }

        return sums;
    }

    /// <summary>Each id once, though both daemons have samples of the same meter, resource and interval.</summary>
    private static void AssertOnce(ReceivedMessages received, MessageFormat format, MeteredRequests owed)
    {
        var samples = received.Samples;
        Assert.All(received.Messages, message => Assert.Equal(format, message.Format));
        Assert.All(samples, sample => Assert.Equal("delta", sample.Type));
        Assert.Equal(samples.Length, samples.Select(sample => sample.MessageId).Distinct().Count());
        Assert.Contains(samples.GroupBy(sample => (sample.Meter, sample.ResourceId, sample.Timestamp)), same => same.Count() == 2);
        Assert.Equal("", owed.DifferencesTo(Sums(received)));
    }

    private async Task<Daemon> StartAsync(ConfigurationFolder folder, int port, string host)
    {
        folder.Write(new RequestsConfiguration
        {
            Source = $"listen: udp://127.0.0.1:{port}", Requests = $"host: {host}",
            Rabbit = Rabbit, Publish = "format: [consometer, ceilometer], declare: durable",
        });
        var daemon = Daemon.Start(folder);
        await UdpPorts.TakenAsync(port, () => string.Join('\n', daemon.Log));
        return daemon;
    }
}
