using System.Net;
using Consometer.Daemon;
using Serilog.Core;

namespace Consometer.Tests.Status;

public sealed class HealthTests
{
    private static readonly (HttpStatusCode, string) Ok = (HttpStatusCode.OK, "ok\n");

    [Fact]
    public async Task A_daemon_is_alive_until_its_loop_has_not_moved_for_longer_than_a_step_takes()
    {
        await using var shown = await ShownStatus.StartAsync();
        shown.Clock.Advance(ShownStatus.Step);
        Assert.Equal(Ok, await shown.GetAsync("/healthz"));

        shown.Clock.Advance(ShownStatus.Step);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "the loop of rounds has not moved for 10 min longer than any step of it takes\n"), await shown.GetAsync("/healthz"));

        shown.Heart.Move();
        Assert.Equal(Ok, await shown.GetAsync("/healthz"));
    }

    [Fact]
    public async Task It_is_ready_once_a_list_of_projects_is_there()
    {
        await using var shown = await ShownStatus.StartAsync();
        await AssertNotReadyAsync(shown, "projects: not listed yet");

        shown.Board.Tell(new RoundNews.Begun(shown.Now));
        await AssertNotReadyAsync(shown, "projects: not listed yet");

        await shown.ListAsync("p1", "p2");
        Assert.Equal(Ok, await shown.GetAsync("/readyz"));
    }

    [Fact]
    public async Task Where_the_period_has_its_round_it_is_ready_without_a_list()
    {
        await using var shown = await ShownStatus.StartAsync();

        shown.Board.Tell(new RoundNews.Waiting(shown.Now, ShownStatus.Hour));

        Assert.Equal(Ok, await shown.GetAsync("/readyz"));
    }

    [Fact]
    public async Task A_list_that_cannot_be_had_is_a_reason_and_so_is_a_round_that_failed_before_it()
    {
        await using var shown = await ShownStatus.StartAsync();
        shown.Board.Tell(new RoundNews.Failed(shown.Now, "the ring has nothing of this host"));
        shown.Board.Tell(new RoundNews.Waiting(shown.Now, ShownStatus.Hour));
        await AssertNotReadyAsync(shown, "projects: not listed, since the round failed: the ring has nothing of this host");

        await shown.ListAsync();
        await AssertNotReadyAsync(shown, "projects.txt: cannot be read");
    }

    [Fact]
    public async Task A_ring_that_is_broken_is_a_reason_until_it_is_sound_again()
    {
        await using var shown = await ShownStatus.StartAsync();
        await shown.ListAsync("p1");
        var ring = await File.ReadAllBytesAsync(shown.RingPath, TestContext.Current.CancellationToken);

        await File.WriteAllTextAsync(shown.RingPath, "no ring", TestContext.Current.CancellationToken);
        shown.Ring!.Refresh(Logger.None);
        await AssertNotReadyAsync(shown, "broken or missing since 2026-11-21T13:00:00Z");

        await File.WriteAllBytesAsync(shown.RingPath, ring, TestContext.Current.CancellationToken);
        shown.Ring.Refresh(Logger.None);
        Assert.Equal(Ok, await shown.GetAsync("/readyz"));
    }

    [Fact]
    public async Task A_store_that_failed_a_round_is_a_reason_until_one_has_ended_well()
    {
        await using var shown = await ShownStatus.StartAsync();
        await shown.ListAsync("p1");

        shown.Board.Tell(new RoundNews.Failed(shown.Now, "store x: database or disk is full") { IsOfStore = true });
        await AssertNotReadyAsync(shown, "store x: database or disk is full");

        shown.Keep(ShownStatus.Whole(1));
        Assert.Equal(Ok, await shown.GetAsync("/readyz"));
    }

    [Fact]
    public async Task A_store_that_is_full_or_gone_is_a_reason()
    {
        await using var shown = await ShownStatus.StartAsync();
        await shown.ListAsync("p1");

        shown.Keep(ShownStatus.Whole(1), Enumerable.Range(0, 30_000).Select(i => ShownStatus.Unknown($"{i:D60}")));
        await AssertNotReadyAsync(shown, "(store.max_bytes)");

        File.Delete(shown.Options.StorePath);
        await AssertNotReadyAsync(shown, "there is none yet");
    }

    [Fact]
    public async Task Every_reason_has_a_line()
    {
        await using var shown = await ShownStatus.StartAsync();
        File.Delete(shown.RingPath);
        shown.Ring!.Refresh(Logger.None);
        File.Delete(shown.Options.StorePath);
        await shown.ListAsync();

        Assert.Equal(["ring", "projects:", "store"], (await shown.GetAsync("/readyz")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]));
    }

    private static async Task AssertNotReadyAsync(ShownStatus shown, string reason)
    {
        var (status, text) = await shown.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains(reason, text, StringComparison.Ordinal);
        Assert.Single(text, character => character == '\n');
    }
}
