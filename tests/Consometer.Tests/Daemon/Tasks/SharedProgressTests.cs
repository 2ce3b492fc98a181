using Consometer.Daemon.Tasks;

namespace Consometer.Tests.Daemon.Tasks;

/// <summary>What a daemon knows of its part in shared rounds.</summary>
public sealed class SharedProgressTests
{
    private readonly ManualClock _clock = new();
    private readonly SharedProgress _progress;

    public SharedProgressTests() => _progress = new SharedProgress(_clock);

    [Fact]
    public void It_is_apart_without_trouble_until_it_has_tried_to_join()
    {
        Assert.Equal((SharedRole.Apart, null), (_progress.State.Role, _progress.State.Trouble));
        _progress.Tell(new SharedNews.Joined("broker"));
        Assert.Equal(SharedRole.Worker, _progress.State.Role);
    }

    [Fact]
    public void Since_when_it_is_what_it_is_does_not_change_with_every_try()
    {
        _progress.Tell(new SharedNews.Parted("gone", TimeSpan.FromSeconds(1)));
        _clock.Advance(TimeSpan.FromMinutes(1));
        _progress.Tell(new SharedNews.Parted("still gone", TimeSpan.FromSeconds(2)));
        Assert.Equal((SharedRole.Apart, ManualClock.Start, "still gone"), (_progress.State.Role, _progress.State.Since, _progress.State.Trouble));

        _progress.Tell(new SharedNews.Joined("broker"));
        _progress.Tell(new SharedNews.RoleTaken());
        Assert.Equal((SharedRole.Coordinator, ManualClock.Start.AddMinutes(1), null), (_progress.State.Role, _progress.State.Since, _progress.State.Trouble));
    }

    [Fact]
    public void Who_gives_the_role_away_does_tasks_still()
    {
        _progress.Tell(new SharedNews.Joined("broker"));
        _progress.Tell(new SharedNews.RoleTaken());
        _progress.Tell(new SharedNews.RoleGiven("no list"));
        Assert.Equal((SharedRole.Worker, null), (_progress.State.Role, _progress.State.Trouble));
    }

    [Fact]
    public void Tasks_are_counted_by_what_became_of_them()
    {
        _progress.Tell(new SharedNews.TaskDone(TestTask.Done(1)));
        _progress.Tell(new SharedNews.TaskDone(TestTask.Done(2, isRedelivered: true)));
        _progress.Tell(new SharedNews.TaskLate(TestTask.Of(3)));
        _progress.Tell(new SharedNews.TaskRefused(TestTask.Of(4), "another hash prefix"));

        var state = _progress.State;
        Assert.Equal((2, 1, 1, 1), (state.Done, state.Redelivered, state.Late, state.Refused));
    }

    [Fact]
    public void That_the_coordinators_ring_is_another_is_known_until_a_later_round_says_nothing_of_it()
    {
        _progress.Tell(new SharedNews.RingDiffers(TestTask.Of(1), TestTask.OtherRing));
        Assert.Equal(TestTask.Ring, _progress.State.OtherRing);
        _progress.Tell(new SharedNews.TaskDone(TestTask.Done(1, hour: 1)));
        Assert.Null(_progress.State.OtherRing);
    }
}
