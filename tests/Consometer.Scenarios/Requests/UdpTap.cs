using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Consometer.Scenarios.Requests;

/// <summary>Stands between the proxy and the daemon: each datagram goes on as it came, and is here to be read.</summary>
internal sealed class UdpTap : IAsyncDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly IPEndPoint _onward;
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    private UdpTap(int onward)
    {
        _onward = new IPEndPoint(IPAddress.Loopback, onward);
        _running = RelayAsync();
    }

    /// <summary>Where datagrams are taken.</summary>
    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    /// <summary>All that came, in its order.</summary>
    public string[] Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public static UdpTap To(int port) => new(port);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _socket.Dispose();
        _stopping.Dispose();
    }

    private async Task RelayAsync()
    {
        try
        {
            while (true)
            {
                var datagram = await _socket.ReceiveAsync(_stopping.Token);
                lock (_lock)
                {
                    _lines.Add(Encoding.UTF8.GetString(datagram.Buffer));
                }

                await _socket.SendAsync(datagram.Buffer, _onward, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
