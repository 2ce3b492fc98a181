using Consometer.Metering.Requests.Sources;

namespace Consometer.Tests.Metering.Requests.Sources;

/// <summary>Each line of a log once, in order, while it is read: through every way of rotating it.</summary>
public sealed class FileSourceTests : IDisposable
{
    private const int SafetyNet = 60_000;

    private readonly WatchedLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact(Timeout = SafetyNet)]
    public async Task A_log_is_read_from_its_beginning_and_then_as_it_grows()
    {
        _log.Write(3);
        Assert.True((await _log.ReadAsync()).IsCaughtUp);
        await _log.ExpectAllAsync();
        _log.Write(2);
        await _log.ExpectAllAsync();

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

    /// <summary>Its writer goes on in the renamed file until it is told to open the log anew, and that is no other file than before.</summary>
    [Theory(Timeout = SafetyNet)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_renamed_file_is_read_until_the_next_one_has_something_in_it(bool creates)
    {
        _log.Write(2);
        await _log.ExpectAllAsync();
        _log.Rename(".1", creates);
        _log.Write(2, to: ".1");
        await _log.ExpectAllAsync();
        Assert.True(_log.IsCaughtUp);
        _log.Write(1, to: ".1");
        _log.Write(2);
        await _log.ExpectAllAsync();
        _log.Write(1);
        await _log.ExpectAllAsync();
    }

    [Theory(Timeout = SafetyNet)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rotations_between_two_looks_are_all_read(bool hasFinalLines)
    {
        _log.Write(2);
        await _log.ExpectAllAsync();
        for (var i = 0; i < 3; i++)
        {
            _log.Write(2);
            _log.Shift(".1");
        }

        _log.Write(hasFinalLines ? 2 : 0);
        await _log.ExpectAllAsync();
    }

    [Fact(Timeout = SafetyNet)]
    public async Task The_rest_of_a_log_that_was_copied_and_truncated_is_read_in_the_copy()
    {
        _log.Write(2);
        await _log.ExpectAllAsync();
        _log.Write(2);
        _log.CopyTruncate(".1");
        await _log.ExpectAllAsync();
        _log.Write(1);
        await _log.ExpectAllAsync();

        Assert.Equal([typeof(LogSourceNews.Truncated), typeof(LogSourceNews.Rotated), typeof(LogSourceNews.Rotated)], _log.News.Select(news => news.GetType()));
    }

    /// <summary>A log that has grown beyond the place again is told by what stands before it.</summary>
    [Theory(Timeout = SafetyNet)]
    [InlineData("-20261121")]
    [InlineData(".1")]
    public async Task A_copied_log_that_has_grown_beyond_the_place_before_the_next_look_is_read_in_both_files(string mark)
    {
        _log.Write(2);
        await _log.ExpectAllAsync();
        _log.Write(1);
        _log.CopyTruncate(mark);
        _log.Write(20);
        await _log.ExpectAllAsync();
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_log_that_was_copied_and_truncated_while_it_was_empty_for_the_reader_is_read_in_the_copy()
    {
        _log.Append("");
        await _log.ExpectAllAsync();
        _log.Write(2);
        _log.CopyTruncate(".1");
        await _log.ExpectAllAsync();
        _log.Write(2);
        _log.Shift(".1");
        await _log.ExpectAllAsync();
    }

    /// <summary>An editor leaves a copy of the log under its name.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task A_copy_in_the_place_of_the_log_goes_on_where_the_log_was()
    {
        _log.Write(3);
        await _log.ExpectAllAsync();
        File.Copy(_log.Path, _log.Find(".new"));
        File.Delete(_log.Path);
        File.Move(_log.Find(".new"), _log.Path);
        _log.Write(2);
        await _log.ExpectAllAsync();

        Assert.Empty(_log.News);
    }

    [Fact(Timeout = SafetyNet)]
    public async Task An_unterminated_last_line_is_given_out_when_its_file_is_left()
    {
        _log.Write(1);
        _log.Append("torn");
        await _log.ExpectAllAsync();
        _log.Rename(".1");
        await _log.ExpectAllAsync();
        _log.Append("whole\n");
        await _log.ReadAllAsync();

        Assert.Equal(["line 1 of the log", "torn", "whole"], _log.Lines);
    }

    [Fact(Timeout = SafetyNet)]
    public async Task Empty_files_in_between_are_passed_over()
    {
        _log.Write(1);
        await _log.ExpectAllAsync();
        _log.Shift(".1");
        _log.Shift(".1");
        await _log.ExpectAllAsync();
        _log.Write(1);
        await _log.ExpectAllAsync();
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_rotated_file_that_is_compressed_while_it_is_read_is_not_read_twice()
    {
        _log.Write(2);
        await _log.ReadAsync();
        _log.Write(40_000);
        _log.Rename(".1");
        await _log.ReadAsync();
        _log.Compress(".1");
        _log.Touch(".1.gz");
        _log.Write(2);
        await _log.ExpectAllAsync();
    }
}
