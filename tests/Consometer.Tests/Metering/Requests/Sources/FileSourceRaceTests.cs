using System.Globalization;
using System.Text;
using Consometer.Metering.Requests.Sources;

namespace Consometer.Tests.Metering.Requests.Sources;

/// <summary>
/// Goal: every line exactly once and in order, though the log is rotated between a look and a reading. Method: a thread that
/// writes and rotates as fast as it can, beside one that reads, and is started anew every few readings.
/// </summary>
public sealed class FileSourceRaceTests : IDisposable
{
    private const int SafetyNet = 120_000;
    private const int Logs = 5;
    private const int Steps = 300;
    private const int ReadingsOfASource = 8;

    private readonly TempFolder _folder = new();
    private readonly List<LogSourceNews> _news = [];

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = SafetyNet)]
    public async Task A_log_that_is_rotated_while_it_is_looked_at_loses_no_line()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        for (var i = 0; i < Logs; i++)
        {
            var path = _folder.Find(string.Create(CultureInfo.InvariantCulture, $"access-{i}.log"));
            using var source = new Reader(path, _news.Add);
            await source.ReadAsync();
            var writing = Task.Run(() => Write(path, new Random(seed)), TestContext.Current.CancellationToken);
            while (!writing.IsCompleted)
            {
                await source.ReadAsync();
            }

            while (source.Lines.LastOrDefault() != "end" && !_news.OfType<LogSourceNews.Lost>().Any())
            {
                await source.ReadAsync();
            }

            Assert.Equal(await writing, source.Lines);
            Assert.Empty(_news.OfType<LogSourceNews.Lost>());
        }
    }

    private static List<string> Write(string path, Random random)
    {
        var written = new List<string>();
        var open = Open(path);
        var (isRenamed, rotations) = (false, 0);
        for (var step = 0; step < Steps; step++)
        {
            switch (random.Next(8))
            {
                case 0 when !isRenamed:
                    Shift(path, rotations++);
                    File.Move(path, path + ".1");
                    using (Open(path))
                    {
                        isRenamed = true;
                    }

                    break;
                case 1 when !isRenamed:
                    Shift(path, rotations++);
                    Copy(path, path + ".1");
                    open.SetLength(0);
                    break;
                case 0 or 1:
                    open.Dispose();
                    open = Open(path);
                    isRenamed = false;
                    break;
                default:
                    written.Add($"line {step} {new string('x', random.Next(60))}");
                    open.Write(Encoding.Latin1.GetBytes(written[^1] + "\n"));
                    break;
            }
        }

        open.Dispose();
        File.AppendAllText(path, "end\n");
        return [.. written, "end"];
    }

    private static FileStream Open(string path) => new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>As other programs copy. The base library's own copying locks both files, which readers in .NET are subject to.</summary>
    private static void Copy(string path, string to)
    {
        using var from = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = Open(to);
        from.CopyTo(copy);
    }

    private static void Shift(string path, int rotations)
    {
        for (var i = rotations; i >= 1; i--)
        {
            File.Move($"{path}.{i}", $"{path}.{i + 1}");
        }
    }

    /// <summary>A source, and after some readings another one that goes on there.</summary>
    private sealed class Reader(string path, Action<LogSourceNews> tell) : IDisposable
    {
        private readonly ImpatientClock _clock = new();
        private FileSource _source = new(path, null, tell, new ImpatientClock());
        private int _readings;

        public List<string> Lines { get; } = [];

        public async Task ReadAsync()
        {
            var read = await _source.ReadAsync(TestContext.Current.CancellationToken);
            Lines.AddRange(Encoding.Latin1.GetString(read.Text.Span).Split('\n')[..^1]);
            if (read.Position is not null && ++_readings % ReadingsOfASource == 0)
            {
                _source.Dispose();
                _source = new FileSource(path, read.Position, tell, _clock);
            }
        }

        public void Dispose() => _source.Dispose();
    }

    /// <summary>A clock by which every wait is over at once.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
