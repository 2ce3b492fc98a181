using System.Net;
using System.Net.Sockets;
using System.Text;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Metering.Requests.Sources;
using Consometer.Tests.Configuration;

namespace Consometer.Tests.Daemon;

/// <summary>Where datagrams come in, from one configuration to the next.</summary>
public sealed class LogDeskTests : IDisposable
{
    private static readonly CancellationToken Stopping = TestContext.Current.CancellationToken;

    private readonly ConfigurationText _text = new();
    private readonly LogDesk _desk = new(TimeProvider.System);

    public void Dispose()
    {
        _desk.Dispose();
        _text.Dispose();
    }

    [Fact]
    public async Task What_comes_while_nobody_reads_is_read_by_the_next()
    {
        var requests = Requests("listen: 'udp://127.0.0.1:0'");
        _desk.Listen(requests.Listen);
        var first = Open(requests);
        Send(first, "one");
        await Eventually.HoldsAsync("the first line", () => Read(first) == "one\n");

        Send(first, "two");
        _desk.Listen(requests.Listen);
        var second = Open(requests);
        _desk.Keep(requests.Listen);

        var text = "";
        await Eventually.HoldsAsync("the second line", () => (text += Read(second)) == "two\n");
        Assert.Same(first, second);
    }

    [Fact]
    public void What_the_next_configuration_does_not_listen_to_is_free_again()
    {
        var path = Path.Combine(_text.Folder, "access.sock");
        _desk.Listen(Requests($"listen: unix:{path}").Listen);
        Assert.True(Path.Exists(path));

        _desk.Keep(null);
        Assert.False(Path.Exists(path));
    }

    [Fact]
    public void A_place_that_is_taken_is_a_fault_of_the_configuration_in_one_line()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        var refused = Assert.Throws<ConfigurationException>(() => _desk.Listen(Requests($"listen: 'udp://{taken.LocalEndPoint}'").Listen));

        Assert.StartsWith($"requests.listen: udp://{taken.LocalEndPoint}: wanted an address that can be listened at, found ", Assert.Single(refused.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_of_whoever_reads_it()
    {
        var requests = Requests("file: access.log");
        _desk.Listen(requests.Listen);
        using var one = _desk.Open(requests, null, default, _ => { });
        using var other = _desk.Open(requests, null, default, _ => { });

        Assert.IsType<FileSource>(one);
        Assert.NotSame(one, other);
    }

    private static void Send(DatagramSource to, string line)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SendTo(Encoding.UTF8.GetBytes(line), to.Address);
    }

    private static string Read(DatagramSource from) => Encoding.UTF8.GetString(from.ReadAsync(Stopping).AsTask().GetAwaiter().GetResult().Text.Span);

    private DatagramSource Open(RequestsOptions requests) => Assert.IsType<DatagramSource>(_desk.Open(requests, null, default, _ => { }));

    private RequestsOptions Requests(string log) => _text.Read($"{CountingLoop.RequestsOnly}requests: {{ {log} }}\n").Requests!;
}
