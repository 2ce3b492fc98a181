using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Consometer.Tests;

/// <summary>What a <see cref="ScriptedServer"/> does about a request.</summary>
/// <param name="Bytes">What it sends, byte for byte.</param>
/// <param name="Then">What it does after that.</param>
internal sealed record Reply(byte[] Bytes, Ending Then)
{
    public static Reply Hang { get; } = new([], Ending.Hang);

    /// <summary>If there is one, a blank follows each second by it.</summary>
    public TimeProvider? DripClock { get; private init; }

    public static Reply Of(string text) => new(Encoding.UTF8.GetBytes(text), Ending.KeepAlive);

    public static Reply Cut(string text) => new(Encoding.UTF8.GetBytes(text), Ending.Close);

    public static Reply Reset(string text) => new(Encoding.UTF8.GetBytes(text), Ending.Reset);

    /// <summary>A recorded answer of <c>fixtures/responses</c>.</summary>
    public static Reply Recorded(params string[] path) => new(File.ReadAllBytes(Fixtures.Find(["responses", .. path])), Ending.KeepAlive);

    /// <summary>Sends this, and then a blank a second, for ever.</summary>
    public static Reply Drip(string text, TimeProvider clock) => Of(text) with { DripClock = clock };

    public static Reply Json(string json, string status = "200 OK") =>
        Of(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}"));
}

internal enum Ending
{
    KeepAlive,
    Close,
    Reset,

    /// <summary>Says no more, and keeps the connection until the server is stopped.</summary>
    Hang,
}

/// <summary>A request as it came over the wire.</summary>
internal sealed record Request(string Line, string Head, string Body)
{
    public string Target => Line.Split(' ')[1];

    public bool Has(string header) => Head.Contains($"\r\n{header}\r\n", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A server on loopback that does what the test's script says, well-behaved or not. It is no HTTP server: it sends bytes.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<Request, Task<Reply>> _script;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<Request> _requests = new();
    private readonly Task _running;

    private ScriptedServer(IPAddress address, Func<Request, Task<Reply>> script)
    {
        _script = script;
        _listener = new TcpListener(address, 0);
        _listener.Start();
        _running = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Uri => new($"http://127.0.0.1:{Port}");

    /// <summary>How many connections were made.</summary>
    public int Connections { get; private set; }

    /// <summary>Every request so far, in order.</summary>
    public IReadOnlyCollection<Request> Requests => _requests;

    public static ScriptedServer Start(Func<Request, Reply> script) => new(IPAddress.Loopback, request => Task.FromResult(script(request)));

    public static ScriptedServer Start(Func<Request, Task<Reply>> script) => new(IPAddress.Loopback, script);

    public static ScriptedServer StartIPv6(Func<Request, Reply> script) => new(IPAddress.IPv6Loopback, request => Task.FromResult(script(request)));

    /// <summary>A port where nobody listens: one that was free a moment ago.</summary>
    public static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
                connections.Add(ServeAsync(socket));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var connection = socket;
        using var stream = new NetworkStream(socket);
        try
        {
            while (await ReadAsync(stream) is { } request)
            {
                _requests.Enqueue(request);
                var reply = await _script(request).WaitAsync(_stopping.Token);
                await stream.WriteAsync(reply.Bytes, _stopping.Token);
                while (reply.DripClock is { } clock)
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), clock, _stopping.Token);
                    await stream.WriteAsync(" "u8.ToArray(), _stopping.Token);
                }

                if (reply.Then == Ending.Hang)
                {
                    await Task.Delay(Timeout.Infinite, _stopping.Token);
                }
                else if (reply.Then != Ending.KeepAlive)
                {
                    socket.LingerState = new LingerOption(reply.Then == Ending.Reset, 0);
                    return;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client went away, or the test is over.
        }
    }

    private async Task<Request?> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stopping.Token) == 0)
            {
                return null;
            }

            text.Append((char)one[0]);
        }

        var head = text.ToString();
        var length = head.Split("\r\n").Where(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase)).Select(line => int.Parse(line[16..], CultureInfo.InvariantCulture)).FirstOrDefault();
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, _stopping.Token);
        return new Request(head[..head.IndexOf('\r', StringComparison.Ordinal)], head, Encoding.UTF8.GetString(body));
    }
}
