using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Consometer.Scenarios.Requests;

/// <summary>An access log that is written all the time, and rotated now and then, as syslog and logrotate do it; nothing is ever removed.</summary>
internal sealed class RotatingLog : IDisposable
{
    private const int Containers = 5;
    private const int LinesMax = 30;
    private const int PauseMilliseconds = 40;

    /// <summary>A rotation in so many appends.</summary>
    private const int AppendsPerRotation = 30;

    private static readonly string[] ProjectIds = ["followed-1", "followed-2", "followed-3"];

    private static readonly string[] Ends = ["", ".gz"];

    private readonly string _path;
    private readonly Random _chance;
    private FileStream _file;
    private long _lines;
    private int _rotated;

    public RotatingLog(string path, int seed)
    {
        (_path, _chance) = (path, new Random(seed));
        _file = Open(_path, FileMode.Append, FileAccess.Write);
    }

    /// <summary>What was logged so far.</summary>
    public MeteredRequests Sums { get; } = [];

    public long Lines => _lines;

    public int Renamed { get; private set; }

    public int Truncated { get; private set; }

    /// <summary>Writes until it is stopped.</summary>
    public async Task WriteAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(_chance.Next(PauseMilliseconds), CancellationToken.None);
            Append();
            switch (_chance.Next(3 * AppendsPerRotation))
            {
                case 0 or 1:
                    Rename();
                    break;
                case 2:
                    Truncate();
                    break;
            }
        }
    }

    /// <summary>A few lines; who reads along may find the last one cut anywhere, and whole a moment later.</summary>
    public void Append()
    {
        var text = new StringBuilder();
        for (var i = _chance.Next(1, LinesMax); i > 0; i--)
        {
            var request = new LoggedRequest(
                ++_lines, ProjectIds[_chance.Next(ProjectIds.Length)], string.Create(CultureInfo.InvariantCulture, $"c{_chance.Next(Containers)}"),
                _chance.Next(2) == 0, _chance.Next(2) == 0, _chance.Next(1, 1 << 20));
            request.AddTo(Sums);
            text.Append(request.Line(DateTimeOffset.UtcNow)).Append('\n');
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        var cut = _chance.Next(2) == 0 ? bytes.Length : _chance.Next(bytes.Length);
        _file.Write(bytes.AsSpan(0, cut));
        _file.Write(bytes.AsSpan(cut));
    }

    public void Dispose() => _file.Dispose();

    /// <summary>As with <c>create</c> and <c>delaycompress</c>: syslog writes on to the file under its new name until it is told.</summary>
    private void Rename()
    {
        MakeRoom();
        File.Move(_path, Name(1));
        Append();
        var old = _file;
        _file = Open(_path, FileMode.Append, FileAccess.Write);
        old.Dispose();
        Renamed++;
    }

    /// <summary>As with <c>copytruncate</c>, but for its own gap: nothing is written between copy and cut.</summary>
    private void Truncate()
    {
        MakeRoom();
        using (var from = Open(_path, FileMode.Open, FileAccess.Read))
        using (var to = Open(Name(1), FileMode.CreateNew, FileAccess.Write))
        {
            from.CopyTo(to);
        }

        _file.SetLength(0);
        Truncated++;
    }

    /// <summary>Each rotated file gets the next number; the second is compressed, and keeps its time.</summary>
    private void MakeRoom()
    {
        for (var number = _rotated++; number > 0; number--)
        {
            foreach (var end in Ends.Where(end => File.Exists(Name(number) + end)))
            {
                File.Move(Name(number) + end, Name(number + 1) + end);
            }
        }

        if (_chance.Next(2) == 0 && File.Exists(Name(2)))
        {
            Compress(Name(2));
        }
    }

    private static void Compress(string name)
    {
        using (var from = Open(name, FileMode.Open, FileAccess.Read))
        using (var to = new GZipStream(Open(name + ".gz", FileMode.CreateNew, FileAccess.Write), CompressionLevel.Fastest))
        {
            from.CopyTo(to);
        }

        File.SetLastWriteTimeUtc(name + ".gz", File.GetLastWriteTimeUtc(name));
        File.Delete(name);
    }

    /// <summary>Without a buffer: a write is a write. And without the locks that .NET takes and no other program does.</summary>
    private static FileStream Open(string path, FileMode mode, FileAccess access) => new(path, mode, access, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"{_path}.{number}");
}
