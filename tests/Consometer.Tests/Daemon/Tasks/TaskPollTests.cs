using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Daemon.Tasks;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Tasks;
using Consometer.Simulation;
using Consometer.Tests.Delivery;
using Consometer.Tests.Simulation;

namespace Consometer.Tests.Daemon.Tasks;

/// <summary>A task done over a simulated cluster: it is a round over its accounts.</summary>
public sealed class TaskPollTests : IAsyncLifetime
{
    private static readonly string[] NeverMade = [.. Enumerable.Range(0, 10).Select(i => $"AUTH_never{i}")];

    private readonly RoundAttempt _round = RoundAttempt.New(RoundTime.At(DateTimeOffset.UtcNow, TimeSpan.FromHours(1)), "RegionOne");
    private RunningCluster _swift = null!;
    private ConsometerOptions _options = null!;
    private Cluster _cluster = null!;
    private SampleStore _store = null!;
    private TaskPoll _poll = null!;

    public async ValueTask InitializeAsync()
    {
        _swift = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 40, AbsentShare = 0.1, DeletedShare = 0.1 });
        _options = ConfiguredCluster.Options(_swift.Cluster);
        _cluster = Cluster.Open(_options, TimeProvider.System);
        _store = SampleStore.Open(_options.StorePath);
        _poll = new TaskPoll(_options, _cluster, _store, new Heartbeat(TimeSpan.FromMinutes(1), TimeProvider.System), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _store.Dispose();
        _cluster.Dispose();
        await _swift.DisposeAsync();
    }

    [Fact]
    public async Task A_task_is_polled_into_the_store_and_reported()
    {
        var task = TaskOf(All);
        var report = (await RunAsync(task)).Report;

        Assert.Null(report.Report.Failure);
        Assert.Equal((40, 0), (report.Report.Accounts, report.Report.Unknown));
        Assert.Equal(3 * (report.Report.Measured + report.Report.Absent), report.Report.Samples);
        Assert.Equal(report.Report.Samples, Stored());
        Assert.Equal((task.Round, 1, task.Cut, WorkerName.Own), (report.Round, report.Number, report.Cut, report.Worker));
        Assert.Equal(_cluster.Identity!.Md5, report.RingMd5);
    }

    [Fact]
    public async Task The_coordinators_meters_count_and_its_word_on_absent_accounts()
    {
        var report = (await RunAsync(TaskOf(All) with { Meters = ["storage.objects"], AbsentIsZero = false })).Report.Report;

        Assert.Equal(report.Measured, report.Samples);
    }

    [Fact]
    public async Task When_the_rounds_polling_is_over_accounts_are_unknown_and_named()
    {
        var report = (await RunAsync(TaskOf(All) with { Deadline = DateTimeOffset.UtcNow.AddSeconds(-1) })).Report;

        Assert.Equal((40, 40, 0), (report.Report.Accounts, report.Report.Unknown, report.Report.Samples));
        Assert.Equal(All.Order(), report.Remarks.Select(remark => remark.Account).Order());
    }

    [Fact]
    public async Task A_task_that_finds_nobody_keeps_nothing_and_names_all()
    {
        var polled = await RunAsync(TaskOf(NeverMade));

        Assert.Contains("absent", polled.Report.Report.Failure, StringComparison.Ordinal);
        Assert.Equal(0, Stored());
        Assert.Equal(NeverMade, polled.Report.Remarks.Select(remark => remark.Account));
        Assert.All(polled.Report.Remarks, remark => Assert.StartsWith("unproven", remark.Reason, StringComparison.Ordinal));
    }

    /// <summary>With a wrong hash prefix each task of a round would be of accounts that are absent, however few.</summary>
    [Fact]
    public async Task Few_accounts_that_are_absent_count_as_zero_only_where_they_are_the_whole_round()
    {
        Assert.Null((await RunAsync(TaskOf(NeverMade[..3]))).Report.Report.Failure);
        Assert.NotNull((await RunAsync(TaskOf(NeverMade[..3]) with { Of = 2 })).Report.Report.Failure);
        await RunAsync(TaskOf(All) with { Of = 2 });
        Assert.Null((await RunAsync(TaskOf(NeverMade[..3]) with { Of = 2 })).Report.Report.Failure);
    }

    [Fact]
    public async Task An_account_of_the_same_round_or_of_the_last_one_proves_that_accounts_are_found()
    {
        var there = _swift.Cluster.Accounts.First(account => account.Usage is { Bytes: > 0 });
        Assert.Null((await RunAsync(TaskOf(NeverMade) with { Witnesses = ["AUTH_gone", there.Account] })).Report.Report.Failure);
        Assert.NotNull((await RunAsync(TaskOf(NeverMade) with { Witnesses = ["AUTH_gone"] })).Report.Report.Failure);

        await RunAsync(TaskOf(All));
        Assert.Null((await RunAsync(TaskOf(NeverMade))).Report.Report.Failure);
        Assert.NotNull((await RunAsync(TaskOf(NeverMade) with { Round = RoundAttempt.New(_round.Time, "RegionOne") })).Report.Report.Failure);
    }

    private string[] All => [.. _swift.Cluster.Accounts.Select(account => account.Account)];

    private long Stored() => long.Parse(StoredRows.Read(_options.StorePath, "SELECT count(*) FROM figure JOIN round ON round.id = figure.round WHERE state = 'task'")[0], System.Globalization.CultureInfo.InvariantCulture);

    private Task<PolledTask> RunAsync(RoundTask task) => _poll.RunAsync(task, isRedelivered: false, TestContext.Current.CancellationToken);

    private RoundTask TaskOf(params string[] accounts) => new()
    {
        Round = _round,
        Number = 1,
        Of = 1,
        Deadline = DateTimeOffset.UtcNow.AddMinutes(30),
        Ring = _cluster.Identity,
        ResellerPrefixes = ["AUTH_"],
        Meters = [.. _options.Meters.Select(meter => meter.Name)],
        AbsentIsZero = true,
        Accounts = accounts,
    };
}
