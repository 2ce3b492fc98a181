using System.Net;
using System.Net.Sockets;
using System.Text;
using Consometer.Metering.Requests.Sources;

namespace Consometer.Tests.Metering.Requests.Sources;

/// <summary>Datagrams over loopback and to a Unix socket.</summary>
public sealed class DatagramSourceTests : IDisposable
{
    private const int SafetyNet = 60_000;

    private readonly TempFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly List<LogSourceNews> _news = [];
    private readonly List<string> _lines = [];

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = SafetyNet)]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Datagrams_over_udp_are_lines(string address)
    {
        using var source = DatagramSource.Listen(new IPEndPoint(IPAddress.Parse(address), 0), _news.Add, _clock);
        await ExpectLinesAsync(source);

        Assert.Equal(0, source.LostDatagrams);
    }

    [Fact(Timeout = SafetyNet)]
    public async Task Datagrams_to_a_unix_socket_are_lines()
    {
        var path = _folder.Find("access.sock");
        using (var source = DatagramSource.Listen(path, _news.Add, _clock))
        {
            await ExpectLinesAsync(source);
            Assert.Null(source.LostDatagrams);
            if (!OperatingSystem.IsWindows())
            {
                const UnixFileMode All = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
                Assert.Equal(All, File.GetUnixFileMode(path));
            }
        }

        Assert.False(Path.Exists(path));
    }

    [Fact(Timeout = SafetyNet)]
    public async Task What_nobody_has_read_yet_is_joined_and_none_of_it_is_lost()
    {
        const int Datagrams = 20_000;
        using var source = DatagramSource.Listen(_folder.Find("access.sock"), _news.Add, _clock);
        using var sender = Connect(source);
        var sent = new List<string>();
        for (var i = 0; i < Datagrams; i++)
        {
            sent.Add($"{i} {new string('x', 150)}");
            sender.Send(Encoding.Latin1.GetBytes(sent[^1] + "\0"));
        }

        var readings = 0;
        while (_lines.Count < Datagrams)
        {
            readings++;
            var lines = await ReadAsync(source);
            Assert.True(lines.Position is null && lines.Text.Length <= LineQueue.BlockBytes);
        }

        Assert.Equal(sent, _lines);
        Assert.InRange(readings, 3, Datagrams / 10);
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_reading_is_empty_when_nothing_comes_for_some_time()
    {
        using var source = DatagramSource.Listen(new IPEndPoint(IPAddress.Loopback, 0), _news.Add, _clock);
        var reading = source.ReadAsync(TestContext.Current.CancellationToken).AsTask();
        await _clock.TimerArmedAsync();
        Assert.False(reading.IsCompleted);
        _clock.Advance(DatagramSource.Patience);

        Assert.True(await reading is { Text.IsEmpty: true, Position: null, IsCaughtUp: true });
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_reading_can_be_stopped()
    {
        using var source = DatagramSource.Listen(new IPEndPoint(IPAddress.Loopback, 0), _news.Add, _clock);
        using var stopping = new CancellationTokenSource();
        var reading = source.ReadAsync(stopping.Token).AsTask();
        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    /// <summary>A queue without a reader fills, then what the kernel holds, and the rest is counted.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task Lost_datagrams_are_counted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux counts what it drops of a socket");
        using var source = DatagramSource.Listen(new IPEndPoint(IPAddress.Loopback, 0), _news.Add, _clock);
        using var sender = Connect(source);
        var datagram = new byte[60_000];
        datagram.AsSpan().Fill((byte)'x');
        var sent = 0L;
        while (source.LostDatagrams == 0)
        {
            sender.Send(datagram);
            sent++;
        }

        var lost = source.LostDatagrams!.Value;
        var received = 0L;
        while (received < sent - lost)
        {
            received += (await source.ReadAsync(TestContext.Current.CancellationToken)).Text.Span.Count((byte)'\n');
        }

        await ReadAsync(source, expectsNone: true);
        Assert.Empty(_lines);
        Assert.Equal(sent - lost, received);
        Assert.Equal(lost, source.LostDatagrams);
    }

    [Fact]
    public void An_address_in_use_is_the_operators_to_mend()
    {
        using var source = DatagramSource.Listen(new IPEndPoint(IPAddress.Loopback, 0), _news.Add, _clock);
        var refusal = Assert.Throws<LogSourceException>(() => DatagramSource.Listen((IPEndPoint)source.Address, _news.Add, _clock));

        Assert.StartsWith($"udp://{source.Address}: wanted ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_socket_that_a_process_left_behind_is_replaced()
    {
        var path = _folder.Find("access.sock");
        using (var left = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + ".left");
        }

        File.Move(path + ".left", path);
        using var source = DatagramSource.Listen(path, _news.Add, _clock);
        await ExpectLinesAsync(source);
    }

    [Fact]
    public void A_socket_that_somebody_listens_at_is_left_to_him()
    {
        var path = _folder.Find("access.sock");
        using var source = DatagramSource.Listen(path, _news.Add, _clock);

        Assert.Throws<LogSourceException>(() => DatagramSource.Listen(path, _news.Add, _clock));
        Assert.True(Path.Exists(path));
    }

    [Theory]
    [InlineData("a file")]
    [InlineData("a folder")]
    [InlineData("a dead link")]
    public void What_is_no_socket_is_not_removed(string what)
    {
        var path = _folder.Find("access.sock");
        _ = what switch
        {
            "a file" => _folder.Write("access.sock", "precious"),
            "a folder" => Directory.CreateDirectory(path).FullName,
            _ => File.CreateSymbolicLink(path, path + ".none").FullName,
        };
        var refusal = Assert.Throws<LogSourceException>(() => DatagramSource.Listen(path, _news.Add, _clock));

        Assert.StartsWith($"unix:{path}: wanted ", refusal.Message, StringComparison.Ordinal);
        Assert.NotNull(new FileInfo(path).LinkTarget ?? (Path.Exists(path) ? path : null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("none/access.sock")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890.sock")]
    public void A_path_that_no_socket_can_have_is_the_operators_to_mend(string path) =>
        Assert.Throws<LogSourceException>(() => DatagramSource.Listen(path.Length == 0 ? "" : _folder.Find(path), _news.Add, _clock));

    /// <summary>What syslog handlers send: a priority before, a NUL or a line end after; some send nothing at all.</summary>
    private async Task ExpectLinesAsync(DatagramSource source)
    {
        using var sender = Connect(source);
        foreach (var datagram in (string[])["<134>proxy-server: a\0", "b\n", "", "\0\r\n", "c\nd\r\n\0", "e"])
        {
            sender.Send(Encoding.Latin1.GetBytes(datagram));
        }

        while (_lines.Count < 5)
        {
            await ReadAsync(source);
        }

        Assert.Equal(["<134>proxy-server: a", "b", "c", "d", "e"], _lines);
    }

    private async Task<LogLines> ReadAsync(DatagramSource source, bool expectsNone = false)
    {
        var reading = source.ReadAsync(TestContext.Current.CancellationToken).AsTask();
        if (expectsNone)
        {
            await _clock.PassUntilAsync("the patience is over", () => reading.IsCompleted);
        }

        var read = await reading;
        _lines.AddRange(Encoding.Latin1.GetString(read.Text.Span).Split('\n')[..^1]);
        return read;
    }

    private static Socket Connect(DatagramSource source)
    {
        var sender = new Socket(source.Address.AddressFamily, SocketType.Dgram, source.Address is IPEndPoint ? ProtocolType.Udp : ProtocolType.Unspecified);
        sender.Connect(source.Address);
        return sender;
    }
}
