using System.Net;
using Consometer.Daemon;
using Consometer.Metering;
using Consometer.Metering.Requests.Sources;
using Consometer.Status;
using Consometer.Tests.Configuration;
using Consometer.Tests.Daemon;

namespace Consometer.Tests.Status;

/// <summary>How it is with the counting of requests, alone and beside rounds.</summary>
public sealed class RequestStatusTests
{
    private const string Requests = "requests: { file: access.log, interval: 1m }\n";

    private const string NoGauges = "meters: { storage.objects: false, storage.objects.size: false, storage.objects.containers: false }\n";

    private static readonly (HttpStatusCode, string) Ok = (HttpStatusCode.OK, "ok\n");

    [Fact]
    public async Task Where_they_alone_are_counted_it_is_ready_once_the_log_is_open()
    {
        await using var shown = await ShownStatus.StartAsync(NoGauges + Requests);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "access log: not read yet\n"), await shown.GetAsync("/readyz"));

        using var log = new ScriptedLog(isFile: true);
        shown.Board.Requests!.Source = log.Open(null);
        Assert.Equal(Ok, await shown.GetAsync("/readyz"));

        Tell(shown, new RequestNews.OfLog("access.log", new LogSourceNews.Missing("no such file")));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "access log: cannot be read yet: no such file\n"), await shown.GetAsync("/readyz"));
        Tell(shown, new RequestNews.Failed("store x: is full"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "store x: is full\n"), await shown.GetAsync("/readyz"));
    }

    [Fact]
    public async Task The_daemon_is_alive_while_its_loop_of_requests_moves_and_no_loop_of_rounds_is_missed()
    {
        await using var shown = await ShownStatus.StartAsync(NoGauges + Requests);
        shown.Clock.Advance(ShownStatus.Step);
        shown.Board.Requests!.Move(default, default, default);
        shown.Clock.Advance(ShownStatus.Step);
        Assert.Equal(Ok, await shown.GetAsync("/healthz"));

        shown.Clock.Advance(ShownStatus.Step);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "the loop of requests has not moved for 10 min longer than any step of it takes\n"), await shown.GetAsync("/healthz"));
        AssertSays(shown, VerdictLevel.Bad, "The daemon hangs", "Its loop of requests");
    }

    [Fact]
    public async Task The_verdict_is_that_of_requests_where_there_are_no_rounds()
    {
        await using var shown = await ShownStatus.StartAsync(NoGauges + Requests);
        AssertSays(shown, VerdictLevel.Open, "No request yet", "since the daemon started");

        Tell(shown, new RequestNews.OfLog("access.log", new LogSourceNews.Missing("no such file")));
        AssertSays(shown, VerdictLevel.Bad, "The access log cannot be read", "no such file");
        Tell(shown, new RequestNews.Failed("store x: is full"));
        AssertSays(shown, VerdictLevel.Bad, "What is counted cannot be kept", "store x: is full");

        Tell(shown, new RequestNews.OfLog("access.log", new LogSourceNews.Found()));
        Tell(shown, new RequestNews.Recovered());
        shown.Board.Requests!.Move(default, shown.Clock.GetUtcNow().AddSeconds(-5), default);
        AssertSays(shown, VerdictLevel.Good, "Requests are counted", "The latest one ended 5 s ago");
    }

    [Fact]
    public async Task Beside_rounds_trouble_with_requests_is_a_notice_and_the_verdict_is_that_of_rounds()
    {
        await using var shown = await ShownStatus.StartAsync(ConfigurationText.Least + Requests);
        shown.Keep(ShownStatus.Whole(3));
        Tell(shown, new RequestNews.Failed("store x: is full"));

        AssertSays(shown, VerdictLevel.Good, "Billing data is complete", "");
        Assert.Equal(["Requests are not counted: store x: is full."], NoticesOf(shown));
    }

    [Fact]
    public async Task When_intervals_are_complete_to_a_time_that_is_to_come_it_is_a_notice()
    {
        await using var shown = await ShownStatus.StartAsync(NoGauges + Requests);
        shown.Board.Requests!.Move(default, default, shown.Clock.GetUtcNow());
        Assert.Empty(NoticesOf(shown));

        shown.Board.Requests.Move(default, default, shown.Clock.GetUtcNow().AddHours(2));
        Assert.Equal(
            ["Requests count in the interval of 2026-11-21 15:00, since those before it are complete: the clock was ahead, or intervals were longer."], NoticesOf(shown));
    }

    [Fact]
    public async Task The_page_has_what_became_of_the_lines_and_no_rounds_where_there_are_none()
    {
        await using var shown = await ShownStatus.StartAsync(NoGauges + Requests);
        var page = await shown.PageAsync();
        Assert.Contains("nothing has come yet", page, StringComparison.Ordinal);
        Assert.Contains("No interval is complete yet; each is of ", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"rounds\"", page, StringComparison.Ordinal);

        Tell(shown, new RequestNews.Closed(RoundTime.At(shown.Clock.GetUtcNow(), TimeSpan.FromMinutes(1)), 7, 0));
        shown.Board.Requests!.Move(default, shown.Clock.GetUtcNow(), default);
        page = await shown.PageAsync();
        Assert.Contains("is the last that is complete, with", page, StringComparison.Ordinal);
        Assert.Contains("the latest request ended 0 s ago", page, StringComparison.Ordinal);
    }

    private static void Tell(ShownStatus shown, RequestNews news) => shown.Board.Requests!.Tell(news);

    private static string[] NoticesOf(ShownStatus shown) => [.. Notices.Of(StatusView.Read(shown.Board, before: null))];

    private static void AssertSays(ShownStatus shown, VerdictLevel level, string headline, string sentence)
    {
        var verdict = Verdict.Of(StatusView.Read(shown.Board, before: null));
        Assert.Equal((level, headline), (verdict.Level, verdict.Headline));
        Assert.Contains(sentence, verdict.Sentence, StringComparison.Ordinal);
    }
}
