using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Consometer.Tests.DropIn;

/// <summary>Something on a port that a broker should be on. It speaks as much AMQP as it takes to be told a password, and repeats that as its reason; or none at all.</summary>
internal sealed class HostileBroker : IAsyncDisposable
{
    private const ushort ConnectionClass = 10;
    private const ushort Start = 10;
    private const ushort Close = 50;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly string? _repeated;
    private readonly Task _serving;

    /// <param name="repeated">The password that it repeats; null to say nothing that is AMQP.</param>
    public HostileBroker(string? repeated)
    {
        _repeated = repeated;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How often it was told the password.</summary>
    public int Told { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving;
        _listener.Stop();
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptSocketAsync(_stopping.Token);
                await AnswerAsync(new NetworkStream(socket));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        try
        {
            await stream.ReadExactlyAsync(new byte[8], _stopping.Token);
            if (_repeated is null)
            {
                await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"u8.ToArray(), _stopping.Token);
                return;
            }

            // Version 0-9, no properties, one mechanism, one locale.
            await stream.WriteAsync(Frame(Start, [0, 9, 0, 0, 0, 0, 0, 0, 0, 5, .. "PLAIN"u8, 0, 0, 0, 5, .. "en_US"u8]), _stopping.Token);
            var head = new byte[7];
            await stream.ReadExactlyAsync(head, _stopping.Token);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(3)) + 1];
            await stream.ReadExactlyAsync(body, _stopping.Token);
            Told += Encoding.UTF8.GetString(body).Contains(_repeated, StringComparison.Ordinal) ? 1 : 0;
            var reason = Encoding.UTF8.GetBytes($"ACCESS_REFUSED - not with password {_repeated}");
            await stream.WriteAsync(Frame(Close, [1, 147, (byte)reason.Length, .. reason, 0, 0, 0, 0]), _stopping.Token);
            await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, _stopping.Token);
        }
        catch (IOException)
        {
            // The client went away.
        }
    }

    private static byte[] Frame(ushort method, byte[] arguments)
    {
        var frame = new byte[7 + 4 + arguments.Length + 1];
        frame[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(3), 4 + arguments.Length);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(7), ConnectionClass);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(9), method);
        arguments.CopyTo(frame, 11);
        frame[^1] = 0xce;
        return frame;
    }
}
