using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Consometer.Tests.Export;

/// <summary>What a <see cref="ScriptedCarbon"/> does about a connection.</summary>
internal enum CarbonMood
{
    /// <summary>Reads to the end and closes, as carbon does.</summary>
    Reads,

    /// <summary>Accepts, and reads nothing.</summary>
    Hangs,

    /// <summary>Reads a little, and resets the connection.</summary>
    Resets,

    /// <summary>Reads everything, and does not let go.</summary>
    NeverCloses,
}

/// <summary>A carbon on loopback that may be in any mood.</summary>
internal sealed class ScriptedCarbon : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly StringBuilder _received = new();
    private readonly Task _running;

    public ScriptedCarbon(int port = 0)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _running = AcceptAsync();
    }

    public CarbonMood Mood { get; set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections { get; private set; }

    /// <summary>The lines of connections that were read to their end.</summary>
    public string[] Lines
    {
        get
        {
            lock (_received)
            {
                return _received.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _listener.Stop();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stopping.Token);
                Connections++;
                connections.Add(ServeAsync(socket, Mood));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket, CarbonMood mood)
    {
        using var connection = socket;
        try
        {
            switch (mood)
            {
                case CarbonMood.Hangs:
                    await Task.Delay(Timeout.Infinite, _stopping.Token);
                    break;
                case CarbonMood.Resets:
                    await socket.ReceiveAsync(new byte[1], _stopping.Token);
                    socket.LingerState = new LingerOption(enable: true, seconds: 0);
                    break;
                default:
                    using (var stream = new StreamReader(new NetworkStream(socket)))
                    {
                        var lines = await stream.ReadToEndAsync(_stopping.Token);
                        lock (_received)
                        {
                            _received.Append(lines);
                        }

                        await Task.Delay(mood == CarbonMood.NeverCloses ? Timeout.Infinite : 0, _stopping.Token);
                    }

                    break;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // The test is over, or the client has had enough.
        }
    }
}
