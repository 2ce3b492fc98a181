using Consometer.Metering.Polling;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Metering;

/// <summary>A server that answers nobody is set aside when several have waited as long as one waits; one that fails, when it keeps failing.</summary>
public sealed class NodeLaneTests : IDisposable
{
    private const int SafetyNet = 60_000;
    private const int Workers = 4;

    private static readonly TimeSpan NodeTimeout = TimeSpan.FromSeconds(10);

    private readonly ManualClock _clock = new();
    private readonly NodeLane _lane;

    public NodeLaneTests() => _lane = new NodeLane(new DirectPollsterOptions(32, Workers), _clock);

    public void Dispose() => _lane.Dispose();

    [Fact(Timeout = SafetyNet)]
    public async Task The_second_that_waited_in_vain_is_the_last()
    {
        await EnterAsync(2);
        TimeOut();
        Assert.Null(_lane.SetAsideFor);
        TimeOut();

        Assert.Equal(Unavailability.TimedOut, _lane.SetAsideFor);
        Assert.Equal(Unavailability.TimedOut, await _lane.EnterAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>One database may be locked while the server answers for all others.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task Waiting_in_vain_while_others_are_answered_is_no_sign_of_a_mute_server()
    {
        await EnterAsync(Workers);
        for (var i = 0; i < Workers / 2; i++)
        {
            _clock.Advance(NodeTimeout / 2);
            _lane.Learn(null, NodeTimeout / 2);
            _clock.Advance(NodeTimeout / 4);
            _lane.Learn(Unavailability.TimedOut, NodeTimeout);
        }

        Assert.Null(_lane.SetAsideFor);
    }

    [Fact(Timeout = SafetyNet)]
    public async Task An_answer_after_one_that_waited_in_vain_clears_the_server()
    {
        await EnterAsync(3);
        TimeOut();
        _lane.Learn(null, TimeSpan.FromMilliseconds(5));
        TimeOut();

        Assert.Null(_lane.SetAsideFor);
    }

    /// <summary>Who waits behind those that find it out is told, and does not find it out once more.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task Who_waited_for_a_turn_at_a_mute_server_does_not_ask_it()
    {
        await EnterAsync(Workers);
        var fifth = _lane.EnterAsync(TestContext.Current.CancellationToken);
        var sixth = _lane.EnterAsync(TestContext.Current.CancellationToken);
        _clock.Advance(NodeTimeout);
        for (var i = 0; i < Workers; i++)
        {
            Assert.False(fifth.IsCompleted);
            _lane.Learn(Unavailability.TimedOut, NodeTimeout);
        }

        Assert.Equal(Unavailability.TimedOut, await fifth);
        Assert.Equal(Unavailability.TimedOut, await sixth);
    }

    [Theory(Timeout = SafetyNet)]
    [InlineData(Unavailability.Unreachable)]
    [InlineData(Unavailability.ConnectTimedOut)]
    [InlineData(Unavailability.ConnectionLost)]
    public async Task A_server_that_cannot_be_reached_is_set_aside_after_the_limit(Unavailability failure)
    {
        for (var i = 1; i <= SuppressionOptions.Default.Limit; i++)
        {
            Assert.Null(_lane.SetAsideFor);
            await EnterAsync(1);
            _lane.Learn(failure, TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(failure, _lane.SetAsideFor);
        var report = _lane.Report(new Node("192.0.2.1", 6202), devicesSetAside: 2);
        Assert.Equal((10, 3), (report.Requests, report.TimesSetAside));
    }

    /// <summary>Answers that tell nothing are a device's trouble, or an account's: the server is there.</summary>
    [Theory(Timeout = SafetyNet)]
    [InlineData(Unavailability.Unmounted)]
    [InlineData(Unavailability.ServerError)]
    [InlineData(Unavailability.MalformedAnswer)]
    [InlineData(Unavailability.UnexpectedStatus)]
    public async Task A_server_that_answers_is_never_set_aside_whatever_it_says(Unavailability failure)
    {
        for (var i = 0; i < 10 * SuppressionOptions.Default.Limit; i++)
        {
            await EnterAsync(1);
            _lane.Learn(failure, TimeSpan.FromMilliseconds(1));
        }

        Assert.Null(_lane.SetAsideFor);
    }

    private async Task EnterAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Null(await _lane.EnterAsync(TestContext.Current.CancellationToken));
        }
    }

    private void TimeOut()
    {
        _clock.Advance(NodeTimeout);
        _lane.Learn(Unavailability.TimedOut, NodeTimeout);
    }
}
