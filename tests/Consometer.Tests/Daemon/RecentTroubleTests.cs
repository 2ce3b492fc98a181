using Consometer.Daemon;
using Serilog;
using Serilog.Core;

namespace Consometer.Tests.Daemon;

public sealed class RecentTroubleTests : IDisposable
{
    private readonly RecentTrouble _trouble = new();
    private readonly Logger _log;

    public RecentTroubleTests() => _log = new LoggerConfiguration().WriteTo.Sink(_trouble).CreateLogger();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void What_goes_well_pushes_nothing_out()
    {
        _log.Event(EventId.RoundFailed).Error("round {Time:l} failed", "13:00");
        for (var i = 0; i < 1000; i++)
        {
            _log.Event(EventId.RoundEnded).Information("round {Number} ended", i);
        }

        Assert.Equal("round 13:00 failed", Assert.Single(_trouble.Latest).Text);
    }

    [Fact]
    public void What_comes_again_with_other_numbers_is_the_same_trouble_told_as_it_was_last()
    {
        _log.Event(EventId.RoundFailed).Error("round {Time:l} failed", "13:00");
        _log.Event(EventId.RoundFailed).Error("round {Time:l} failed", "14:00");
        _log.Event(EventId.RoundFailed).Error("round {Time:l} failed otherwise", "14:00");

        Assert.Equal([("round 14:00 failed otherwise", 1), ("round 14:00 failed", 2)], _trouble.Latest.Select(trouble => (trouble.Text, trouble.Times)));
        Assert.All(_trouble.Latest, trouble => Assert.True(trouble.IsError && trouble.First <= trouble.Last));
    }

    [Fact]
    public void It_is_bounded_and_what_was_longest_ago_goes_first()
    {
        var names = Enumerable.Range(0, RecentTrouble.Max + 5).Select(i => $"trouble {(char)('a' + (i % 26))}{(char)('a' + (i / 26))}").ToArray();
        Array.ForEach(names, name => _log.Warning("{Name:l}", name));

        Assert.Equal(names[5..].Reverse(), _trouble.Latest.Select(trouble => trouble.Text));
    }
}
