using Consometer.Daemon;
using Consometer.Metering;

namespace Consometer.Tests.Daemon;

public sealed class HeartbeatTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(10);
    private static readonly RoundTime Round = RoundTime.At(ManualClock.Start, TimeSpan.FromDays(1));

    private readonly ManualClock _clock = new();
    private readonly Heartbeat _heart;

    public HeartbeatTests() => _heart = new Heartbeat(Step, _clock);

    [Fact]
    public void A_loop_that_does_not_move_is_overdue_after_the_longest_step()
    {
        _clock.Advance(Step);
        Assert.Null(_heart.Overdue);

        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.InRange(_heart.Overdue!.Value.TotalSeconds, 2.9, 3.1);
    }

    [Fact]
    public void Every_account_and_every_news_is_a_move()
    {
        foreach (Action move in new Action[] { _heart.Move, () => _heart.Tell(new RoundNews.Begun(Round)), () => _heart.Tell(new RoundNews.Failed(Round, "why")) })
        {
            _clock.Advance(2 * Step);
            Assert.NotNull(_heart.Overdue);

            move();
            Assert.Null(_heart.Overdue);
        }
    }

    [Fact]
    public void While_it_waits_as_long_as_it_said_it_is_alive()
    {
        _heart.Tell(new RoundNews.Waiting(Round, TimeSpan.FromDays(1)));
        _clock.Advance(TimeSpan.FromDays(1) + Step);
        Assert.Null(_heart.Overdue);

        _clock.Advance(Step);
        Assert.NotNull(_heart.Overdue);
    }

    [Fact]
    public void A_wait_that_is_over_lends_nothing_to_what_comes_after_it()
    {
        _heart.Tell(new RoundNews.Waiting(Round, TimeSpan.FromDays(1)));
        _heart.Tell(new RoundNews.Begun(Round));
        _clock.Advance(2 * Step);
        Assert.NotNull(_heart.Overdue);
    }
}
