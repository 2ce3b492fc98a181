using System.Net;
using System.Net.Sockets;
using System.Text;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Delivery.Store;
using Consometer.Metering.Requests;
using Consometer.Tests.Configuration;

namespace Consometer.Tests.Daemon;

/// <summary>The whole daemon where requests alone are counted, from one configuration to the next.</summary>
public sealed class RequestDaemonTests : IAsyncDisposable
{
    private const int Lines = 200;

    private readonly ConfigurationText _text = new();
    private readonly ManualClock _clock = new();
    private readonly RememberedLog _log = new();
    private readonly LogDesk _logs;
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _proxy = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public RequestDaemonTests() => _logs = new LogDesk(_clock);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
        _proxy.Dispose();
        _logs.Dispose();
        _text.Dispose();
    }

    /// <summary>As SIGHUP has it: another daemon is opened beside the first, which then ends; the proxy sends on all the while.</summary>
    [Fact]
    public async Task Not_a_datagram_is_lost_when_one_configuration_gives_way_to_another()
    {
        var options = Options(Free());
        var daemon = Open(options);
        var running = daemon.RunAsync(_stop.Token);
        Send(options, 0);
        var successor = Open(options);
        Send(options, 1);
        daemon.Retire();
        await running;
        daemon.Dispose();
        Send(options, 2);
        _logs.Keep(options.Requests!.Listen);
        var last = successor.RunAsync(_stop.Token);
        await _clock.PassUntilAsync("the interval is complete", () => Sum(options) == 3 * Lines);

        Assert.Empty(_log.Warnings);
        await _stop.CancelAsync();
        await last;
        successor.Dispose();
        Assert.Equal(3 * Lines, Sum(options));
    }

    private static int Free()
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)free.LocalEndPoint!).Port;
    }

    private static long Sum(ConsometerOptions options)
    {
        using var query = UsageQuery.Open(options.StorePath);
        return query.Samples(new UsageFilter(options.Region, [RequestMeters.All[RequestMeters.Outgoing]]) { Since = DateTimeOffset.MinValue }).Sum(sample => sample.Volume);
    }

    private ConsometerOptions Options(int port) =>
        _text.Read(string.Create(null, $"{CountingLoop.RequestsOnly}requests: {{ listen: 'udp://127.0.0.1:{port}', host: h1, interval: 1m }}\n"));

    private ConfiguredDaemon Open(ConsometerOptions options) =>
        ConfiguredDaemon.Open(options, _log.Open(), () => SampleStore.Open(options.StorePath), _logs, new RecentTrouble(), _clock);

    private void Send(ConsometerOptions options, int round)
    {
        for (var i = 0; i < Lines; i++)
        {
            _proxy.SendTo(Encoding.UTF8.GetBytes(ScriptedLog.Line(ManualClock.Start, sent: 1, transaction: $"tx{round}-{i}")), options.Requests!.Listen!.Udp!);
        }
    }
}
