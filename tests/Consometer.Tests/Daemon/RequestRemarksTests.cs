using System.Text;
using Consometer.Daemon;
using Consometer.Metering;
using Consometer.Metering.Requests;
using Consometer.Metering.Requests.Sources;

namespace Consometer.Tests.Daemon;

/// <summary>What is told of the counting of requests: to the log, and to whoever asks how it is.</summary>
public sealed class RequestRemarksTests
{
    private const string Torn = "192.0.2.7 192.0.2.7 21/Nov/2026/13/00/00 GET \u001b]0;title\u0007\u009b";

    private readonly ManualClock _clock = new();
    private readonly List<RequestNews> _news = [];
    private readonly RequestProgress _progress;

    public RequestRemarksTests() => _progress = new RequestProgress(new Heartbeat(TimeSpan.FromMinutes(10), _clock));

    [Fact]
    public void Lines_that_are_in_nobody_s_figures_are_told_once_a_minute_with_one_of_them()
    {
        var (reader, remarks) = Remarks(containersMax: 100);
        remarks.Tell();
        Assert.Empty(_news);

        Read(reader, Torn, "a message");
        remarks.Tell();
        var told = Assert.IsType<RequestNews.Unreadable>(Assert.Single(_news));
        Assert.Equal((1, "192.0.2.7 192.0.2.7 21/Nov/2026/13/00/00 GET ?]0;title??"), (told.Lines, told.Sample));

        Read(reader, Torn, Torn);
        _clock.Advance(TimeSpan.FromSeconds(59));
        remarks.Tell();
        Assert.Single(_news);

        _clock.Advance(TimeSpan.FromSeconds(1));
        remarks.Tell();
        Assert.Equal(2, Assert.IsType<RequestNews.Unreadable>(_news[1]).Lines);
        _clock.Advance(TimeSpan.FromHours(1));
        remarks.Tell();
        Assert.Equal(2, _news.Count);
    }

    [Fact]
    public void Requests_of_nobody_and_of_too_many_containers_are_told_with_their_reason()
    {
        var (reader, remarks) = Remarks(containersMax: 1);
        Read(reader, ScriptedLog.Line(ManualClock.Start, path: "/info", status: 200));
        remarks.Tell();
        Assert.Empty(_news);

        Read(
            reader,
            ScriptedLog.Line(ManualClock.Start, "PUT", "/bucket/key", received: 50),
            ScriptedLog.Line(ManualClock.Start, "PUT", "/v1/AUTH_a/c1/o", 201, 1),
            ScriptedLog.Line(ManualClock.Start, "PUT", "/v1/AUTH_a/c2/o", 201, 1),
            ScriptedLog.Line(ManualClock.Start, remote: "{SMD5}1234"));
        remarks.Tell();

        var told = _news.OfType<RequestNews.Uncounted>().ToArray();
        Assert.Equal([1, 1, 1], told.Select(each => each.Requests));
        Assert.Contains(".anonymized", told[0].Reason, StringComparison.Ordinal);
        Assert.Contains("have 50 bytes; of S3 requests", told[1].Reason, StringComparison.Ordinal);
        Assert.Contains("requests.max_containers", told[2].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_happens_is_a_line_of_the_log()
    {
        var log = new RememberedLog();
        using var logger = log.Open();
        var told = new RequestLog(logger);
        var time = RoundTime.At(ManualClock.Start, TimeSpan.FromMinutes(5));
        told.Tell(new RequestNews.Begun("access.log", null));
        told.Tell(new RequestNews.Begun("access.log", 77));
        told.Tell(new RequestNews.Closed(time, 3, 1));
        told.Tell(new RequestNews.Failed("store x: is full"));
        told.Tell(new RequestNews.Recovered());
        told.Tell(new RequestNews.Unreadable(4, "torn"));
        told.Tell(new RequestNews.OfLog("access.log", new LogSourceNews.Lost(9)));
        told.Tell(new RequestNews.OfLog("access.log", new LogSourceNews.Found()));

        Assert.Equal(
            [
                "requests are counted from access.log",
                "requests are counted from access.log, from byte 77 on",
                "1 samples of requests of 2026-11-21T13:00:00Z are such that no consumer could read them, and are kept back: the store names them",
                "what is counted of requests cannot be kept, and stays in memory until it can: store x: is full",
                "what is counted of requests is kept again",
                "4 access lines cannot be read (is requests.template the proxy's log_msg_template?), as this one: torn",
                "access.log: what was read of it, to byte 9, is in no file any more: what followed there is lost, and it is read from its beginning",
                "access.log: is there, and read",
            ],
            log.Lines);
        Assert.Equal(2, log.Warnings.Count());
    }

    [Fact]
    public void Trouble_of_a_log_lasts_until_it_is_found_or_read_on()
    {
        _progress.Tell(Of(new LogSourceNews.Missing("no such file")));
        Move("", isCaughtUp: true);
        Assert.Equal("cannot be read yet: no such file", _progress.Trouble);
        _progress.Tell(Of(new LogSourceNews.Found()));
        Assert.Null(_progress.Trouble);

        // A rotated file, of which nobody tells that it is well again.
        _progress.Tell(Of(new LogSourceNews.Unreadable("access.log.2.gz: damaged")));
        Move("", isCaughtUp: false);
        Assert.Equal("access.log.2.gz: damaged", _progress.Trouble);
        Move("line", isCaughtUp: false);
        Assert.Null(_progress.Trouble);
    }

    [Fact]
    public void Progress_is_null_before_there_is_any()
    {
        Assert.Equal((null, null, null, null), (_progress.Latest, _progress.ClosedUntil, _progress.BytesBehind, _progress.Lost));
        Move("", isCaughtUp: true);
        Assert.Equal((null, null), (_progress.Latest, _progress.ClosedUntil));

        _progress.Move(default, ManualClock.Start, ManualClock.Start.AddHours(1));
        Assert.Equal((ManualClock.Start, ManualClock.Start.AddHours(1)), (_progress.Latest, _progress.ClosedUntil));
    }

    private static RequestNews.OfLog Of(LogSourceNews news) => new("access.log", news);

    private void Move(string text, bool isCaughtUp) => _progress.Move(new LogLines(Encoding.UTF8.GetBytes(text), null, isCaughtUp), default, default);

    private (AccessLogReader Reader, LineRemarks Remarks) Remarks(int containersMax)
    {
        var layout = LogLayout.Parse(LogLayout.Default, out _)!;
        var reader = new AccessLogReader(layout, new ClientNetworks([], []), new TrafficTally(TimeSpan.FromMinutes(1), containersMax, new ResellerPrefixes(["AUTH_"])));
        return (reader, new LineRemarks(reader, layout, _news.Add, _clock));
    }

    private void Read(AccessLogReader reader, params string[] lines) => reader.Read(Encoding.UTF8.GetBytes(string.Join('\n', lines)), _clock.GetUtcNow());
}
