using System.Net;
using System.Text.RegularExpressions;
using Consometer.Daemon;
using Consometer.Daemon.Tasks;
using Consometer.Metering.Rounds;
using Consometer.Status;
using Consometer.Tests.Daemon.Tasks;

namespace Consometer.Tests.Status;

/// <summary>How it is with a daemon that shares rounds with others.</summary>
public sealed partial class SharedStatusTests
{
    private const string Markup = "<script>alert('x')</script>";

    private const string Sharing = """
        credentials:
          openstack: { keystone_uri: "https://keystone:5000", swift_conso_user: meter, swift_conso_password: s3cret, system_scope: all }
          rabbit: { host: broker, user: conso, password: s3cret }
        cluster: { mode: shared }
        swift: {}

        """;

    private static readonly (HttpStatusCode, string) Ok = (HttpStatusCode.OK, "ok\n");

    private static readonly TaskCounts AllDone = new(9, 9, 0, 0, 0, 0);

    private static readonly SharedNews Parted = new SharedNews.Parted("broker:5672: wanted a connection, found none", TimeSpan.FromSeconds(1));

    [Fact]
    public async Task A_daemon_that_meters_alone_shows_nothing_of_it()
    {
        await using var shown = await ShownStatus.StartAsync();
        shown.Keep(ShownStatus.Whole(3));

        Assert.DoesNotContain("Shared rounds", await shown.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_has_its_role_and_what_it_did()
    {
        await using var shown = await ShownStatus.StartAsync(Sharing);
        var page = await TextAsync(shown);
        Assert.Contains($"This daemon, {WorkerName.Own}, has not joined the others yet. Since it started it did 0 tasks.", page, StringComparison.Ordinal);
        Assert.Contains("No shared round has ended yet.", page, StringComparison.Ordinal);
        Assert.Contains("With all daemons whose prefix is consometer.", page, StringComparison.Ordinal);

        Tell(shown, new SharedNews.Joined("broker"), new SharedNews.TaskDone(TestTask.Done(1)), new SharedNews.TaskDone(TestTask.Done(2, isRedelivered: true)));
        Assert.Contains("does tasks since 2026-11-21 13:00. Since it started it did 2 tasks, 1 of them redelivered.", await TextAsync(shown), StringComparison.Ordinal);

        shown.Clock.Advance(TimeSpan.FromMinutes(1));
        Tell(shown, new SharedNews.RoleTaken(), new SharedNews.TaskLate(TestTask.Of(3)), new SharedNews.TaskRefused(TestTask.Of(4), "part power"));
        Assert.Contains("coordinates since 2026-11-21 13:01. Since it started it did 2 tasks, 1 of them redelivered, 1 came late, 1 left to others.", await TextAsync(shown), StringComparison.Ordinal);

        Tell(shown, Parted);
        Assert.Contains("is apart from the others since 2026-11-21 13:01: broker:5672: wanted a connection, found none. Since", await TextAsync(shown), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_has_who_did_what_of_the_last_round_and_marks_a_ring_that_is_not_its_own()
    {
        await using var shown = await ShownStatus.StartAsync(Sharing);
        var ring = shown.Ring!.File.Md5;
        shown.Keep(TestTask.Merged(
            ShownStatus.Whole(30), new TaskCounts(20, 16, 2, 1, 1, 2),
            new(WorkerName.Own, 12, 2, 25, ring), new("other/7", 4, 0, 5, TestTask.OtherRing), new("proxied/8", 0, 0, 0, null)));

        var page = await TextAsync(shown);

        Assert.Contains($"{WorkerName.Own} this one 12 2 25 {ring[..8]} other/7 4 0 5 fedcba98 not this daemon's proxied/8 0 0 0 none", page, StringComparison.Ordinal);
        Assert.Contains("The round of 2026-11-21 13:00 had 20 tasks: 16 done, 2 of them redelivered, 1 late, 1 poison, 2 not reported.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_others_call_themselves_is_shown_as_text()
    {
        await using var shown = await ShownStatus.StartAsync(Sharing);
        Tell(shown, new SharedNews.Parted(Markup, TimeSpan.FromSeconds(1)));
        shown.Keep(TestTask.Merged(ShownStatus.Whole(2), AllDone, new(Markup, 5, 0, 1, Markup), new("b/2", 4, 0, 1, TestTask.Ring)));

        var (_, page) = await shown.GetAsync("/");

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_coordinator_that_got_no_list_is_not_ready_for_it()
    {
        await using var shown = await ShownStatus.StartAsync(Sharing);
        Tell(shown, new SharedNews.Joined("broker"));
        Assert.Equal(Ok, await shown.GetAsync("/readyz"));

        // It goes on with a round that is planned: it asks for no list.
        Tell(shown, new SharedNews.RoleTaken());
        shown.Board.Tell(new RoundNews.Begun(shown.Now));
        Assert.Equal(Ok, await shown.GetAsync("/readyz"));

        await shown.ListAsync();
        var (status, text) = await shown.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("projects.txt: cannot be read", text, StringComparison.Ordinal);

        Tell(shown, Parted, new SharedNews.Joined("broker"));
        Assert.Equal(Ok, await shown.GetAsync("/readyz"));
    }

    [Fact]
    public async Task One_that_is_apart_is_not_ready_once_it_knows_why()
    {
        await using var shown = await ShownStatus.StartAsync(Sharing);
        Assert.Equal(Ok, await shown.GetAsync("/readyz"));

        Tell(shown, Parted);
        shown.Clock.Advance(TimeSpan.FromMinutes(5));
        Tell(shown, Parted);
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "cluster: apart from the other daemons since 2026-11-21T13:00:00Z: broker:5672: wanted a connection, found none\n"),
            await shown.GetAsync("/readyz"));

        Tell(shown, new SharedNews.Joined("broker"));
        Assert.Equal(Ok, await shown.GetAsync("/readyz"));
    }

    [Fact]
    public async Task The_verdict_is_that_of_the_rounds_and_says_when_it_may_not_know_the_last()
    {
        await using var shown = await ShownStatus.StartAsync(Sharing);
        Assert.Equal("This daemon is not with the others yet.", VerdictOf(shown).Sentence);
        Tell(shown, new SharedNews.Joined("broker"));
        Assert.Equal("None has ended since this daemon is with the others.", VerdictOf(shown).Sentence);
        Tell(shown, new SharedNews.RoleTaken());
        Assert.Equal("The first one has not begun.", VerdictOf(shown).Sentence);

        shown.Keep(TestTask.Merged(ShownStatus.Whole(3), AllDone, new WorkerReport("a/1", 9, 0, 3, TestTask.Ring)));
        Assert.Equal((VerdictLevel.Good, "Billing data is complete"), (VerdictOf(shown).Level, VerdictOf(shown).Headline));
        Assert.DoesNotContain("knows nothing", VerdictOf(shown).Sentence, StringComparison.Ordinal);

        Tell(shown, Parted);
        shown.Clock.Advance(2 * ShownStatus.Hour);
        shown.Heart.Move();
        Assert.Equal((VerdictLevel.Bad, "No complete round since 2026-11-21 13:00"), (VerdictOf(shown).Level, VerdictOf(shown).Headline));
        Assert.EndsWith("without figures. Of rounds that the other daemons have ended since 2026-11-21 13:00 this one knows nothing.", VerdictOf(shown).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_a_notice_while_it_is_apart()
    {
        await using var shown = await ShownStatus.StartAsync(Sharing);
        Assert.Empty(NoticesOf(shown));

        Tell(shown, Parted);
        Assert.Equal(["Apart from the other daemons since 2026-11-21 13:00: broker:5672: wanted a connection, found none."], NoticesOf(shown));

        Tell(shown, new SharedNews.Joined("broker"));
        Assert.Empty(NoticesOf(shown));
    }

    [Fact]
    public async Task There_is_one_of_rings_that_are_not_the_same()
    {
        await using var shown = await ShownStatus.StartAsync(Sharing);
        Tell(shown, new SharedNews.Joined("broker"));
        shown.Keep(TestTask.Merged(ShownStatus.Whole(3), AllDone, new("a/1", 8, 0, 2, TestTask.Ring), new("b/2", 1, 0, 1, TestTask.OtherRing)));
        Assert.Equal(["In the last round not all daemons had the same ring: most had 01234567, but b/2 fedcba98."], NoticesOf(shown));

        Tell(shown, new SharedNews.RingDiffers(TestTask.Of(1), TestTask.OtherRing));
        Assert.StartsWith("The coordinator's ring is 01234567, and not this daemon's:", Assert.Single(NoticesOf(shown)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_one_of_tasks_that_came_to_nothing()
    {
        await using var shown = await ShownStatus.StartAsync(Sharing);
        shown.Keep(TestTask.Merged(ShownStatus.Whole(3), new TaskCounts(9, 9, 3, 0, 0, 0), new WorkerReport("a/1", 9, 0, 3, TestTask.Ring)));
        Assert.Empty(NoticesOf(shown));

        shown.Keep(TestTask.Merged(ShownStatus.Whole(3), new TaskCounts(9, 6, 0, 1, 0, 2), new WorkerReport("a/1", 6, 0, 3, TestTask.Ring)));
        Assert.Equal(["Of 9 tasks in the last round not all were done: 1 late, 2 not reported. Their accounts have no figure."], NoticesOf(shown));
    }

    private static void Tell(ShownStatus shown, params IEnumerable<SharedNews> news)
    {
        foreach (var each in news)
        {
            shown.Board.Shared!.Tell(each);
        }
    }

    /// <summary>The page without markup, and a blank for a gap however wide.</summary>
    private static async Task<string> TextAsync(ShownStatus shown)
    {
        var text = Tag().Replace(CellEnd().Replace((await shown.GetAsync("/")).Text, " "), "");
        return string.Join(' ', WebUtility.HtmlDecode(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string[] NoticesOf(ShownStatus shown) => [.. Notices.Of(StatusView.Read(shown.Board, before: null))];

    private static Verdict VerdictOf(ShownStatus shown) => Verdict.Of(StatusView.Read(shown.Board, before: null));

    [GeneratedRegex("</t[dh]>|<small>")]
    private static partial Regex CellEnd();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
