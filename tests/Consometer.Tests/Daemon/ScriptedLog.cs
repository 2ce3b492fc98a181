using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Consometer.Metering.Requests.Sources;

namespace Consometer.Tests.Daemon;

/// <summary>An access log that the test writes, and that a loop reads when the test says so.</summary>
/// <param name="isFile">Whether it can be read again from a place; else it is gone once it is read, as datagrams are.</param>
internal sealed class ScriptedLog(bool isFile) : IDisposable
{
    private readonly List<byte> _text = [];
    private int _taken;
    private Source? _source;

    private bool IsFile => isFile;

    /// <summary>A line of the proxy's own template.</summary>
    public static string Line(
        DateTimeOffset end, string method = "GET", string path = "/v1/AUTH_p/c/o", int status = 200, long received = 0, long sent = 0,
        string transaction = "tx0", string source = "-", string remote = "192.0.2.7") => string.Create(
        CultureInfo.InvariantCulture,
        $"{remote} {remote} {end.UtcDateTime:dd/MMM/yyyy/HH/mm/ss} {method} {path} HTTP/1.0 {status} - curl - {received} {sent} - {transaction} - 0.0100 {source} - 1.5 2.5 0");

    public ScriptedLog Write(params IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            _text.AddRange(Encoding.UTF8.GetBytes(line));
            _text.Add((byte)'\n');
        }

        return this;
    }

    public ILogSource Open(LogPosition? from)
    {
        _source = new Source(this, from);
        return _source;
    }

    /// <summary>Nobody reads it until it is opened again.</summary>
    public void Close() => _source = null;

    /// <summary>Has the loop read all that was written, and do what comes of it.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="isCaughtUp">Whether it is told that this was all.</param>
    public async Task ReadAsync(Task loop, bool isCaughtUp = true)
    {
        await Eventually.HoldsAsync("the log is open", () => _source is not null || loop.IsCompleted);
        await _source!.GiveAsync(loop, isCaughtUp);
    }

    public void Dispose() => _source?.Dispose();

    private sealed class Source(ScriptedLog log, LogPosition? from) : ILogSource
    {
        private readonly SemaphoreSlim _asked = new(0);
        private readonly Channel<bool> _told = Channel.CreateUnbounded<bool>();
        private LogPosition? _position = from;

        public async ValueTask<LogLines> ReadAsync(CancellationToken stopping)
        {
            // One that is stopped gives what it has.
            if (stopping.IsCancellationRequested)
            {
                return Take(isCaughtUp: true) is { Text.IsEmpty: false } rest ? rest : throw new OperationCanceledException(stopping);
            }

            _asked.Release();
            return Take(await _told.Reader.ReadAsync(stopping));
        }

        public async Task GiveAsync(Task loop, bool isCaughtUp)
        {
            await AskedAsync(loop);
            _told.Writer.TryWrite(isCaughtUp);
            await AskedAsync(loop);
            _asked.Release();
        }

        public void Dispose() => _asked.Dispose();

        private async Task AskedAsync(Task loop)
        {
            var asked = _asked.WaitAsync(TestContext.Current.CancellationToken);
            await await Task.WhenAny(asked, loop);
            Assert.True(asked.IsCompleted, "the loop has ended");
        }

        private LogLines Take(bool isCaughtUp)
        {
            var from = log.IsFile ? (int)(_position?.Offset ?? 0) : log._taken;
            var text = log._text.ToArray();
            log._taken = text.Length;
            if (log.IsFile && text.Length > from)
            {
                _position = new LogPosition(text.Length, text[Math.Max(0, text.Length - LogTail.BytesMax)..]);
            }

            return new LogLines(text.AsMemory(from), log.IsFile ? _position : null, isCaughtUp);
        }
    }
}
