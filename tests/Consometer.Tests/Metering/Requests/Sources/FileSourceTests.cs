using System.Globalization;
using Consometer.Metering.Requests.Sources;

namespace Consometer.Tests.Metering.Requests.Sources;

/// <summary>Each line of a log once, in order, while it is read: through every way of rotating it.</summary>
public sealed class FileSourceTests : IDisposable
{
    private const int SafetyNet = 60_000;

    private readonly WatchedLog _log = new();
    private int _written;

    public void Dispose() => _log.Dispose();

    [Fact(Timeout = SafetyNet)]
    public async Task A_log_is_read_from_its_beginning_and_then_as_it_grows()
    {
        Write(3);
        Assert.True((await _log.ReadAsync()).IsCaughtUp);
        await ExpectAllAsync();
        Write(2);
        await ExpectAllAsync();

        Assert.Empty(_log.News);
        Assert.Equal(new FileInfo(_log.Path).Length, _log.Position?.Offset);
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_line_is_given_out_when_it_is_whole()
    {
        foreach (var piece in "a line\nanother\nthe last".Select(c => c.ToString()))
        {
            _log.Append(piece);
            await _log.ReadAllAsync();
        }

        Assert.Equal(["a line", "another"], _log.Lines);
        Assert.Equal("a line\nanother\n".Length, _log.Position?.Offset);
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_log_that_is_not_there_is_waited_for_and_told_once()
    {
        for (var i = 0; i < 3; i++)
        {
            var lines = await _log.ReadAsync();
            Assert.True(lines is { Text.IsEmpty: true, Position: null, IsCaughtUp: true });
        }

        Write(1);
        await ExpectAllAsync();
        Assert.Collection(_log.News, news => Assert.Contains("no such file", Assert.IsType<LogSourceNews.Missing>(news).Reason, StringComparison.Ordinal), news => Assert.IsType<LogSourceNews.Found>(news));
    }

    /// <summary>Its writer goes on in the renamed file until it is told to open the log anew, and that is no other file than before.</summary>
    [Theory(Timeout = SafetyNet)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_renamed_file_is_read_until_the_next_one_has_something_in_it(bool creates)
    {
        Write(2);
        await ExpectAllAsync();
        _log.Rename(".1", creates);
        Write(2, to: ".1");
        await ExpectAllAsync();
        Assert.True(_log.IsCaughtUp);
        Write(1, to: ".1");
        Write(2);
        await ExpectAllAsync();
        Write(1);
        await ExpectAllAsync();
    }

    [Theory(Timeout = SafetyNet)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rotations_between_two_looks_are_all_read(bool hasFinalLines)
    {
        Write(2);
        await ExpectAllAsync();
        for (var i = 0; i < 3; i++)
        {
            Write(2);
            Shift(".1");
        }

        Write(hasFinalLines ? 2 : 0);
        await ExpectAllAsync();
    }

    [Fact(Timeout = SafetyNet)]
    public async Task The_rest_of_a_log_that_was_copied_and_truncated_is_read_in_the_copy()
    {
        Write(2);
        await ExpectAllAsync();
        Write(2);
        _log.CopyTruncate(".1");
        await ExpectAllAsync();
        Write(1);
        await ExpectAllAsync();

        Assert.Equal([typeof(LogSourceNews.Truncated), typeof(LogSourceNews.Rotated), typeof(LogSourceNews.Rotated)], _log.News.Select(news => news.GetType()));
    }

    /// <summary>A log that has grown beyond the place again is told by what stands before it.</summary>
    [Theory(Timeout = SafetyNet)]
    [InlineData("-20261121")]
    [InlineData(".1")]
    public async Task A_copied_log_that_has_grown_beyond_the_place_before_the_next_look_is_read_in_both_files(string mark)
    {
        Write(2);
        await ExpectAllAsync();
        Write(1);
        _log.CopyTruncate(mark);
        Write(20);
        await ExpectAllAsync();
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_log_that_was_copied_and_truncated_while_it_was_empty_for_the_reader_is_read_in_the_copy()
    {
        _log.Append("");
        await ExpectAllAsync();
        Write(2);
        _log.CopyTruncate(".1");
        await ExpectAllAsync();
        Write(2);
        Shift(".1");
        await ExpectAllAsync();
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_truncated_log_without_a_copy_is_told_to_be_lost_and_read_from_its_beginning()
    {
        Write(3);
        await ExpectAllAsync();
        var offset = new FileInfo(_log.Path).Length;
        _log.Truncate();
        await ExpectAllAsync();
        Write(1);
        await ExpectAllAsync();

        Assert.Equal([new LogSourceNews.Truncated(offset), new LogSourceNews.Lost(offset)], _log.News);
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_file_that_is_replaced_is_read_to_its_end_though_nothing_has_its_name()
    {
        Write(2);
        await ExpectAllAsync();
        Write(1);
        File.Delete(_log.Path);
        Write(2);
        await ExpectAllAsync();
    }

    /// <summary>An editor leaves a copy of the log under its name.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task A_copy_in_the_place_of_the_log_goes_on_where_the_log_was()
    {
        Write(3);
        await ExpectAllAsync();
        File.Copy(_log.Path, _log.Find(".new"));
        File.Delete(_log.Path);
        File.Move(_log.Find(".new"), _log.Path);
        Write(2);
        await ExpectAllAsync();

        Assert.Empty(_log.News);
    }

    [Fact(Timeout = SafetyNet)]
    public async Task An_unterminated_last_line_is_given_out_when_its_file_is_left()
    {
        Write(1);
        _log.Append("torn");
        await ExpectAllAsync();
        _log.Rename(".1");
        await ExpectAllAsync();
        _log.Append("whole\n");
        await _log.ReadAllAsync();

        Assert.Equal(["line 1 of the log", "torn", "whole"], _log.Lines);
    }

    [Fact(Timeout = SafetyNet)]
    public async Task Empty_files_in_between_are_passed_over()
    {
        Write(1);
        await ExpectAllAsync();
        Shift(".1");
        Shift(".1");
        await ExpectAllAsync();
        Write(1);
        await ExpectAllAsync();
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_rotated_file_that_is_compressed_while_it_is_read_is_not_read_twice()
    {
        Write(2);
        await _log.ReadAsync();
        Write(40_000);
        _log.Rename(".1");
        await _log.ReadAsync();
        _log.Compress(".1");
        _log.Touch(".1.gz");
        Write(2);
        await ExpectAllAsync();
    }

    [Fact(Timeout = SafetyNet)]
    public async Task What_nobody_rotated_is_not_read()
    {
        Write(2);
        await ExpectAllAsync();
        Write(1);
        File.Copy(_log.Path, _log.Find(".bak"));
        _log.AppendTo(".offset", "another program's\n");
        _log.AppendTo("-2", "another proxy's\n");
        File.CreateSymbolicLink(_log.Find(".0"), _log.Path);
        Shift(".1");
        Write(1);
        _log.Touch(".bak");
        _log.AppendTo(".offset", "another program's\n");
        await ExpectAllAsync();
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_log_that_cannot_be_read_is_told_once_and_tried_again()
    {
        Directory.CreateDirectory(_log.Path);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await _log.ReadAsync() is { Text.IsEmpty: true, IsCaughtUp: false });
        }

        Directory.Delete(_log.Path);
        Write(1);
        await ExpectAllAsync();
        Assert.Collection(_log.News, news => Assert.IsType<LogSourceNews.Unreadable>(news), news => Assert.IsType<LogSourceNews.Found>(news));
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_log_that_is_replaced_by_a_folder_loses_nothing()
    {
        Write(2);
        await ExpectAllAsync();
        Write(1);
        _log.Rename(".1", creates: false);
        Directory.CreateDirectory(_log.Path);
        for (var i = 0; i < 3; i++)
        {
            await _log.ReadAsync();
        }

        Directory.Delete(_log.Path);
        Write(1);
        await ExpectAllAsync();
    }

    [Fact(Timeout = SafetyNet)]
    public async Task Bytes_behind_are_those_that_were_not_read()
    {
        Write(2);
        await ExpectAllAsync();
        Assert.Equal(0, _log.Source.BytesBehind);
        _log.Append("12345\n");
        Assert.Equal(6, _log.Source.BytesBehind);

        _log.Stop();
        Shift(".1");
        _log.Append(string.Concat(Enumerable.Repeat(new string('x', 99) + "\n", 15_000)));
        Shift(".1");
        _log.Append("1234567\n");
        await _log.ReadAsync();
        Assert.Equal(1_500_000 + 8, _log.Source.BytesBehind);
        await _log.ReadAsync();
        Assert.InRange(_log.Source.BytesBehind, 400_000 + 8, 500_000 + 8);
        await _log.ReadAllAsync();
        Assert.Equal(0, _log.Source.BytesBehind);
    }

    private void Write(int lines, string to = "")
    {
        for (var i = 0; i < lines; i += 100)
        {
            _log.AppendTo(to, string.Concat(Enumerable.Range(0, Math.Min(100, lines - i)).Select(_ => Line(++_written) + "\n")));
        }
    }

    /// <summary>As logrotate does: each file is one older, and the log is the first of them.</summary>
    private void Shift(string mark)
    {
        for (var i = 8; i >= 1; i--)
        {
            if (File.Exists(_log.Find($".{i}")))
            {
                _log.Move($".{i}", $".{i + 1}");
            }
        }

        _log.Rename(mark);
    }

    private async Task ExpectAllAsync()
    {
        await _log.ReadAllAsync();
        Assert.Equal(Enumerable.Range(1, _written).Select(Line), _log.Lines);
    }

    private static string Line(int i) => string.Create(CultureInfo.InvariantCulture, $"line {i} of the log");
}
