using Consometer.Daemon;
using Consometer.Tests.Delivery;

namespace Consometer.Tests.Daemon;

/// <summary>Requests are counted once, whatever becomes of the store and of the configuration meanwhile.</summary>
public sealed class RequestLoopChangeTests
{
    private static readonly DateTimeOffset Start = ManualClock.Start;

    [Theory]
    [InlineData(60, 3600)]
    [InlineData(3600, 60)]
    public async Task Intervals_of_another_length_are_completed_and_later_ones_begin_after_them(int before, int after)
    {
        await using var loop = new CountingLoop();
        Change(loop, before);
        loop.Start();
        loop.Log.Write(Get(10, sent: 1), Get(11, sent: 2));
        await loop.ReadAsync(12);
        await loop.StopAsync();
        Change(loop, after);
        loop.Start();
        Assert.Equal(["13:00 h1 p outgoing.bytes 3"], loop.Published());

        loop.Log.Write(Get(20, sent: 4), Get(90, sent: 8));
        await loop.ReadAsync(4 * 3600);

        // Before 13:01, or 14:00, all is told: what comes of it counts with what follows.
        Assert.Equal(before == 60 ? ["13:00 h1 p outgoing.bytes 3", "14:00 h1 p outgoing.bytes 12"] : ["13:00 h1 p outgoing.bytes 3", "14:00 h1 p outgoing.bytes 12"], loop.Published());
        Distinct(loop);
    }

    /// <summary>The host's name is a part of each id. It is not what a file is known by: one that is read under a new name is not read again.</summary>
    [Fact]
    public async Task Under_another_host_s_name_what_was_left_has_the_old_one_s_ids_and_the_file_is_read_on()
    {
        await using var loop = new CountingLoop().Start();
        loop.Log.Write(Get(10, sent: 1), ScriptedLog.Line(Start.AddSeconds(11), "PUT", status: 201, received: 64, transaction: "tx9", source: "OV"));
        await loop.ReadAsync(12);
        await loop.StopAsync();

        Rename(loop, "h2");
        loop.Start();
        Assert.Equal(["13:00 h1 p outgoing.bytes 1"], loop.Published());
        loop.Log.Write(Get(20, sent: 2), ScriptedLog.Line(Start.AddSeconds(20), "PUT", status: 201, received: 64, transaction: "tx9"));
        await loop.ReadAsync(10);
        await loop.StopAsync();

        // And back: nor does the first one begin where it once was.
        Rename(loop, "h1");
        loop.Start();
        loop.Log.Write(Get(30, sent: 4));
        await loop.ReadAsync(120);

        Assert.Equal(
            ["13:00 h2 p incoming.bytes 64", "13:00 h1 p outgoing.bytes 1", "13:00 h2 p outgoing.bytes 2", "13:00 h2 p/c upload.external 1", "13:01 h1 p outgoing.bytes 4"],
            loop.Published());
        Distinct(loop);
    }

    [Fact]
    public async Task Of_datagrams_what_was_left_under_another_name_is_completed_with_its_held_lines()
    {
        await using var loop = new CountingLoop(isFile: false).Start();
        loop.Log.Write(Get(10, sent: 1), ScriptedLog.Line(Start.AddSeconds(11), "PUT", status: 201, received: 64, transaction: "tx9", source: "OV"));
        await loop.ReadAsync(12);
        await loop.StopAsync();
        Rename(loop, "h2");
        loop.Start();
        loop.Log.Write(Get(20, sent: 2));
        await loop.ReadAsync(120);
        await loop.StopAsync();
        loop.Start();
        await loop.ReadAsync(120);

        Assert.Equal(
            ["13:00 h1 p incoming.bytes 64", "13:00 h1 p outgoing.bytes 1", "13:00 h2 p outgoing.bytes 2", "13:00 h1 p/c upload.external 1"], loop.Published());
    }

    [Fact]
    public async Task Another_region_s_figures_begin_where_the_first_one_s_end()
    {
        await using var loop = new CountingLoop().Start();
        loop.Log.Write(Get(10, sent: 1));
        await loop.ReadAsync(12);
        await loop.StopAsync();
        loop.Options = loop.Options with { Region = "RegionTwo" };
        loop.Start();
        loop.Log.Write(Get(13, sent: 2));
        await loop.ReadAsync(120);
        Assert.Equal(["13:00 h1 p outgoing.bytes 2"], loop.Published());

        loop.Options = loop.Options with { Region = "RegionOne" };
        Assert.Equal(["13:00 h1 p outgoing.bytes 1"], loop.Published());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_store_that_fails_for_an_hour_loses_nothing(bool isFile)
    {
        await using var loop = new CountingLoop(isFile).Start();
        loop.Log.Write(Get(10, sent: 1));
        await loop.ReadAsync(12);
        StoredRows.Read(loop.Options.StorePath, "CREATE TRIGGER broken BEFORE INSERT ON traffic BEGIN SELECT RAISE(ABORT, 'the disk is gone'); END");
        for (var minute = 0; minute < 60; minute++)
        {
            loop.Log.Write(Get((60 * minute) + 15, sent: 2));
            await loop.ReadAsync(60);
        }

        Assert.Empty(loop.Published());
        Assert.Contains("the disk is gone", loop.Progress.Failure, StringComparison.Ordinal);
        Assert.InRange(loop.News.OfType<RequestNews.Failed>().Count(), 2, 60);

        StoredRows.Read(loop.Options.StorePath, "DROP TRIGGER broken");
        await loop.ReadAsync(120);

        Assert.Equal(60, loop.Published().Length);
        Assert.Equal(121, loop.Samples().Sum(sample => sample.Volume));
        Assert.Null(loop.Progress.Failure);
        Assert.Single(loop.News.OfType<RequestNews.Recovered>());
        Distinct(loop);
    }

    [Fact]
    public async Task A_store_that_is_full_keeps_what_is_counted_and_completes_intervals_when_there_is_room()
    {
        await using var loop = new CountingLoop(isFile: false);
        loop.Options = loop.Options with { StoreMaxBytes = 1 << 20 };
        loop.Start();
        loop.Log.Write(Get(10, sent: 1));
        await loop.ReadAsync(12);
        StoredRows.Read(loop.Options.StorePath, "CREATE TABLE filler (x); INSERT INTO filler VALUES (zeroblob(2000000))");
        for (var i = 0; i < 200; i++)
        {
            loop.Log.Write(Get(12 + i, sent: 1));
            await loop.ReadAsync();
        }

        Assert.Contains("is full", loop.Progress.Failure, StringComparison.Ordinal);
        Assert.InRange(loop.News.OfType<RequestNews.Failed>().Count(), 1, 4);

        // Stopped and started again with the store still full: it counts all the same.
        await loop.StopAsync();
        loop.Options = loop.Options with { Requests = loop.Options.Requests! with { Host = "h2" } };
        loop.Start();
        loop.Log.Write(Get(230, sent: 1000));
        await loop.ReadAsync(120);
        Assert.Empty(loop.Published());
        StoredRows.Read(loop.Options.StorePath, "DROP TABLE filler");
        await loop.ReadAsync();

        Assert.Equal(1201, loop.Samples().Sum(sample => sample.Volume));
        Assert.Equal(201, loop.Samples().Where(sample => sample.Origin!.StartsWith("h1 ", StringComparison.Ordinal)).Sum(sample => sample.Volume));
        Distinct(loop);
    }

    [Fact]
    public async Task What_has_come_in_when_it_is_stopped_is_counted()
    {
        await using var loop = new CountingLoop(isFile: false).Start();
        loop.Log.Write(Get(10, sent: 1));
        await loop.StopAsync();
        loop.Start();
        await loop.ReadAsync(120);

        Assert.Equal(["13:00 h1 p outgoing.bytes 1"], loop.Published());
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_is_tried_again_and_then_the_log_is_read()
    {
        await using var loop = new CountingLoop();
        var file = loop.Options.StorePath;
        await File.WriteAllTextAsync(file, "no database, but long enough to look like one", TestContext.Current.CancellationToken);
        loop.Start();
        loop.Log.Write(Get(10, sent: 1));
        await loop.Clock.TimerArmedAsync();
        Assert.Contains("not a database", Assert.Single(loop.News.OfType<RequestNews.Failed>()).Reason, StringComparison.Ordinal);

        File.Delete(file);
        loop.Clock.Advance(TimeSpan.FromSeconds(10));
        await loop.ReadAsync(120);

        Assert.Equal(["13:00 h1 p outgoing.bytes 1"], loop.Published());
        Assert.Null(loop.Progress.Failure);
    }

    [Fact]
    public async Task A_log_that_another_process_reads_is_refused_with_one_line()
    {
        await using var loop = new CountingLoop();
        using (var store = Consometer.Delivery.Store.SampleStore.Open(loop.Options.StorePath))
        using (store.CountedLog(loop.Options.Region, loop.Options.Requests!.Origin, loop.Options.Requests.FilePath))
        {
            loop.Start();
            await loop.Clock.TimerArmedAsync();
            var reason = Assert.Single(loop.News.OfType<RequestNews.Failed>()).Reason;
            Assert.Contains("log-1 cannot be locked", reason, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', reason);
        }

        loop.Clock.Advance(TimeSpan.FromSeconds(10));
        loop.Log.Write(Get(1, sent: 1));
        await loop.ReadAsync(120);
        Assert.Equal(["13:00 h1 p outgoing.bytes 1"], loop.Published());
    }

    private static void Change(CountingLoop loop, int seconds) =>
        loop.Options = loop.Options with { Requests = loop.Options.Requests! with { Interval = TimeSpan.FromSeconds(seconds) } };

    private static void Rename(CountingLoop loop, string host) => loop.Options = loop.Options with { Requests = loop.Options.Requests! with { Host = host } };

    private static void Distinct(CountingLoop loop) => Assert.Equal(loop.Samples().Count, loop.Samples().DistinctBy(sample => sample.MessageId).Count());

    private static string Get(int second, long sent) => ScriptedLog.Line(Start.AddSeconds(second), sent: sent);
}
