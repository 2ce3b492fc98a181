using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Unicode;
using Consometer.Rings;

namespace Consometer.Swift.Accounts;

/// <summary>
/// One HEAD at a time and its answer, within one patience, with every failure as a value. All that it needs it uses again for the next one: a
/// round does this a million times, and a client for everything makes dozens of objects each time, mostly of headers that nobody reads.
/// </summary>
internal sealed class HeadExchange(AccountServerOptions options, KeptSockets sockets, PolicyNames policies, TimeProvider clock) : IDisposable
{
    /// <summary>As much as the base library's client takes.</summary>
    private const int AnswerBytesMax = 64 << 10;
    private const int AnswerBytes = 2 << 10;
    private const int RequestBytes = 1 << 10;
    private const int InterimStatusMax = 199;

    private byte[] _request = new byte[RequestBytes];
    private byte[] _received = new byte[AnswerBytes];
    private CancellationTokenSource? _patience;

    /// <summary>What the server said, after it said something.</summary>
    public AccountAnswer Answer { get; } = new(policies);

    /// <summary>Asks the server of a device and reads its answer; both together take <c>swift.node_timeout</c> at most.</summary>
    /// <param name="device">The device.</param>
    /// <param name="partition">The account's partition.</param>
    /// <param name="account">The account's name.</param>
    /// <param name="stopping">Gives up.</param>
    /// <returns>Why there is no answer; null if there is one.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Unavailability?> AskAsync(Device device, uint partition, string account, CancellationToken stopping)
    {
        var node = Node.Of(device, options.Network);
        var request = Write(node, device, partition, account);
        var patience = Arm();
        var linked = stopping.UnsafeRegister(static patience => ((CancellationTokenSource)patience!).Cancel(), patience);
        try
        {
            return await SendTwiceAsync(node, request, patience.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // What is not our patience is the time that a connection may take.
            return patience.IsCancellationRequested ? Unavailability.TimedOut : Unavailability.ConnectTimedOut;
        }
        finally
        {
            linked.Dispose();
            Disarm();
        }
    }

    public void Dispose() => _patience?.Dispose();

    /// <summary>
    /// Where a connection is lost, once more over a new one: that a server has just closed one that was kept is no failure of
    /// the server.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Unavailability?> SendTwiceAsync(Node node, ReadOnlyMemory<byte> request, CancellationToken stopping)
    {
        var kept = sockets.Take(node);
        for (var isLast = false; ; isLast = true)
        {
            if ((kept ?? await ConnectAsync(node, stopping)) is not { } socket)
            {
                return Unavailability.Unreachable;
            }

            var failure = await SendAsync(node, socket, request, stopping);
            if (failure != Unavailability.ConnectionLost || isLast)
            {
                return failure;
            }

            kept = null;
        }
    }

    /// <returns>Null if there is nobody to connect to.</returns>
    private async ValueTask<Socket?> ConnectAsync(Node node, CancellationToken stopping)
    {
        using var connecting = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        connecting.CancelAfter(options.ConnectTimeout);
        try
        {
            return Uri.CheckHostName(node.Ip) == UriHostNameType.Unknown ? null : await KeptSockets.ConnectAsync(node, connecting.Token);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Unavailability?> SendAsync(Node node, Socket socket, ReadOnlyMemory<byte> request, CancellationToken stopping)
    {
        var isKept = false;
        try
        {
            for (var sent = 0; sent < request.Length;)
            {
                sent += await socket.SendAsync(request[sent..], stopping);
            }

            var (failure, after) = await ReceiveAsync(socket, stopping);

            // What follows an answer that has no body is nothing that the next answer may be mistaken for.
            isKept = failure is null && after == 0 && Answer.KeepsConnection;
            return failure;
        }
        catch (SocketException)
        {
            return Unavailability.ConnectionLost;
        }
        finally
        {
            if (isKept)
            {
                sockets.Keep(node, socket);
            }
            else
            {
                socket.Dispose();
            }
        }
    }

    /// <returns>Why there is no answer, or null; and how many bytes came after it.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(Unavailability? Failure, int After)> ReceiveAsync(Socket socket, CancellationToken stopping)
    {
        var length = 0;
        while (await socket.ReceiveAsync(_received.AsMemory(length), stopping) is var received and > 0)
        {
            length += received;
            while (TryTakeHead(ref length, out var isHttp))
            {
                if (!isHttp || Answer.Status > InterimStatusMax)
                {
                    return (isHttp ? null : Unavailability.ConnectionLost, length);
                }
            }

            if (length == _received.Length)
            {
                if (length >= AnswerBytesMax)
                {
                    return (Unavailability.MalformedAnswer, 0);
                }

                Array.Resize(ref _received, 2 * length);
            }
        }

        return (Unavailability.ConnectionLost, 0);
    }

    /// <summary>Reads an answer's head off what was received, if it is there as far as the empty line.</summary>
    /// <param name="length">Of what was received; then of what came after the head.</param>
    /// <param name="isHttp">Whether it is one of HTTP.</param>
    private bool TryTakeHead(ref int length, out bool isHttp)
    {
        var received = _received.AsSpan(0, length);
        isHttp = received.StartsWith("HTTP/"u8[..Math.Min(length, "HTTP/"u8.Length)]);
        var end = received.IndexOf("\n\r\n"u8);
        if (end < 0)
        {
            return !isHttp;
        }

        isHttp = isHttp && Answer.TryRead(received[..(end + 1)]);
        var rest = received[(end + "\n\r\n"u8.Length)..];
        rest.CopyTo(_received);
        length = rest.Length;
        return true;
    }

    private ReadOnlyMemory<byte> Write(Node node, Device device, uint partition, string account)
    {
        var (name, quoted) = (AccountServers.Quote(device.Name), AccountServers.Quote(account));
        var (open, close) = node.Ip.Contains(':', StringComparison.Ordinal) ? ("[", "]") : ("", "");
        var network = options.Network == Network.Replication ? "X-Backend-Use-Replication-Network: true\r\n" : "";
        int length;
        while (!Utf8.TryWrite(
            _request,
            CultureInfo.InvariantCulture,
            $"HEAD /{name}/{partition}/{quoted} HTTP/1.1\r\nHost: {open}{node.Ip}{close}:{node.Port}\r\nUser-Agent: consometer\r\n{network}\r\n",
            out length))
        {
            _request = new byte[2 * _request.Length];
        }

        return _request.AsMemory(0, length);
    }

    private CancellationTokenSource Arm()
    {
        if (_patience is null)
        {
            _patience = new CancellationTokenSource(options.NodeTimeout, clock);
        }
        else
        {
            _patience.CancelAfter(options.NodeTimeout);
        }

        return _patience;
    }

    /// <summary>One that is spent, or whose clock is no system's, is not to be had again.</summary>
    private void Disarm()
    {
        if (_patience?.TryReset() == false)
        {
            _patience.Dispose();
            _patience = null;
        }
    }
}
