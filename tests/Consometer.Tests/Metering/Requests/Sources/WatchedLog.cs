using System.Globalization;
using System.IO.Compression;
using System.Text;
using Consometer.Metering.Requests.Sources;

namespace Consometer.Tests.Metering.Requests.Sources;

/// <summary>A log that a test writes and rotates, with a source that reads it and can be started anew.</summary>
internal sealed class WatchedLog : IDisposable
{
    private const int GenerationsMax = 8;

    private readonly TempFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly List<LogSourceNews> _news = [];
    private readonly List<string> _lines = [];
    private FileSource? _source;
    private int _lastLine;
    private DateTime _written = ManualClock.Start.UtcDateTime;

    public WatchedLog(string name = "proxy-access.log") => Path = _folder.Find(name);

    public string Path { get; }

    /// <summary>What was told, in order.</summary>
    public IReadOnlyList<LogSourceNews> News => _news;

    /// <summary>Every line that was read, in order.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>The position of the last reading.</summary>
    public LogPosition? Position { get; private set; }

    /// <summary>Whether the last reading was to the end.</summary>
    public bool IsCaughtUp { get; private set; }

    public FileSource Source => _source ??= new FileSource(Path, Position, _news.Add, _clock, Since);

    /// <summary>Since when the log is read, by whoever has read nothing of it.</summary>
    public DateTimeOffset? Since { get; set; }

    public string Find(string mark) => Path + mark;

    public void Append(string text) => AppendTo("", text);

    /// <summary>Writes on to a file of the log; its time of writing is later than any before.</summary>
    public void AppendTo(string mark, string text)
    {
        File.AppendAllText(Find(mark), text, Encoding.Latin1);
        Touch(mark);
    }

    /// <summary>As logrotate's <c>create</c> does: a new empty file takes the name.</summary>
    public void Rename(string mark, bool creates = true)
    {
        File.Move(Path, Find(mark));
        if (creates)
        {
            Append("");
        }
    }

    public void Move(string from, string to) => File.Move(Find(from), Find(to));

    public void CopyTruncate(string mark)
    {
        File.Copy(Path, Find(mark));
        Touch(mark);
        Truncate();
    }

    public void Truncate()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
    }

    /// <summary>As gzip does: the compressed file has the times of the other.</summary>
    public void Compress(string mark)
    {
        using (var from = File.OpenRead(Find(mark)))
        using (var to = new GZipStream(File.Create(Find(mark + ".gz")), CompressionLevel.Fastest))
        {
            from.CopyTo(to);
        }

        File.SetLastWriteTimeUtc(Find(mark + ".gz"), File.GetLastWriteTimeUtc(Find(mark)));
        File.Delete(Find(mark));
    }

    /// <summary>Sets a file's time of writing to one later than any before.</summary>
    public void Touch(string mark) => File.SetLastWriteTimeUtc(Find(mark), _written += TimeSpan.FromSeconds(1));

    /// <summary>One reading, which waits no longer than the clock is moved for it.</summary>
    public async Task<LogLines> ReadAsync()
    {
        var reading = Source.ReadAsync(TestContext.Current.CancellationToken);
        if (!reading.IsCompleted)
        {
            _clock.Advance(FileSource.LooksEvery);
        }

        var read = await reading;
        var text = Encoding.Latin1.GetString(read.Text.Span);
        Assert.True(text.Length == 0 || text[^1] == '\n', "lines end with a line feed");
        _lines.AddRange(text.Split('\n')[..^1]);
        (Position, IsCaughtUp) = (read.Position, read.IsCaughtUp);
        return read;
    }

    /// <summary>Reads until there is nothing more.</summary>
    public async Task ReadAllAsync()
    {
        do
        {
            await ReadAsync();
        }
        while (!IsCaughtUp);
        await ReadAsync();
    }

    /// <summary>Writes the next lines, of which no two are the same.</summary>
    public void Write(int lines, string to = "")
    {
        for (var i = 0; i < lines; i += 100)
        {
            AppendTo(to, string.Concat(Enumerable.Range(0, Math.Min(100, lines - i)).Select(_ => Line(++_lastLine) + "\n")));
        }
    }

    /// <summary>As logrotate does: each file is one older, and the log is the first of them.</summary>
    public void Shift(string mark)
    {
        for (var i = GenerationsMax; i >= 1; i--)
        {
            if (File.Exists(Find($".{i}")))
            {
                Move($".{i}", $".{i + 1}");
            }
        }

        Rename(mark);
    }

    /// <summary>Reads until there is nothing more, and asserts that it was each of the lines once.</summary>
    public async Task ExpectAllAsync()
    {
        await ReadAllAsync();
        Assert.Equal(Enumerable.Range(1, _lastLine).Select(Line), _lines);
    }

    /// <summary>Ends the source; the next reading begins a new one at the last position, or an earlier one.</summary>
    public void Stop() => Stop(Position);

    /// <inheritdoc cref="Stop()"/>
    public void Stop(LogPosition? at)
    {
        _source?.Dispose();
        _source = null;
        Position = at;
    }

    /// <summary>The last lines that were read are as if they had not been.</summary>
    public void Forget(int lines) => _lines.RemoveRange(_lines.Count - lines, lines);

    public void Dispose()
    {
        _source?.Dispose();
        _folder.Dispose();
    }

    private static string Line(int i) => string.Create(CultureInfo.InvariantCulture, $"line {i} of the log");
}
