using Consometer.Metering.Polling;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Metering;

/// <summary>What keeps failing is set aside for a while.</summary>
public sealed class SuppressionTests
{
    private const int Limit = 3;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly ManualClock _clock = new();
    private readonly Suppression _suppression;

    public SuppressionTests() => _suppression = new Suppression(new SuppressionOptions(Limit, Interval), _clock);

    [Fact]
    public void So_many_failures_in_a_row_set_it_aside_for_the_interval_and_no_longer()
    {
        Fail(Limit - 1);
        Assert.Null(_suppression.Reason);

        Fail(1);
        Assert.Equal(Unavailability.Unreachable, _suppression.Reason);
        _clock.Advance(Interval - Tick);
        Assert.Equal(Unavailability.Unreachable, _suppression.Reason);
        _clock.Advance(Tick);
        Assert.Null(_suppression.Reason);
    }

    [Fact]
    public void An_answer_between_failures_begins_the_count_anew()
    {
        Fail(Limit - 1);
        _suppression.Recover();
        Fail(Limit - 1);

        Assert.Null(_suppression.Reason);
        Assert.Equal(0, _suppression.Times);
    }

    [Fact]
    public void After_the_interval_one_failure_is_enough_and_an_answer_gives_it_all_its_chances_back()
    {
        Fail(Limit);
        _clock.Advance(Interval);
        Fail(1);
        Assert.Equal((Unavailability.Unreachable, 2), (_suppression.Reason, _suppression.Times));

        _clock.Advance(Interval);
        _suppression.Recover();
        Fail(Limit - 1);
        Assert.Null(_suppression.Reason);
    }

    /// <summary>What was under way when it was set aside fails too: that counts for the interval, and not as another time.</summary>
    [Fact]
    public void Failures_of_what_was_under_way_are_no_second_time()
    {
        Fail(Limit);
        _clock.Advance(Interval / 2);
        Fail(Limit);
        _clock.Advance(Interval - Tick);

        Assert.Equal((Unavailability.Unreachable, 1), (_suppression.Reason, _suppression.Times));
    }

    [Fact]
    public void It_is_set_aside_at_once_where_there_is_no_doubt()
    {
        _suppression.SetAside(Unavailability.Unmounted);

        Assert.Equal((Unavailability.Unmounted, 1), (_suppression.Reason, _suppression.Times));
        _clock.Advance(Interval);
        Assert.Null(_suppression.Reason);
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _suppression.Fail(Unavailability.Unreachable);
        }
    }
}
