using Consometer.Metering.Polling;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Metering;

/// <summary>How a lane gives way, on a clock that stands still until it is moved: who is let in is in at once, or not at all.</summary>
public sealed class LanePaceTests
{
    private const int SafetyNet = 60_000;
    private const int WidthMax = 4;

    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(200);

    private readonly ManualClock _clock = new();

    [Fact(Timeout = SafetyNet)]
    public async Task It_narrows_step_by_step_while_answers_are_slow_and_widens_when_they_are_well_again()
    {
        using var pace = new LanePace(WidthMax, requestsPerSecond: 0, _clock);
        await AnswerAsync(pace, 200, Usual);
        Assert.Equal(WidthMax, pace.Width);

        var widths = new List<int>();
        for (var i = 0; i < 60; i++)
        {
            await AnswerAsync(pace, 1, Slow);
            widths.Add(pace.Width);
        }

        Assert.Equal([4, 3, 2, 1], widths.Distinct());
        await AnswerAsync(pace, 200, Usual);
        Assert.Equal(WidthMax, pace.Width);
    }

    /// <summary>Ten times nothing is nothing: a server on the same host answers in half a millisecond, or in five.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task Milliseconds_of_difference_are_noise()
    {
        using var pace = new LanePace(WidthMax, requestsPerSecond: 0, _clock);
        await AnswerAsync(pace, 200, Usual / 10);
        await AnswerAsync(pace, 200, Usual);

        Assert.Equal(WidthMax, pace.Width);
    }

    /// <summary>What was always slow is no sign of trouble.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task A_server_that_is_slow_from_the_start_keeps_its_width()
    {
        using var pace = new LanePace(WidthMax, requestsPerSecond: 0, _clock);
        await AnswerAsync(pace, 200, Slow);

        Assert.Equal(WidthMax, pace.Width);
    }

    [Theory(Timeout = SafetyNet)]
    [InlineData(Unavailability.TimedOut)]
    [InlineData(Unavailability.ConnectTimedOut)]
    public async Task A_timeout_narrows_it_to_one_and_nobody_is_let_in_before_the_others_are_out(Unavailability timeout)
    {
        using var pace = new LanePace(WidthMax, requestsPerSecond: 0, _clock);
        for (var i = 0; i < WidthMax; i++)
        {
            await EnterAsync(pace);
        }

        var next = EnterAsync(pace);
        for (var i = 0; i < WidthMax - 1; i++)
        {
            pace.Leave(timeout, TimeSpan.FromSeconds(10));
            Assert.Equal(1, pace.Width);
            Assert.False(next.IsCompleted);
        }

        pace.Leave(timeout, TimeSpan.FromSeconds(10));
        await next;
        Assert.False(EnterAsync(pace).IsCompleted);
    }

    [Fact(Timeout = SafetyNet)]
    public async Task Who_withdraws_makes_room_and_leaves_no_trace()
    {
        using var pace = new LanePace(1, requestsPerSecond: 0, _clock);
        await EnterAsync(pace);
        var next = EnterAsync(pace);
        Assert.False(next.IsCompleted);

        pace.Withdraw();
        await next;
        Assert.Equal(1, pace.Width);
    }

    /// <summary>Twice as long after each 529, up to a second; then a tenth less after each answer, until it is nothing.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task Too_many_requests_slow_it_down_and_answers_speed_it_up_again()
    {
        using var pace = new LanePace(1, requestsPerSecond: 0, _clock);
        await EnterAsync(pace);
        var waits = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            pace.Leave(Unavailability.RateLimited, Usual);
            waits.Add(await WaitAsync(pace));
        }

        Assert.Equal([0, 10, 20, 40, 80, 160, 320, 640, 1000, 1000], waits);
        var answers = 0;
        for (var wait = 1000.0; wait > 0; answers++)
        {
            pace.Leave(null, Usual);
            var before = wait;
            wait = await WaitAsync(pace);
            Assert.True(wait <= before);
        }

        Assert.InRange(answers, 20, 60);
    }

    /// <summary>Whatever the moments they come at, any second has no more than the ceiling.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task The_ceiling_of_requests_a_second_holds()
    {
        const int Ceiling = 7;
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var pace = new LanePace(WidthMax, Ceiling, _clock);
        var asked = new List<DateTimeOffset>();
        for (var i = 0; i < 200; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(3) == 0 ? random.Next(1000) : 0));
            await WaitAsync(pace);
            asked.Add(_clock.GetUtcNow());
            pace.Leave(null, Usual);
        }

        Assert.All(asked, from => Assert.InRange(asked.Count(at => at >= from && at < from + TimeSpan.FromSeconds(1)), 1, Ceiling + 1));
        Assert.Contains(asked.Zip(asked.Skip(1)), pair => Math.Abs((pair.Second - pair.First).TotalSeconds - (1.0 / Ceiling)) < 0.001);
    }

    /// <summary>One after the other: in, and out after so long.</summary>
    private static async Task AnswerAsync(LanePace pace, int times, TimeSpan latency)
    {
        for (var i = 0; i < times; i++)
        {
            await EnterAsync(pace);
            pace.Leave(null, latency);
        }
    }

    private static Task EnterAsync(LanePace pace) => pace.EnterAsync(TestContext.Current.CancellationToken);

    /// <summary>Moves the clock until one more is in.</summary>
    /// <returns>How many milliseconds it took.</returns>
    private async Task<double> WaitAsync(LanePace pace)
    {
        var began = _clock.GetUtcNow();
        var entering = EnterAsync(pace);
        var due = _clock.NextDue;
        if (due is not null)
        {
            Assert.False(entering.IsCompleted);
            _clock.Advance(due.Value - began);
        }

        await entering;
        return (_clock.GetUtcNow() - began).TotalMilliseconds;
    }
}
