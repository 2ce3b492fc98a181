using Consometer.Metering.Requests.Sources;

namespace Consometer.Tests.Metering.Requests.Sources;

/// <summary>A log goes on where it was left, whatever became of its files while nobody read.</summary>
public sealed class FileSourceRestartTests : IDisposable
{
    private const int SafetyNet = 60_000;

    private readonly WatchedLog _log = new();

    public void Dispose() => _log.Dispose();

    public static TheoryData<string, bool> RotationsWhileDown()
    {
        var rotations = new TheoryData<string, bool>();
        foreach (var name in Rotations.Keys)
        {
            rotations.Add(name, false);
            rotations.Add(name, true);
        }

        return rotations;
    }

    /// <summary>The log has the lines a, b, c when it is left after b; what each rotation does writes d to g.</summary>
    private static readonly Dictionary<string, Action<WatchedLog>> Rotations = new()
    {
        ["nothing"] = log => log.Append("d\ne\nf\ng\n"),
        ["renamed"] = log =>
        {
            log.Rename(".1");
            log.AppendTo(".1", "d\n");
            log.Append("e\nf\ng\n");
        },
        ["renamed, and empty"] = log =>
        {
            log.Append("d\ne\nf\ng\n");
            log.Rename(".1");
        },
        ["renamed, and not there"] = log =>
        {
            log.Append("d\ne\nf\ng\n");
            log.Rename("-20261121", creates: false);
        },
        ["renamed three times"] = log =>
        {
            log.Append("d\n");
            log.Rename(".1");
            log.Append("e\n");
            log.Move(".1", ".2");
            log.Rename(".1");
            log.Append("f\n");
            log.Move(".2", ".3");
            log.Move(".1", ".2");
            log.Rename(".1");
            log.Append("g\n");
        },
        ["renamed twice by date"] = log =>
        {
            log.Rename("-20261121");
            log.Append("d\ne\n");
            log.Rename("-20261122");
            log.Append("f\ng\n");
        },
        ["copied and truncated"] = log =>
        {
            log.Append("d\n");
            log.CopyTruncate(".1");
            log.Append("e\nf\ng\n");
        },
        ["copied and truncated twice, with more than before"] = log =>
        {
            log.CopyTruncate(".1");
            log.Append("d\ne\n");
            log.Move(".1", ".2");
            log.CopyTruncate(".1");
            log.Append("f\ng\n");
        },
        ["compressed"] = log =>
        {
            log.Append("d\n");
            log.Rename(".1");
            log.Compress(".1");
            log.Append("e\nf\ng\n");
        },
        ["compressed twice"] = log =>
        {
            log.Append("d\n");
            log.Rename(".1");
            log.Compress(".1");
            log.Append("e\n");
            log.Move(".1.gz", ".2.gz");
            log.Rename(".1");
            log.Append("f\n");
            log.Move(".2.gz", ".3.gz");
            log.Compress(".1");
            log.Move(".1.gz", ".2.gz");
            log.Rename(".1");
            log.Append("g\n");
        },
        ["copied by somebody, and renamed"] = log =>
        {
            File.Copy(log.Path, log.Find(".20261121"));
            log.Append("d\n");
            log.Rename(".1");
            log.Append("e\nf\ng\n");
        },
        ["renamed with its ending"] = log =>
        {
            log.Append("d\n");
            File.Move(log.Path, log.Path.Replace(".log", "-20261121.log", StringComparison.Ordinal));
            log.Append("e\nf\ng\n");
        },
        ["with an unterminated last line"] = log =>
        {
            log.Append("d");
            log.Rename(".1");
            log.Append("e\nf");
            log.CopyTruncate(".0");
            log.Append("g\n");
        },
    };

    /// <summary>Either the last reading ended after b, or whoever read after that has not kept what it read.</summary>
    [Theory(Timeout = SafetyNet)]
    [MemberData(nameof(RotationsWhileDown))]
    public async Task A_log_goes_on_after_the_last_line_that_was_kept(string rotation, bool wasReadOn)
    {
        _log.Append("old\n");
        _log.Rename(".9");
        _log.Append("a\nb\n");
        await _log.ReadAsync();
        var kept = _log.Position;
        _log.Append("c\n");
        if (wasReadOn)
        {
            await _log.ReadAsync();
            _log.Forget(lines: 1);
        }

        _log.Stop(kept);
        Rotations[rotation](_log);
        await _log.ReadAllAsync();

        Assert.Equal(["a", "b", "c", "d", "e", "f", "g"], _log.Lines);
        Assert.DoesNotContain(_log.News, news => news is LogSourceNews.Lost or LogSourceNews.Unreadable);
    }

    [Theory(Timeout = SafetyNet)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_log_goes_on_from_every_position_that_was_ever_given(bool compresses)
    {
        var positions = new List<LogPosition>();
        var written = new List<string>();
        for (var i = 0; i < 30; i++)
        {
            written.Add($"line {i}");
            _log.Append($"line {i}\n");
            await _log.ReadAsync();
            positions.Add(_log.Position!);
            if (i % 7 == 6)
            {
                _log.Rename($"-2026112{i / 7}");
            }
        }

        for (var i = 0; compresses && i < 4; i++)
        {
            _log.Compress($"-2026112{i}");
        }

        Assert.Equal(written, _log.Lines);
        for (var i = 0; i < positions.Count; i++)
        {
            _log.Forget(_log.Lines.Count);
            _log.Stop(positions[i]);
            await _log.ReadAllAsync();
            Assert.Equal(written[(i + 1)..], _log.Lines);
        }
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_log_whose_file_is_gone_is_told_to_be_lost_and_read_from_its_beginning()
    {
        _log.Append("a\nb\n");
        await _log.ReadAsync();
        _log.Stop();
        File.Delete(_log.Path);
        _log.AppendTo(".1", "of another log\n");
        _log.Append("c\nd\n");
        await _log.ReadAllAsync();

        Assert.Equal(["a", "b", "c", "d"], _log.Lines);
        Assert.Equal([new LogSourceNews.Lost(4)], _log.News);
    }

    /// <summary>The disk of the logs may come later than the daemon; what was read of it would be read once more.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task A_log_is_not_lost_while_nothing_has_its_name()
    {
        _log.Append("a\nb\n");
        await _log.ReadAsync();
        _log.Stop();
        File.Move(_log.Path, _log.Path + "!");
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await _log.ReadAsync() is { Text.IsEmpty: true, IsCaughtUp: false, Position.Offset: 4 });
        }

        File.Move(_log.Path + "!", _log.Path);
        _log.Append("c\n");
        await _log.ReadAllAsync();

        Assert.Equal(["a", "b", "c"], _log.Lines);
        Assert.Equal([typeof(LogSourceNews.Missing), typeof(LogSourceNews.Found)], _log.News.Select(news => news.GetType()));
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_compressed_file_that_is_damaged_is_read_as_far_as_it_goes_and_told()
    {
        _log.Append("a\n");
        await _log.ReadAsync();
        _log.Stop();
        _log.Rename("-20261121");
        _log.Append(string.Concat(Enumerable.Range(0, 30_000).Select(i => $"b {i}\n")));
        _log.Rename("-20261122");
        _log.Compress("-20261122");
        using (var file = File.OpenWrite(_log.Find("-20261122.gz")))
        {
            file.SetLength(file.Length / 2);
        }

        _log.Touch("-20261122.gz");
        _log.AppendTo("-20261123.gz", "no gzip at all");
        _log.Append("c\n");
        await _log.ReadAllAsync();

        Assert.Equal(("a", "b 0", "c"), (_log.Lines[0], _log.Lines[1], _log.Lines[^1]));
        Assert.InRange(_log.Lines.Count, 10_000, 25_000);
        Assert.Equal(2, _log.News.Count(news => news is LogSourceNews.Unreadable));
        Assert.Equal(2, _log.News.Count(news => news is LogSourceNews.Lost));
    }

    [Theory(Timeout = SafetyNet)]
    [InlineData(LogReader.LineBytesMax, true)]
    [InlineData(LogReader.LineBytesMax + 1, false)]
    [InlineData(5 * LogReader.LineBytesMax, false)]
    public async Task A_line_that_is_too_long_is_dropped_and_told(int length, bool isRead)
    {
        var line = new string('x', length);
        _log.Append($"before\n{line[1..]}");
        await _log.ReadAllAsync();
        _log.Append("x\nafter\n");
        await _log.ReadAllAsync();

        Assert.Equal(isRead ? ["before", line, "after"] : ["before", "after"], _log.Lines);
        Assert.Equal(isRead ? 0 : 1, _log.News.Count(news => news == new LogSourceNews.LineTooLong(7)));
    }

    /// <summary>Else the rest of it would be read as a line.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task A_line_that_is_being_dropped_is_dropped_once_more_after_a_restart()
    {
        _log.Append("before\n" + new string('x', 3 * LogReader.LineBytesMax));
        await _log.ReadAllAsync();
        _log.Stop();
        _log.Append("x\nafter\n");
        await _log.ReadAllAsync();

        Assert.Equal(["before", "after"], _log.Lines);
    }
}
