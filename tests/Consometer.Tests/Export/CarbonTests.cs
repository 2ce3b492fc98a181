using System.Globalization;
using Consometer.Configuration;
using Consometer.Export.Graphite;
using Consometer.Tests.Daemon;

namespace Consometer.Tests.Export;

/// <summary>A carbon that is down, hangs, or breaks connections, and what becomes of lines meanwhile.</summary>
public sealed class CarbonTests : IAsyncDisposable
{
    private readonly ManualClock _clock = new();
    private readonly RememberedLog _log = new();
    private readonly ScriptedCarbon _carbon = new();
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public async Task Lines_arrive_as_they_were_made()
    {
        var (carbon, running) = Start(_carbon.Port);
        carbon.Send("a 1 1\nb 2 1\n");
        carbon.Send("a 2 2\n");

        await Eventually.HoldsAsync("three lines", () => _carbon.Lines.Length == 3);

        Assert.Equal(["a 1 1", "b 2 1", "a 2 2"], _carbon.Lines);
        await StopAsync(running);
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData(nameof(CarbonMood.Hangs))]
    [InlineData(nameof(CarbonMood.Resets))]
    [InlineData(nameof(CarbonMood.NeverCloses))]
    public async Task Whatever_carbon_does_lines_wait_for_it_with_their_own_times(string mood)
    {
        _carbon.Mood = Enum.Parse<CarbonMood>(mood);
        var (carbon, running) = Start(_carbon.Port);
        carbon.Send("a 1 1\n");
        await _clock.PassUntilAsync("a second try", () => _carbon.Connections >= 2);
        Assert.Single(_log.Warnings);
        carbon.Send("a 2 2\n");

        _carbon.Mood = CarbonMood.Reads;
        await _clock.PassUntilAsync("carbon is well again", () => _log.Lines.Any(line => line.Contains("takes lines again", StringComparison.Ordinal)));

        await _clock.PassUntilAsync("all lines", () => _carbon.Lines.Contains("a 2 2"));
        Assert.Equal(["a 1 1", "a 2 2"], _carbon.Lines.Distinct());
        await StopAsync(running);
    }

    [Fact]
    public async Task While_nobody_listens_the_latest_moments_are_kept_and_one_warning_is_enough()
    {
        var port = ScriptedServer.ClosedPort();
        var (carbon, running) = Start(port);
        for (var moment = 0; moment < Carbon.MomentsMax + 10; moment++)
        {
            carbon.Send(string.Create(CultureInfo.InvariantCulture, $"a {moment} {moment}\n"));
        }

        await _clock.PassUntilAsync("some tries", () => _clock.GetUtcNow() > ManualClock.Start.AddMinutes(5));
        Assert.Contains($"wanted 127.0.0.1:{port} to take lines", Assert.Single(_log.Warnings), StringComparison.Ordinal);

        // What it is slow to take, on a clock that does not wait for it, is sent again.
        await using var late = new ScriptedCarbon(port);
        await _clock.PassUntilAsync("all that is kept", () => late.Lines.Distinct().Count() >= Carbon.MomentsMax);

        Assert.Equal(Enumerable.Range(10, Carbon.MomentsMax).Select(moment => $"a {moment} {moment}"), late.Lines.Distinct());
        await StopAsync(running);
    }

    [Theory]
    [InlineData(nameof(CarbonMood.Hangs))]
    [InlineData(nameof(CarbonMood.Reads))]
    public async Task It_ends_at_once_when_it_is_stopped(string mood)
    {
        _carbon.Mood = Enum.Parse<CarbonMood>(mood);
        var (carbon, running) = Start(_carbon.Port);
        carbon.Send("a 1 1\n");
        await Eventually.HoldsAsync("a connection", () => _carbon.Connections > 0);

        await StopAsync(running); // On a clock that stands still: nothing is waited for.

        Assert.Empty(_log.Lines);
    }

    public async ValueTask DisposeAsync()
    {
        await _carbon.DisposeAsync();
        _stop.Dispose();
    }

    private (Carbon Carbon, Task Running) Start(int port)
    {
        var carbon = new Carbon(new GraphiteOptions("127.0.0.1", port, "prefix"), _log.Open(), _clock);
        return (carbon, carbon.RunAsync(_stop.Token));
    }

    private async Task StopAsync(Task running)
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
