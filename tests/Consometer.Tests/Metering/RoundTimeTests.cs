using Consometer.Metering;

namespace Consometer.Tests.Metering;

public sealed class RoundTimeTests
{
    [Theory]
    [InlineData("2026-11-21T13:00:00Z", "01:00:00", "2026-11-21T13:00:00Z", "2026-11-21T14:00:00Z")]
    [InlineData("2026-11-21T13:59:59.9999999Z", "01:00:00", "2026-11-21T13:00:00Z", "2026-11-21T14:00:00Z")]
    [InlineData("2026-12-31T23:59:59Z", "01:00:00", "2026-12-31T23:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("2026-11-22T00:20:00+02:00", "01:00:00", "2026-11-21T22:00:00Z", "2026-11-21T23:00:00Z")]
    [InlineData("2026-11-21T13:30:00+05:30", "01:00:00", "2026-11-21T08:00:00Z", "2026-11-21T09:00:00Z")]
    [InlineData("1970-01-01T00:07:01Z", "00:07:00", "1970-01-01T00:07:00Z", "1970-01-01T00:14:00Z")]
    [InlineData("2026-11-21T23:58:59Z", "00:07:00", "2026-11-21T23:52:00Z", "2026-11-21T23:59:00Z")]
    [InlineData("2026-11-22T00:05:59Z", "00:07:00", "2026-11-21T23:59:00Z", "2026-11-22T00:06:00Z")]
    [InlineData("2026-11-21T13:00:00Z", "1.00:00:00", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z")]
    [InlineData("2026-11-21T13:00:00.5Z", "00:00:01", "2026-11-21T13:00:00Z", "2026-11-21T13:00:01Z")]
    public void A_round_belongs_to_the_start_of_its_period_on_the_wall_clock(string now, string period, string start, string next)
    {
        var time = RoundTime.At(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Parse(period, System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal((start, next), (time.ToString(), time.Next.ToString()));
    }

    [Fact]
    public void Every_instant_of_a_period_has_the_same_round_and_the_next_instant_another()
    {
        var period = TimeSpan.FromMinutes(7);
        var time = RoundTime.At(new DateTimeOffset(2026, 11, 21, 23, 59, 0, TimeSpan.Zero), period);
        for (var second = 0; second < period.TotalSeconds; second++)
        {
            Assert.Equal(time, RoundTime.At(time.Start.AddSeconds(second), period));
        }

        Assert.Equal(time.Next, RoundTime.At(time.Start + period, period));
    }

    [Fact]
    public void A_period_of_less_than_a_second_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RoundTime.At(DateTimeOffset.UnixEpoch, TimeSpan.FromMilliseconds(999)));
}
