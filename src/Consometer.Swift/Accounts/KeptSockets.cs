using System.Net;
using System.Net.Sockets;

namespace Consometer.Swift.Accounts;

/// <summary>Connections to account-servers that wait for the next request. Safe to share between threads.</summary>
internal sealed class KeptSockets : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Node, Stack<Socket>> _idle = [];

    /// <summary>One that is open and quiet, the last used first; null if there is none.</summary>
    public Socket? Take(Node node)
    {
        while (Pop(node) is { } socket)
        {
            // What has come over it since belongs to no request of ours; mostly it is the end.
            if (!socket.Poll(TimeSpan.Zero, SelectMode.SelectRead))
            {
                return socket;
            }

            socket.Dispose();
        }

        return null;
    }

    public void Keep(Node node, Socket socket)
    {
        lock (_lock)
        {
            if (!_idle.TryGetValue(node, out var idle))
            {
                _idle.Add(node, idle = new Stack<Socket>());
            }

            idle.Push(socket);
        }
    }

    /// <summary>A new connection.</summary>
    /// <exception cref="SocketException">There is none to be had.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public static async Task<Socket> ConnectAsync(Node node, CancellationToken stopping)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            EndPoint server = IPAddress.TryParse(node.Ip, out var address) ? new IPEndPoint(address, node.Port) : new DnsEndPoint(node.Ip, node.Port);
            await socket.ConnectAsync(server, stopping);
            return socket;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => Close();

    /// <summary>Closes them all; there may be others later.</summary>
    public void Close()
    {
        lock (_lock)
        {
            foreach (var socket in _idle.Values.SelectMany(idle => idle))
            {
                socket.Dispose();
            }

            _idle.Clear();
        }
    }

    private Socket? Pop(Node node)
    {
        lock (_lock)
        {
            return _idle.TryGetValue(node, out var idle) && idle.TryPop(out var socket) ? socket : null;
        }
    }
}
