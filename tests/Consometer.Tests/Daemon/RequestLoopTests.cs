using Consometer.Daemon;

namespace Consometer.Tests.Daemon;

/// <summary>From lines of the access log to samples of intervals.</summary>
public sealed class RequestLoopTests
{
    private static readonly DateTimeOffset Start = ManualClock.Start;

    [Fact]
    public async Task An_interval_is_complete_by_the_clock_when_all_is_read_and_the_grace_is_over()
    {
        await using var loop = new CountingLoop().Start();
        loop.Log.Write(Get(10, sent: 100), Get(59, sent: 20));
        await loop.ReadAsync(65);
        Assert.Empty(loop.Published());

        await loop.ReadAsync();

        Assert.Equal(["13:00 h1 p outgoing.bytes 120"], loop.Published());
        var closed = Assert.Single(loop.News.OfType<RequestNews.Closed>());
        Assert.Equal((Start, 1, 0), (closed.Interval.Start, closed.Samples, closed.Withheld));
        Assert.Equal((1, 1, Start.AddMinutes(1)), (loop.Progress.Intervals, loop.Progress.Samples, loop.Progress.Last!.Interval.Next.Start));
    }

    [Fact]
    public async Task A_log_that_is_behind_is_as_late_as_its_latest_line()
    {
        await using var loop = new CountingLoop().Start();
        loop.Log.Write(Get(10, sent: 100), Get(65, sent: 1));
        await loop.ReadAsync(10_000, isCaughtUp: false);
        await loop.ReadAsync(10_000, isCaughtUp: false);
        Assert.Empty(loop.Published());
        Assert.Equal(Start.AddSeconds(65), loop.Progress.Latest);

        loop.Log.Write(Get(66, sent: 1));
        await loop.ReadAsync(isCaughtUp: false);
        Assert.Equal(["13:00 h1 p outgoing.bytes 100"], loop.Published());

        await loop.ReadAsync();
        Assert.Equal(["13:00 h1 p outgoing.bytes 100", "13:01 h1 p outgoing.bytes 2"], loop.Published());
    }

    [Fact]
    public async Task A_line_of_a_complete_interval_counts_in_the_first_open_one_and_is_told()
    {
        await using var loop = new CountingLoop().Start();
        loop.Log.Write(Get(10, sent: 100));
        await loop.ReadAsync(66);
        loop.Log.Write(Get(59, sent: 7), Get(70, sent: 1));
        await loop.ReadAsync(60);

        Assert.Equal(["13:00 h1 p outgoing.bytes 100", "13:01 h1 p outgoing.bytes 8"], loop.Published());
        Assert.Equal(1, loop.Progress.Counts.Late);
    }

    [Fact]
    public async Task A_PUT_of_versioned_objects_that_no_client_s_line_follows_counts_in_its_own_interval()
    {
        await using var loop = new CountingLoop().Start();
        loop.Log.Write(ScriptedLog.Line(Start.AddSeconds(59), "PUT", status: 201, received: 50, transaction: "tx9", source: "OV"), Get(58, sent: 3));
        await loop.ReadAsync(60);
        Assert.Empty(loop.Published());

        await loop.ReadAsync(6);

        Assert.Equal(
            ["13:00 h1 p incoming.bytes 50", "13:00 h1 p outgoing.bytes 3", "13:00 h1 p/c upload.external 1"],
            loop.Published());
    }

    [Fact]
    public async Task What_was_begun_goes_on_after_a_restart_and_nothing_is_read_twice()
    {
        await using var loop = new CountingLoop().Start();
        loop.Log.Write(Get(10, sent: 100), ScriptedLog.Line(Start.AddSeconds(11), "PUT", "/v1/AUTH_p/b/o", 201, received: 9, transaction: "tx9", source: "OV"));
        await loop.ReadAsync(12);
        await loop.StopAsync();

        // The client's line of the PUT comes: that which was held is none.
        loop.Log.Write(Get(20, sent: 10), ScriptedLog.Line(Start.AddSeconds(21), "PUT", "/v1/AUTH_p/b/o", 201, received: 9, transaction: "tx9"));
        loop.Start();
        await loop.ReadAsync(60);

        Assert.Equal(["13:00 h1 p incoming.bytes 9", "13:00 h1 p outgoing.bytes 110", "13:00 h1 p/b upload.external 1"], loop.Published());
        Assert.Equal(2, loop.News.OfType<RequestNews.Begun>().Count());
        Assert.NotNull(loop.News.OfType<RequestNews.Begun>().Last().From);
    }

    /// <summary>A held line that a refused request takes with it leaves no figure; it must not stay in the store, to be counted by whoever comes next.</summary>
    [Fact]
    public async Task A_held_line_that_is_nobody_s_is_gone_from_the_store_too()
    {
        await using var loop = new CountingLoop(isFile: false).Start();
        loop.Log.Write(ScriptedLog.Line(Start.AddSeconds(1), "PUT", status: 201, received: 50, transaction: "tx9", source: "OV"));
        await loop.ReadAsync(2);
        await loop.StopAsync();
        loop.Log.Write(ScriptedLog.Line(Start.AddSeconds(2), "PUT", status: 412, received: 50, transaction: "tx9"));
        loop.Start();
        await loop.ReadAsync();
        await loop.StopAsync();
        loop.Start();
        await loop.ReadAsync(120);

        Assert.Empty(loop.Published());
    }

    [Fact]
    public async Task Several_intervals_are_completed_at_once_and_quiet_ones_are_none()
    {
        await using var loop = new CountingLoop().Start();
        loop.Log.Write(Get(10, sent: 1), Get(70, sent: 2), Get(610, sent: 3));
        await loop.ReadAsync(3600);

        Assert.Equal(["13:00 h1 p outgoing.bytes 1", "13:01 h1 p outgoing.bytes 2", "13:10 h1 p outgoing.bytes 3"], loop.Published());
        Assert.Equal(3, loop.Progress.Intervals);
    }

    [Fact]
    public async Task Samples_are_made_of_the_meters_that_are_on_alone()
    {
        await using var loop = new CountingLoop(more: "");
        loop.Options = loop.Options with { Meters = [.. loop.Options.Meters.Where(meter => meter.Name == "storage.objects.upload.external")] };
        loop.Start();
        loop.Log.Write(Get(10, sent: 1), ScriptedLog.Line(Start.AddSeconds(5), "PUT", status: 201, received: 9), ScriptedLog.Line(Start.AddSeconds(5), "PUT", status: 201, received: 9, remote: "10.0.0.1"));
        await loop.ReadAsync(66);

        Assert.Equal(["13:00 h1 p/c upload.external 1"], loop.Published());
    }

    [Fact]
    public async Task Containers_beyond_the_bound_are_one_figure_of_their_account_over_a_restart_too()
    {
        await using var loop = new CountingLoop();
        loop.Options = loop.Options with { Requests = loop.Options.Requests! with { ContainersMax = 1 } };
        loop.Start();
        loop.Log.Write(Put("a"), Put("b"));
        await loop.ReadAsync(10);
        await loop.StopAsync();
        loop.Start();
        loop.Log.Write(Put("b"), Put("c"), Put("a"));
        await loop.ReadAsync(60);

        Assert.Equal(["13:00 h1 p incoming.bytes 5", "13:00 h1 p upload.external 3", "13:00 h1 p/a upload.external 2"], loop.Published());
        Assert.Equal(loop.Samples().Count, loop.Samples().DistinctBy(sample => sample.MessageId).Count());

        static string Put(string container) => ScriptedLog.Line(Start.AddSeconds(5), "PUT", $"/v1/AUTH_p/{container}/o", 201, received: 1);
    }

    /// <summary>What is written one way or another is one account, and one container.</summary>
    [Fact]
    public async Task Two_spellings_of_one_path_make_one_figure()
    {
        await using var loop = new CountingLoop().Start();
        loop.Log.Write(
            ScriptedLog.Line(Start, "PUT", "/v1/AUTH_p/c/o", 201, received: 1),
            ScriptedLog.Line(Start, "PUT", "/v1/AUTH%255Fp/%2563/o", 201, received: 2),
            ScriptedLog.Line(Start, "PUT", "/v1.0/AUTH_p/c/o", 201, received: 4));
        await loop.ReadAsync(66);

        Assert.Equal(["13:00 h1 p incoming.bytes 7", "13:00 h1 p/c upload.external 3"], loop.Published());
    }

    [Fact]
    public async Task When_the_clock_is_set_back_requests_wait_in_the_first_open_interval_and_it_is_shown()
    {
        await using var loop = new CountingLoop();
        loop.Clock.Advance(TimeSpan.FromHours(5));
        loop.Start();
        loop.Log.Write(Get(5 * 3600, sent: 1));
        await loop.ReadAsync(66);
        await loop.StopAsync();
        loop.Clock.Advance(TimeSpan.FromHours(-5));

        loop.Start();
        loop.Log.Write(Get(70, sent: 10), Get(130, sent: 20));
        await loop.ReadAsync(120);
        Assert.Equal(["18:00 h1 p outgoing.bytes 1"], loop.Published());
        Assert.Equal(Start.AddHours(5).AddMinutes(1), loop.Progress.ClosedUntil);

        await loop.ReadAsync(5 * 3600);
        Assert.Equal(["18:00 h1 p outgoing.bytes 1", "18:01 h1 p outgoing.bytes 30"], loop.Published());
    }

    private static string Get(int second, long sent) => ScriptedLog.Line(Start.AddSeconds(second), sent: sent);
}
