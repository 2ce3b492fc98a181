using Consometer.Metering.Requests;

namespace Consometer.Tests.Metering.Requests;

public sealed class TrafficTallyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    [InlineData(60, 6)]
    [InlineData(300, 30)]
    [InlineData(3600, 30)]
    public void The_grace_is_a_tenth_of_an_interval_within_bounds(int interval, int grace) => Assert.Equal(TimeSpan.FromSeconds(grace), Tally(interval).Grace);

    [Fact]
    public void An_interval_is_due_when_the_log_is_past_its_end_by_the_grace()
    {
        var tally = Tally();
        Assert.Null(tally.Due(Noon.AddYears(1)));

        var first = tally.Of(Noon.AddSeconds(299));
        var second = tally.Of(Noon.AddSeconds(300));
        Assert.NotSame(first, second);
        Assert.Same(first, tally.Of(Noon));

        Assert.Null(tally.Due(Noon.AddSeconds(329)));
        Assert.Same(first, tally.Due(Noon.AddSeconds(330)));
        Assert.Same(first, tally.Due(Noon.AddYears(1)));
        tally.Close(first);
        Assert.Same(second, tally.Due(Noon.AddYears(1)));
        Assert.Equal([second], tally.Intervals);
    }

    [Fact]
    public void A_line_of_a_closed_interval_counts_in_the_first_one_that_is_not()
    {
        var counted = Counted();
        counted.Read(Line(0));
        counted.Tally.Close(counted.Tally.Intervals.Single());

        counted.Read(Line(299), Line(300), Line(600));

        Assert.Equal((4, 1), (counted.Counts.Counted, counted.Counts.Late));
        Assert.Equal([Noon.AddSeconds(300), Noon.AddSeconds(600)], counted.Tally.Intervals.Select(interval => interval.Time.Start));
        Assert.Equal(34, counted.Tally.Intervals.First().All.Single(traffic => traffic.Container is null).Figures[RequestMeters.Incoming]);
    }

    [Fact]
    public void Whoever_goes_on_opens_no_interval_that_was_closed()
    {
        var counted = Counted();
        counted.Tally.Restore(Noon.AddSeconds(600));

        counted.Read(Line(0), Line(599), Line(600));

        Assert.Equal(Noon.AddSeconds(600), Assert.Single(counted.Tally.Intervals).Time.Start);
        Assert.Equal(2, counted.Counts.Late);
    }

    [Fact]
    public void An_end_that_is_still_to_come_is_now()
    {
        var counted = Counted().Read(Line(0), (new LoggedLine { End = DateTimeOffset.MaxValue }).ToString());

        Assert.Equal(new DateTimeOffset(2026, 11, 30, 0, 0, 0, TimeSpan.Zero), counted.Latest);
        Assert.Equal(counted.Latest, counted.Tally.Intervals.Last().Time.Start);
    }

    /// <summary>Too many containers in all open intervals: what is of more of them counts with the account, once and not twice.</summary>
    [Fact]
    public void Containers_beyond_the_bound_are_their_accounts()
    {
        var counted = Counted(containersMax: 3);
        counted.Read(Line(0, "a"), Line(0, "b"), Line(300, "a"), Line(300, "b"), Line(300, "c"), Line(0, "a"), Line(0, "c"), Line(300, "a"));

        Assert.Equal((8, 3), (counted.Counts.Counted, counted.Counts.Folded));
        Assert.Equal(5, counted.Figures.Where(figure => figure.Key.Container.Length > 0 && figure.Key.Meter == "storage.objects.upload.internal").Sum(figure => figure.Value));
        Assert.Equal(3, counted.Figures[("AUTH_p", "", "storage.objects.upload.internal")]);
        Assert.Equal(3 * 17, counted.Figures[("AUTH_p", "", "storage.objects.upload.size.internal")]);
        Assert.Equal(8 * 17, counted.Figures[("AUTH_p", "", "storage.objects.incoming.bytes")]);

        counted.Tally.Close(counted.Tally.Intervals.First());
        counted.Read(Line(300, "c"));
        Assert.Equal(1, counted.Figures[("AUTH_p", "c", "storage.objects.upload.internal")]);
    }

    [Fact]
    public void A_container_is_one_however_it_is_reached()
    {
        var counted = Counted().Read(Line(0, "a%2520b"), Line(0, "a%2520b"), Line(0, "%2500versions%2500a%2520b"));

        Assert.Equal(3, counted.Figures[("AUTH_p", "a b", "storage.objects.upload.internal")]);
        Assert.Equal(2, counted.Tally.Intervals.Single().All.Count);
    }

    [Fact]
    public void What_nothing_was_added_to_has_not_changed()
    {
        var counted = Counted().Read(new LoggedLine { Method = "HEAD", Status = 200 }.ToString(), new LoggedLine { Method = "DELETE", Path = "/v1/AUTH_q/c/o", Status = 204 }.ToString());

        Assert.Equal(["c"], counted.Tally.Intervals.Single().Changed.Select(traffic => traffic.Container));
        Assert.Equal(2, counted.Counts.Counted);
    }

    /// <summary>What was stored is put back as it was, even where no prefix makes such an account any more, and counted on.</summary>
    [Fact]
    public void What_is_put_back_is_counted_on()
    {
        var counted = Counted();
        var interval = counted.Tally.Of(Noon);
        interval.Restore("AUTH_p", "c", "storage.objects.upload.internal", 5);
        interval.Restore("AUTH_p", null, "storage.objects.incoming.bytes", 100);
        interval.Restore("OLD_p", "c", "storage.objects.delete.external", 7);
        Assert.Empty(interval.Changed);

        counted.Read(Line(0), new LoggedLine { Path = "/v1/OLD_p/c/o", Received = 1 }.ToString());

        Assert.Equal(6, counted.Figures[("AUTH_p", "c", "storage.objects.upload.internal")]);
        Assert.Equal(117, counted.Figures[("AUTH_p", "", "storage.objects.incoming.bytes")]);
        Assert.Equal(7, counted.Figures[("OLD_p", "c", "storage.objects.delete.external")]);
        Assert.Equal([("AUTH_p", null), ("AUTH_p", "c")], interval.Changed.Where(traffic => traffic.Account.Name == "AUTH_p").Select(traffic => (traffic.Account.Name, traffic.Container)).Order());
        interval.Stored();
        Assert.Empty(interval.Changed);
    }

    private static string Line(int seconds, string container = "c") => new LoggedLine { End = Noon.AddSeconds(seconds), Path = $"/v1/AUTH_p/{container}/o", Received = 17 }.ToString();

    private static CountedLog Counted(int containersMax = 100) => new(LogLayout.Parse(LogLayout.Default, out _)!, new ClientNetworks(ClientNetworks.Private, []), containersMax);

    private static TrafficTally Tally(int seconds = 300) => new(TimeSpan.FromSeconds(seconds), 100, new Consometer.Metering.ResellerPrefixes(["AUTH_"]));
}
