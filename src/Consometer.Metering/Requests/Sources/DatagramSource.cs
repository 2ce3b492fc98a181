using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Consometer.Metering.Requests.Sources;

/// <summary>
/// An access log that is sent as syslog datagrams, each a line, over UDP or to a Unix socket. A thread of its own receives
/// them, so that senders do not wait, and nothing is lost, while whoever reads the lines is busy.
/// </summary>
public sealed class DatagramSource : ILogSource
{
    /// <summary>How long a reading waits for lines.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>Asked of the kernel, which gives <c>net.core.rmem_max</c> at most: what comes while this process gets no processor waits there.</summary>
    private const int ReceiveBufferBytesWanted = 16 << 20;

    /// <summary>Blocks of about 1 MiB that wait for whoever reads them. Then receiving stops, and the kernel counts what it has no room for.</summary>
    private const int BlocksMax = 64;

    /// <summary>Linux's SOL_SOCKET and SO_MEMINFO: the counters that <c>/proc/net/udp</c> shows, of one socket and without reading all.</summary>
    private const int SocketLevel = 1;
    private const int MemoryOption = 55;
    private const int MemoryCounters = 9;
    private const int DropsCounter = 8;

    private readonly string _where;
    private readonly Socket _socket;
    private readonly string? _path;
    private readonly Action<LogSourceNews> _tell;
    private readonly TimeProvider _clock;
    private readonly LineQueue _queue = new(BlocksMax);
    private readonly CancellationTokenSource _closing = new();
    private readonly Thread _receiver;
    private SocketException? _failure;
    private int _tooLong;

    private DatagramSource(string where, Socket socket, string? path, Action<LogSourceNews> tell, TimeProvider clock)
    {
        _where = where;
        _socket = socket;
        _path = path;
        _tell = tell;
        _clock = clock;
        _receiver = new Thread(Receive) { IsBackground = true, Name = "access log datagrams" };
    }

    /// <summary>Where datagrams are sent to.</summary>
    public EndPoint Address => _socket.LocalEndPoint!;

    /// <summary>Datagrams that were lost because nobody received them in time; null where that cannot be known: whoever sends to a full Unix socket waits, or is told.</summary>
    public long? LostDatagrams => ReadDrops();

    /// <summary>Receives datagrams at a UDP address.</summary>
    /// <param name="address">The address and port; port 0 takes a free one.</param>
    /// <param name="tell">Who is told what happens.</param>
    /// <param name="clock">What is waited by.</param>
    /// <exception cref="LogSourceException">The address cannot be had.</exception>
    public static DatagramSource Listen(IPEndPoint address, Action<LogSourceNews> tell, TimeProvider clock) =>
        Start($"udp://{address}", () => new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp), null, tell, clock, socket =>
        {
            // Everybody's address is not IPv6's alone.
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.ReceiveBufferSize = ReceiveBufferBytesWanted;
            socket.Bind(address);
        });

    /// <summary>Receives datagrams at a Unix socket, which is made, and removed at the end.</summary>
    /// <param name="path">The socket's file.</param>
    /// <exception cref="LogSourceException">The socket cannot be made.</exception>
    /// <inheritdoc cref="Listen(IPEndPoint, Action{LogSourceNews}, TimeProvider)"/>
    public static DatagramSource Listen(string path, Action<LogSourceNews> tell, TimeProvider clock) =>
        Start($"unix:{path}", () => new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified), path, tell, clock, socket => UnixSocketPath.Bind(socket, path));

    /// <exception cref="LogSourceException">Receiving failed.</exception>
    /// <inheritdoc/>
    public async ValueTask<LogLines> ReadAsync(CancellationToken stopping)
    {
        var lines = Take();
        if (lines.Text.IsEmpty)
        {
            try
            {
                await _queue.ArrivalAsync().WaitAsync(Patience, _clock, stopping);
            }
            catch (TimeoutException)
            {
                // Nothing came, which is an answer too.
            }

            lines = Take();
        }

        return lines;
    }

    public void Dispose()
    {
        _closing.Cancel();
        _socket.Dispose();
        _receiver.Join();
        _queue.Dispose();
        _closing.Dispose();
        if (_path is not null)
        {
            File.Delete(_path);
        }
    }

    private static DatagramSource Start(string where, Func<Socket> make, string? path, Action<LogSourceNews> tell, TimeProvider clock, Action<Socket> bind)
    {
        Socket? socket = null;
        DatagramSource? source = null;
        try
        {
            socket = make();
            bind(socket);
            source = new DatagramSource(where, socket, path, tell, clock);
            source._receiver.Start();
            return source;
        }
        catch (SocketException e)
        {
            throw new LogSourceException(where, "an address that can be listened at", e.Message, e);
        }
        finally
        {
            if (source is null)
            {
                socket?.Dispose();
            }
        }
    }

    /// <summary>The thread that receives. It ends when the source is disposed of, or with an error that whoever reads gets.</summary>
    private void Receive()
    {
        var datagram = new byte[LineQueue.BlockBytes];
        try
        {
            while (!_closing.IsCancellationRequested)
            {
                var bytes = _socket.Receive(datagram);
                var line = datagram.AsSpan(0, bytes).TrimEnd("\0\r\n"u8);
                if (bytes == datagram.Length)
                {
                    Interlocked.Increment(ref _tooLong);
                }
                else if (!line.IsEmpty)
                {
                    _queue.Add(line, _closing.Token);
                }
            }
        }
        catch (Exception e) when (_closing.IsCancellationRequested && e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Disposed of.
        }
        catch (SocketException e)
        {
            _failure = e;
            _queue.Wake();
        }
    }

    private LogLines Take()
    {
        for (var tooLong = Interlocked.Exchange(ref _tooLong, 0); tooLong > 0; tooLong--)
        {
            _tell(new LogSourceNews.LineTooLong(0));
        }

        var text = _queue.Take(out var isEmpty);
        return text.IsEmpty && Volatile.Read(ref _failure) is { } failure
            ? throw new LogSourceException(_where, "datagrams", failure.Message, failure)
            : new LogLines(text, null, isEmpty && _socket.Available == 0);
    }

    /// <summary>Null for a Unix socket, and one that is disposed of.</summary>
    private long? ReadDrops()
    {
        if (_path is not null || _closing.IsCancellationRequested)
        {
            return null;
        }

        try
        {
            Span<uint> counters = stackalloc uint[MemoryCounters];
            return _socket.GetRawSocketOption(SocketLevel, MemoryOption, MemoryMarshal.AsBytes(counters)) == counters.Length * sizeof(uint) ? counters[DropsCounter] : null;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }
}
