using Consometer.Daemon;
using Consometer.Status;

namespace Consometer.Tests.Status;

public sealed class VerdictTests
{
    [Fact]
    public async Task Billing_data_is_complete_when_every_account_of_the_last_period_has_its_figure()
    {
        await using var shown = await ShownStatus.StartAsync();
        shown.Keep(ShownStatus.Whole(3));
        shown.Clock.Advance(ShownStatus.Hour);
        shown.Keep(ShownStatus.Whole(3));

        AssertSays(shown, VerdictLevel.Good, "Billing data is complete", "in the round of 2026-11-21 14:00", "The last 2 periods");

        // The next period's round is under way: nothing is missing yet.
        shown.Clock.Advance(ShownStatus.Hour);
        shown.Board.Tell(new RoundNews.Begun(shown.Now));
        AssertSays(shown, VerdictLevel.Good, "Billing data is complete", "in the round of 2026-11-21 14:00");
    }

    [Fact]
    public async Task An_account_without_a_figure_is_a_warning()
    {
        await using var shown = await ShownStatus.StartAsync();
        shown.Keep(ShownStatus.Whole(3) with { Measured = 2, Unknown = 1, UnknownByReason = new Dictionary<string, long> { ["timed_out"] = 1 } });

        AssertSays(shown, VerdictLevel.Warning, "1 account without a figure", "but for 1 of 3 accounts (timed_out 1)");
    }

    [Fact]
    public async Task A_period_that_is_over_without_a_complete_round_is_bad_and_so_it_stays_with_the_reason()
    {
        await using var shown = await ShownStatus.StartAsync();
        shown.Keep(ShownStatus.Whole(3));
        shown.Clock.Advance(ShownStatus.Hour);
        shown.Board.Tell(new RoundNews.Failed(shown.Now, "Keystone is down"));
        AssertSays(shown, VerdictLevel.Warning, "The round failed, and is tried again", "Keystone is down", "2026-11-21 13:00");

        shown.Clock.Advance(ShownStatus.Hour);
        AssertSays(shown, VerdictLevel.Bad, "No complete round since 2026-11-21 13:00", "1 period since then is over without figures", "Keystone is down");

        shown.Keep(ShownStatus.Whole(3));
        AssertSays(shown, VerdictLevel.Good, "Billing data is complete");
        Assert.Contains("1 of the last 3 periods has no complete round.", Notices.Of(StatusView.Read(shown.Board, before: null)));
    }

    [Fact]
    public async Task A_round_that_counts_for_nothing_is_told_with_its_reason()
    {
        await using var shown = await ShownStatus.StartAsync();
        shown.Keep(ShownStatus.Whole(3) with { Failure = "every account is absent" });
        AssertSays(shown, VerdictLevel.Bad, "No round is complete yet", "every account is absent");

        shown.Keep(ShownStatus.Whole(3) with { Measured = 0, Unknown = 3 });
        AssertSays(shown, VerdictLevel.Bad, "No round is complete yet", "nothing could be told of any of 3 accounts");
    }

    [Fact]
    public async Task A_loop_that_hangs_comes_before_all_else()
    {
        await using var shown = await ShownStatus.StartAsync();
        shown.Keep(ShownStatus.Whole(3));
        shown.Clock.Advance(2 * ShownStatus.Step);

        AssertSays(shown, VerdictLevel.Bad, "The daemon hangs", "has not moved for 10 min");
    }

    [Fact]
    public async Task A_round_of_named_accounts_is_no_periods_round()
    {
        await using var shown = await ShownStatus.StartAsync();
        shown.Keep(ShownStatus.Whole(3) with { Projects = null, Failure = "a look" });

        AssertSays(shown, VerdictLevel.Open, "No round yet");
    }

    private static void AssertSays(ShownStatus shown, VerdictLevel level, string headline, params string[] words)
    {
        shown.Heart.Move();
        if (headline == "The daemon hangs")
        {
            shown.Clock.Advance(2 * ShownStatus.Step);
        }

        var verdict = Verdict.Of(StatusView.Read(shown.Board, before: null));
        Assert.Equal((level, headline), (verdict.Level, verdict.Headline));
        Assert.All(words, word => Assert.Contains(word, verdict.Sentence, StringComparison.Ordinal));
    }
}
