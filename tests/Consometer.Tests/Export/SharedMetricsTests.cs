using System.IO.Pipelines;
using System.Text;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Daemon.Tasks;
using Consometer.Export;
using Consometer.Metering.Rounds;
using Consometer.Tests.Configuration;
using Consometer.Tests.Daemon.Tasks;
using Consometer.Tests.Delivery;
using Serilog.Core;

namespace Consometer.Tests.Export;

/// <summary>What a daemon that shares rounds with others tells of itself and of them on <c>/metrics</c>.</summary>
public sealed class SharedMetricsTests
{
    private static readonly SharedNews Joined = new SharedNews.Joined("broker");
    private static readonly SharedNews Parted = new SharedNews.Parted("no broker", TimeSpan.FromSeconds(1));

    [Fact]
    public async Task A_daemon_is_one_of_three_things()
    {
        Assert.Equal((0, 0, 1), Roles(await PageOfAsync()));
        Assert.Equal((0, 1, 0), Roles(await PageOfAsync(Joined)));
        Assert.Equal((1, 0, 0), Roles(await PageOfAsync(Joined, new SharedNews.RoleTaken())));
        Assert.Equal((0, 0, 1), Roles(await PageOfAsync(Joined, new SharedNews.RoleTaken(), Parted)));
    }

    [Fact]
    public async Task Its_tasks_are_counted_by_what_it_did_with_them_from_zero_on()
    {
        var before = await PageOfAsync();
        Assert.Equal((3, 0), (before.Count("consometer_cluster_tasks_total"), before.Sum("consometer_cluster_tasks_total")));
        Assert.Equal(0, before["consometer_cluster_tasks_redelivered_total"]);

        var page = await PageAsync();
        Assert.Equal(3, page["consometer_cluster_tasks_total{outcome=\"done\"}"]);
        Assert.Equal(2, page["consometer_cluster_tasks_total{outcome=\"late\"}"]);
        Assert.Equal(1, page["consometer_cluster_tasks_total{outcome=\"refused\"}"]);
        Assert.Equal(1, page["consometer_cluster_tasks_redelivered_total"]);
    }

    [Fact]
    public async Task That_its_ring_is_not_the_coordinator_s_is_told_until_a_round_in_which_it_is()
    {
        SharedNews differs = new SharedNews.RingDiffers(TestTask.Of(1), TestTask.OtherRing);
        Assert.Equal(0, (await PageOfAsync(Joined))["consometer_cluster_ring_differs"]);
        Assert.Equal(1, (await PageOfAsync(Joined, differs, new SharedNews.TaskDone(TestTask.Done(1))))["consometer_cluster_ring_differs"]);
        Assert.Equal(0, (await PageOfAsync(Joined, differs, new SharedNews.TaskDone(TestTask.Done(1, hour: 1))))["consometer_cluster_ring_differs"]);
    }

    [Fact]
    public async Task The_last_round_s_tasks_add_up_to_all_and_there_are_none_before_it()
    {
        Assert.DoesNotContain((await PageOfAsync(Joined)).Families, family => family.StartsWith("consometer_cluster_round_", StringComparison.Ordinal));

        var page = await PageAsync();
        Assert.Equal(20, page.Sum("consometer_cluster_round_tasks"));
        Assert.Equal(15, page["consometer_cluster_round_tasks{outcome=\"done\"}"]);
        Assert.Equal(3, page["consometer_cluster_round_tasks{outcome=\"not_reported\"}"]);
        Assert.Equal((4, 2), (page["consometer_cluster_round_tasks_redelivered"], page["consometer_cluster_round_daemons"]));
    }

    /// <summary>The page with all that there may be of shared rounds.</summary>
    internal static Task<ScrapedPage> PageAsync() => PageAsync((exports, progress) =>
    {
        SharedNews[] news =
        [
            Joined, new SharedNews.TaskDone(TestTask.Done(1)), new SharedNews.TaskDone(TestTask.Done(2, isRedelivered: true)), new SharedNews.TaskDone(TestTask.Done(3)),
            new SharedNews.TaskLate(TestTask.Of(4)), new SharedNews.TaskLate(TestTask.Of(5)), new SharedNews.TaskRefused(TestTask.Of(6), "part power"),
        ];
        Array.ForEach(news, progress.Tell);
        var report = TestTask.Merged(
            StoredRows.Report(), new TaskCounts(20, 15, 4, 1, 1, 3), new("a/1", 10, 4, 100, TestTask.Ring), new("b/2", 5, 0, 50, TestTask.Ring));
        exports.Tell(new RoundNews.Ended(TestTask.Time(), report, 0));
    });

    private static Task<ScrapedPage> PageOfAsync(params SharedNews[] news) => PageAsync((_, progress) => Array.ForEach(news, progress.Tell));

    private static async Task<ScrapedPage> PageAsync(Action<Exports, SharedProgress> tell)
    {
        using var folder = new TempFolder();
        var options = ConfigurationText.Load(ConfigurationText.Least) with { Sharing = new SharingOptions(1000, "consometer"), StorePath = folder.Find("consometer.db") };
        var clock = new ManualClock();
        using var instruments = new Instruments(options, clock);
        var progress = new SharedProgress(clock);
        using var exports = Exports.Begin(options, instruments, cluster: null, requests: null, progress, lastComplete: null, Logger.None, clock);
        tell(exports, progress);
        using var page = new MemoryStream();
        var writer = PipeWriter.Create(page, new StreamPipeWriterOptions(leaveOpen: true));
        Assert.True(await exports.Page.TryWriteAsync(writer, TestContext.Current.CancellationToken));
        await writer.CompleteAsync();
        return new ScrapedPage(Encoding.UTF8.GetString(page.ToArray()));
    }

    private static (double Coordinator, double Worker, double Apart) Roles(ScrapedPage page)
    {
        Assert.Equal(3, page.Count("consometer_cluster_role"));
        double Role(string word) => page[$"consometer_cluster_role{{role=\"{word}\"}}"];
        return (Role("coordinator"), Role("worker"), Role("apart"));
    }
}
