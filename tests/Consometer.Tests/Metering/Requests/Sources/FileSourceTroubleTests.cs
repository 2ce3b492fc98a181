using Consometer.Metering.Requests.Sources;

namespace Consometer.Tests.Metering.Requests.Sources;

/// <summary>What is wrong with a log is told, and loses no more than it must.</summary>
public sealed class FileSourceTroubleTests : IDisposable
{
    private const int SafetyNet = 60_000;

    private readonly WatchedLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact(Timeout = SafetyNet)]
    public async Task A_log_that_is_not_there_is_waited_for_and_told_once()
    {
        for (var i = 0; i < 3; i++)
        {
            var lines = await _log.ReadAsync();
            Assert.True(lines is { Text.IsEmpty: true, Position: null, IsCaughtUp: true });
        }

        _log.Write(1);
        await _log.ExpectAllAsync();
        Assert.Collection(_log.News, news => Assert.Contains("no such file", Assert.IsType<LogSourceNews.Missing>(news).Reason, StringComparison.Ordinal), news => Assert.IsType<LogSourceNews.Found>(news));
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_truncated_log_without_a_copy_is_told_to_be_lost_and_read_from_its_beginning()
    {
        _log.Write(3);
        await _log.ExpectAllAsync();
        var offset = new FileInfo(_log.Path).Length;
        _log.Truncate();
        await _log.ExpectAllAsync();
        _log.Write(1);
        await _log.ExpectAllAsync();

        Assert.Equal([new LogSourceNews.Truncated(offset), new LogSourceNews.Lost(offset)], _log.News);
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_file_that_is_replaced_is_read_to_its_end_though_nothing_has_its_name()
    {
        _log.Write(2);
        await _log.ExpectAllAsync();
        _log.Write(1);
        File.Delete(_log.Path);
        _log.Write(2);
        await _log.ExpectAllAsync();
    }

    [Fact(Timeout = SafetyNet)]
    public async Task What_nobody_rotated_is_not_read()
    {
        _log.Write(2);
        await _log.ExpectAllAsync();
        _log.Write(1);
        File.Copy(_log.Path, _log.Find(".bak"));
        _log.AppendTo(".offset", "another program's\n");
        _log.AppendTo("-2", "another proxy's\n");
        File.CreateSymbolicLink(_log.Find(".0"), _log.Path);
        _log.Shift(".1");
        _log.Write(1);
        _log.Touch(".bak");
        _log.AppendTo(".offset", "another program's\n");
        await _log.ExpectAllAsync();
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
        _log.Write(1);
        await _log.ExpectAllAsync();
        Assert.Collection(_log.News, news => Assert.IsType<LogSourceNews.Unreadable>(news), news => Assert.IsType<LogSourceNews.Found>(news));
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_log_that_is_replaced_by_a_folder_loses_nothing()
    {
        _log.Write(2);
        await _log.ExpectAllAsync();
        _log.Write(1);
        _log.Rename(".1", creates: false);
        Directory.CreateDirectory(_log.Path);
        for (var i = 0; i < 3; i++)
        {
            await _log.ReadAsync();
        }

        Directory.Delete(_log.Path);
        _log.Write(1);
        await _log.ExpectAllAsync();
    }

    [Fact(Timeout = SafetyNet)]
    public async Task Bytes_behind_are_those_that_were_not_read()
    {
        _log.Write(2);
        await _log.ExpectAllAsync();
        Assert.Equal(0, _log.Source.BytesBehind);
        _log.Append("12345\n");
        Assert.Equal(6, _log.Source.BytesBehind);

        _log.Stop();
        _log.Shift(".1");
        _log.Append(string.Concat(Enumerable.Repeat(new string('x', 99) + "\n", 15_000)));
        _log.Shift(".1");
        _log.Append("1234567\n");
        await _log.ReadAsync();
        Assert.Equal(1_500_000 + 8, _log.Source.BytesBehind);
        await _log.ReadAsync();
        Assert.InRange(_log.Source.BytesBehind, 400_000 + 8, 500_000 + 8);
        await _log.ReadAllAsync();
        Assert.Equal(0, _log.Source.BytesBehind);
    }
}
