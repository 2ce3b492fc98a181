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
        foreach (var name in LogRotations.All.Keys)
        {
            rotations.Add(name, false);
            rotations.Add(name, true);
        }

        return rotations;
    }

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
        LogRotations.All[rotation](_log);
        await _log.ReadAllAsync();

        Assert.Equal(["a", "b", "c", "d", "e", "f", "g"], _log.Lines);
        Assert.DoesNotContain(_log.News, news => news is LogSourceNews.Lost or LogSourceNews.Unreadable);
    }

    /// <summary>The daemon began when the log was empty, and was down when that was rotated: what came in between is not of before its time.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task A_log_of_which_nothing_was_read_goes_on_with_what_was_rotated_since_then()
    {
        _log.Append("old\n");
        _log.Rename(".2");
        _log.Since = File.GetLastWriteTimeUtc(_log.Find(".2"));
        _log.Append("a\n");
        _log.Rename(".1");
        _log.Append("b\n");
        await _log.ReadAllAsync();

        Assert.Equal(["a", "b"], _log.Lines);
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
