using System.IO.Pipelines;
using System.Text;
using Consometer.Delivery.Store;
using Consometer.Export.Prometheus;
using Consometer.Metering;
using Consometer.Metering.Samples;
using Consometer.Tests.Delivery;

namespace Consometer.Tests.Export;

/// <summary>Accounts on their way to whoever scrapes, for better or worse.</summary>
public sealed class AccountMetricsTests : IDisposable
{
    private const int Accounts = 5_000;

    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly TempFolder _folder = new();
    private readonly ManualClock _clock = new();

    private string Store => _folder.Find("consometer.db");

    [Fact]
    public async Task Every_account_is_there_by_the_name_it_has()
    {
        Keep("one", "two/with \"quotes\"");

        Assert.Equal(
            """
            # HELP consometer_account_bytes Logical bytes in an account in the last complete round.
            # TYPE consometer_account_bytes gauge
            consometer_account_bytes{project_id="one",resource_id="one",region="RegionOne"} 7
            consometer_account_bytes{project_id="two/with \"quotes\"",resource_id="two/with \"quotes\"",region="RegionOne"} 7

            """,
            await WrittenAsync());
    }

    /// <summary>What else is on the page is how an operator learns of it.</summary>
    [Fact]
    public async Task Of_a_store_that_cannot_be_read_there_is_none()
    {
        await File.WriteAllTextAsync(Store, "no store", Never);

        Assert.Equal("", await WrittenAsync());
    }

    /// <summary>The store's log would grow for as long as that takes.</summary>
    [Fact]
    public async Task Who_reads_too_slowly_is_given_up()
    {
        Keep([.. Enumerable.Range(0, Accounts).Select(i => $"project{i}")]);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));

        var writing = Metrics().WriteAsync(pipe.Writer, Never);
        Assert.False(writing.IsCompleted);
        _clock.Advance(TimeSpan.FromMinutes(5));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
    }

    public void Dispose() => _folder.Dispose();

    private void Keep(params string[] projects)
    {
        var time = RoundTime.At(ManualClock.Start, TimeSpan.FromHours(1));
        using var store = SampleStore.Open(Store);
        using var entry = store.BeginRound(new NewRound(time, "RegionOne") { KeepsSamples = true });
        entry.Keep(null, [.. projects.Select(project => new Sample(MeterCatalogue.All.Single(meter => meter.Name == MeterCatalogue.Size), 7, project, project, "RegionOne", time))]);
        entry.End(StoredRows.Report());
    }

    private async Task<string> WrittenAsync()
    {
        using var body = new MemoryStream();
        var to = PipeWriter.Create(body);
        await Metrics().WriteAsync(to, Never);
        await to.FlushAsync(Never);
        return Encoding.UTF8.GetString(body.ToArray());
    }

    private AccountMetrics Metrics() => new(Store, "RegionOne", _clock);
}
