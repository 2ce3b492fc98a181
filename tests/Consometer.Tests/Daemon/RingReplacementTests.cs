using System.Text.RegularExpressions;
using Consometer.Simulation;
using Consometer.Tests.Simulation;

namespace Consometer.Tests.Daemon;

/// <summary>
/// Rings that are replaced while the daemon runs. A second cluster of the same plan has the same accounts in the same places, on
/// other ports: who is asked tells which ring a round went by.
/// </summary>
public sealed partial class RingReplacementTests : IAsyncDisposable
{
    /// <summary>All requests that can be in flight: 4 servers with 4 workers each.</summary>
    private const int HeldRequests = 16;

    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(1);

    /// <summary>More accounts than the dealer runs ahead: some are placed only when the held round goes on.</summary>
    private static readonly SimulationPlan Plan = new() { Accounts = 300 };

    private RunningLoop _loop = null!;
    private RunningCluster _other = null!;

    [Fact]
    public async Task A_round_ends_with_the_ring_it_began_with_and_the_next_has_the_new_one()
    {
        await StartHeldAsync();

        UseOtherRing();
        await LetGoAsync();
        var aRound = _loop.Swift.Requests;
        Assert.Equal(0, _other.Requests);
        Assert.DoesNotContain(_loop.Log.Lines, IsReplacement);

        await NextRoundAsync(1);
        Assert.Equal((aRound, aRound), (_loop.Swift.Requests, _other.Requests));
        Assert.Single(_loop.Log.Lines, IsReplacement);
        await AssertRoundsSaidTheSameAsync(2);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("missing")]
    public async Task A_ring_that_goes_bad_in_mid_round_leaves_the_old_one_in_use_until_a_good_one_comes(string trouble)
    {
        await StartHeldAsync();

        Spoil(trouble);
        await LetGoAsync();
        var aRound = _loop.Swift.Requests;
        Assert.Empty(_loop.Log.Warnings); // Nobody has looked at the file yet.

        await NextRoundAsync(1);
        Assert.Equal((2 * aRound, 0), (_loop.Swift.Requests, _other.Requests));
        Assert.Single(_loop.Log.Warnings);
        Assert.Equal((TimeSpan.FromHours(0), TimeSpan.FromHours(2)), (_loop.Ring.Stale, _loop.Ring.Age));

        await NextRoundAsync(2);
        Assert.Equal(2, _loop.Log.Warnings.Count());
        Assert.Equal((TimeSpan.FromHours(1), TimeSpan.FromHours(3)), (_loop.Ring.Stale, _loop.Ring.Age));

        UseOtherRing();
        await NextRoundAsync(3);
        Assert.Equal((3 * aRound, aRound), (_loop.Swift.Requests, _other.Requests));
        Assert.Single(_loop.Log.Lines, IsReplacement);
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromHours(1)), (_loop.Ring.Stale, _loop.Ring.Age));
        Assert.All(_loop.Log.Warnings, line => Assert.Contains("stays in use", line, StringComparison.Ordinal));
        Assert.Equal(2, _loop.Log.Warnings.Count());
        await AssertRoundsSaidTheSameAsync(4);
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        await _other.DisposeAsync();
    }

    private static bool IsReplacement(string line) => line.StartsWith("the ring was replaced", StringComparison.Ordinal);

    private static void SetWritten(string path, DateTimeOffset at) => File.SetLastWriteTimeUtc(path, at.UtcDateTime);

    /// <summary>Starts the loop, and holds its first round with every worker's request unanswered.</summary>
    private async Task StartHeldAsync()
    {
        _other = await RunningCluster.StartAsync(Plan);
        SetWritten(_other.Cluster.RingPath, ManualClock.Start + (2 * RunningLoop.Hour));
        _loop = await RunningLoop.StartAsync(Plan, swift =>
        {
            SetWritten(swift.Cluster.RingPath, ManualClock.Start - RunningLoop.Hour);
            swift.SetFaults(NodeFault.Slow(Hold));
        });
        await Eventually.HoldsAsync("every worker has its request held", () => _loop.Clock.IsWaitedFor(Hold, by: HeldRequests));
    }

    private async Task LetGoAsync()
    {
        _loop.Swift.SetFaults(NodeFault.None);
        _loop.Clock.Advance(Hold);
        await _loop.RoundIsThereAsync(0);
    }

    private async Task NextRoundAsync(int hour)
    {
        _loop.Clock.Advance(ManualClock.Start + (hour * RunningLoop.Hour) - _loop.Clock.GetUtcNow());
        await _loop.RoundIsThereAsync(hour);
    }

    private void UseOtherRing() => File.Move(_other.Cluster.RingPath, _loop.Swift.Cluster.RingPath, overwrite: true);

    private void Spoil(string trouble)
    {
        var path = _loop.Swift.Cluster.RingPath;
        if (trouble == "missing")
        {
            File.Delete(path);
            return;
        }

        using var file = File.OpenWrite(path);
        file.SetLength(file.Length / 2);
    }

    /// <summary>The rounds' lines in the log, from the counts on.</summary>
    private async Task AssertRoundsSaidTheSameAsync(int rounds)
    {
        await _loop.StopAsync(); // The store has a round a moment before the log does.
        var outcomes = _loop.Log.Lines.Select(line => Outcomes().Match(line)).Where(match => match.Success).Select(match => match.Value).ToArray();
        Assert.Equal(rounds, outcomes.Length);
        Assert.Single(outcomes.Distinct());
        Assert.Contains(" 0 unknown", outcomes[0], StringComparison.Ordinal);
    }

    [GeneratedRegex(@"[\d,]+ measured, .*")]
    private static partial Regex Outcomes();
}
