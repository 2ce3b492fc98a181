using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;
using Microsoft.Data.Sqlite;

namespace Consometer.Scenarios.Delivery;

/// <summary>A store that is full by <c>store.max_bytes</c>, one that is damaged, one that is somebody else's.</summary>
public sealed class StoreBoundTests(RealSwift lab, RealBroker broker) : DeliveryTest(lab, broker)
{
    private const string Bound = "is full: wanted less than 1048576 bytes in use (store.max_bytes)";

    [Fact]
    public async Task At_its_bound_rounds_wait_and_none_is_lost()
    {
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        await using var agents = ReceivedMessages.Subscribe(Host, CeilometerAgent.SampleQueue);
        await using var daemon = StartDaemon(Few(publish: "format: [consometer, ceilometer], declare: durable, batch_size: 1") with
        {
            Timeout = "1s", PollingShare = "1", Store = "max_bytes: 1MiB",
        });
        await MoreRoundsAsync(Store, 1);
        int atTheBound;
        await using (await RealBroker.FillDiskAsync())
        {
            await daemon.SaysAsync(Bound);
            atTheBound = Store.Whole().Length;
            await daemon.SaysAsync(Bound, times: 2);
            Assert.Equal(atTheBound, Store.Whole().Length);
            await AssertNoPollAsync();
        }

        await MoreRoundsAsync(Store, 1);
        await daemon.StopAsync();
        await DeliverRestAsync(Few(publish: "format: [consometer, ceilometer], declare: durable"), Store, received, agents);
        Tell($"{atTheBound} rounds up to the bound, {Store.Whole().Length} in all");
        new Delivered(received.Messages).AssertAll(Store.All(), FewFigures);
        new Delivered(agents.Messages).AssertAll(Store.All(), FewFigures);
    }

    [Theory]
    [InlineData("run", "no database at all")]
    [InlineData("poll", "no database at all")]
    [InlineData("run", "damaged")]
    [InlineData("poll", "damaged")]
    [InlineData("run", "another program's")]
    [InlineData("poll", "another program's")]
    public async Task A_store_that_is_none_is_told_and_moved_aside_only_when_that_is_wanted(string command, string kind)
    {
        Folder.Write(Few());
        await SpoilAsync(kind);
        var spoilt = await File.ReadAllBytesAsync(Folder.Store, TestContext.Current.CancellationToken);
        string[] arguments = [.. command == "run" ? (string[])["run"] : ["poll", "--publish"], "--config", Folder.Path];

        var run = await Programs.ConsometerAsync(arguments);
        Assert.Equal(5, run.ExitCode);
        var line = Assert.Single(run.ErrorLines);
        Assert.Contains(LabConfiguration.StoreName, line, StringComparison.Ordinal);
        Assert.Contains("--move-store-aside", line, StringComparison.Ordinal);
        Assert.Equal(spoilt, await File.ReadAllBytesAsync(Folder.Store, TestContext.Current.CancellationToken));

        await BeginAnewAsync(command, arguments);
        var aside = Assert.Single(Directory.GetFiles(Folder.Path, $"{LabConfiguration.StoreName}.aside-*Z"));
        Assert.Equal(spoilt, await File.ReadAllBytesAsync(aside, TestContext.Current.CancellationToken));
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        await DeliveredAsync(received);
        new Delivered(received.Messages).AssertAll(Store.All(), FewFigures);
    }

    private async Task AssertNoPollAsync()
    {
        var run = await Programs.ConsometerAsync(["poll", "--publish", "--config", Folder.Path]);
        Assert.Equal(5, run.ExitCode);
        Assert.Contains(Bound, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    private async Task BeginAnewAsync(string command, string[] arguments)
    {
        if (command == "poll")
        {
            (await Programs.ConsometerAsync([.. arguments, "--move-store-aside"])).Succeeded();
            return;
        }

        await using var daemon = Daemon.Start(Folder, "--move-store-aside");
        await daemon.SaysAsync("samples delivered");
        Assert.Contains(await daemon.StopAsync(), line => line.Contains(" WARN ", StringComparison.Ordinal) && line.Contains(".aside-", StringComparison.Ordinal));
    }

    /// <summary>Damaged is one of ours, with rounds in it, whose middle is noise.</summary>
    private async Task SpoilAsync(string kind)
    {
        switch (kind)
        {
            case "damaged":
                (await Programs.ConsometerAsync(["poll", "--publish", "--config", Folder.Path])).Succeeded();
                var bytes = await File.ReadAllBytesAsync(Folder.Store);
                Chance.Seeded().NextBytes(bytes.AsSpan(bytes.Length / 4, bytes.Length / 2));
                await File.WriteAllBytesAsync(Folder.Store, bytes);
                await Host.OnChannelAsync(channel => channel.QueuePurgeAsync(Queue));
                break;
            case "another program's":
                await using (var connection = new SqliteConnection($"Data Source={Folder.Store};Pooling=False"))
                {
                    await connection.OpenAsync();
                    await using var make = connection.CreateCommand();
                    make.CommandText = "CREATE TABLE invoice (id INTEGER PRIMARY KEY, amount TEXT); INSERT INTO invoice (amount) VALUES ('12.50')";
                    await make.ExecuteNonQueryAsync();
                }

                break;
            default:
                await File.WriteAllTextAsync(Folder.Store, string.Concat(Enumerable.Repeat("a letter to the landlord\n", 1000)));
                break;
        }
    }
}
