using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Run;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Delivery;

/// <summary>The store cannot be written: its disk is full, or its folder is read-only.</summary>
public sealed class DiskTests(RealSwift lab, RealBroker broker) : DeliveryTest(lab, broker)
{
    private const int Cuts = 100;
    private const int CutsInALife = 10;
    private const int RoundEvery = 10;
    private const int DiskMebibytes = 48;

    /// <summary>A round every second: with this a cut comes at any moment of one.</summary>
    private const int PauseMilliseconds = 400;

    private const string Disk = "disk";

    private string DiskFolder => Path.Combine(Folder.Path, Disk);

    private StoredRounds OnDisk => new(Path.Combine(DiskFolder, LabConfiguration.StoreName));

    private LabConfiguration Configuration => Few(publish: "format: [consometer, ceilometer], declare: durable, batch_size: 5, window: 4") with
    {
        Timeout = "1s",
        PollingShare = "1",
        StorePath = $"{Disk}/{LabConfiguration.StoreName}",
    };

    /// <summary>Each cut lasts until the daemon has felt it; after every tenth a round succeeds. Half of its lives end by SIGKILL, so that what was confirmed and not written down is sent again.</summary>
    [Fact]
    public async Task After_a_hundred_times_without_writing_all_is_delivered()
    {
        var chance = Chance.Seeded();
        await using var disk = await SmallDisk.MountAsync(DiskFolder, DiskMebibytes);
        await using var older = ReceivedMessages.Subscribe(Host, Queue);
        await using var agents = ReceivedMessages.Subscribe(Host, CeilometerAgent.SampleQueue);
        Folder.Write(Configuration);
        var lives = 0;
        for (var i = 0; i < Cuts; lives++)
        {
            await using var daemon = Daemon.StartBoundByModes(Folder);
            await daemon.SaysAsync("metering region");
            for (var last = i + CutsInALife; i < last; i++)
            {
                await Task.Delay(chance.Next(PauseMilliseconds), TestContext.Current.CancellationToken);
                await CutAsync(disk, daemon, isReadOnly: chance.Next(3) == 0);
                await MoreRoundsAsync(OnDisk, i % RoundEvery == 0 ? 1 : 0);
            }

            await EndAsync(daemon, isKill: lives % 2 == 0);
        }

        await DeliverRestAsync(Configuration, OnDisk, older, agents);
        var (consometer, ceilometer) = (new Delivered(older.Messages), new Delivered(agents.Messages));
        Tell($"{Cuts} cuts in {lives} lives; {OnDisk.Whole().Length} rounds, {consometer.Messages} and {ceilometer.Messages} messages, "
            + $"{consometer.Repeats} and {ceilometer.Repeats} of them repeats");
        consometer.AssertAll(OnDisk.All(), FewFigures);
        ceilometer.AssertAll(OnDisk.All(), FewFigures);
        Assert.Equal(consometer.Ids, ceilometer.Ids);
    }

    /// <summary>Confirmed, and that it is confirmed cannot be written down: then it is sent again, the same bytes.</summary>
    [Fact]
    public async Task What_was_confirmed_on_a_full_disk_is_sent_once_more_after_a_crash_and_is_the_same()
    {
        await using var disk = await SmallDisk.MountAsync(DiskFolder, DiskMebibytes);
        await using var older = ReceivedMessages.Subscribe(Host, Queue);
        await using var agents = ReceivedMessages.Subscribe(Host, CeilometerAgent.SampleQueue);
        await using (var killed = StartDaemon(Configuration with { Timeout = "366d" }))
        {
            await using (await RealBroker.FillDiskAsync())
            {
                await MoreRoundsAsync(OnDisk, 1);
                disk.Fill();
            }

            await killed.SaysAsync("database or disk is full", times: 2);
            Assert.NotEmpty(older.Messages);
            await killed.KillAsync();
        }

        disk.MakeRoom();
        await DeliverRestAsync(Configuration, OnDisk, older, agents);
        var (consometer, ceilometer) = (new Delivered(older.Messages), new Delivered(agents.Messages));
        Assert.True(consometer.Repeats > 0 && ceilometer.Repeats > 0, $"wanted repeats, found {consometer.Repeats} and {ceilometer.Repeats}: nothing was tried");
        consometer.AssertAll(OnDisk.All(), FewFigures);
        ceilometer.AssertAll(OnDisk.All(), FewFigures);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("poll")]
    public async Task A_store_that_cannot_be_made_is_told_and_the_code_is_5(string command)
    {
        await using var disk = await SmallDisk.MountAsync(DiskFolder, DiskMebibytes);
        Folder.Write(Configuration);
        disk.Fill();
        await AssertRefusedAsync(command, "full");
        disk.MakeRoom();
        await disk.ForbidFilesAsync();
        File.Delete(Path.Combine(DiskFolder, LabConfiguration.StoreName));
        await AssertRefusedAsync(command, "denied");
    }

    private async Task AssertRefusedAsync(string command, string reason)
    {
        string[] arguments = command == "poll" ? ["poll", "--publish"] : [command];
        var run = await Programs.OtherAsync(
            "setpriv", ["--bounding-set", "-dac_override", "--inh-caps", "-dac_override", Repository.Program, .. arguments, "--config", Folder.Path]);
        Assert.Equal(5, run.ExitCode);
        var line = Assert.Single(run.ErrorLines);
        Assert.Contains(LabConfiguration.StoreName, line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
    }

    private async Task CutAsync(SmallDisk disk, Daemon daemon, bool isReadOnly)
    {
        var said = Count(daemon, isReadOnly);
        if (isReadOnly)
        {
            await disk.ForbidFilesAsync();
            await Eventually.TrueAsync("a word of the folder", () => Count(daemon, isReadOnly) > said || daemon.HasEnded);
            await disk.AllowFilesAsync();
        }
        else
        {
            await Eventually.TrueAsync("a log of no length", OnDisk.CutLog);
            disk.Fill();
            await Eventually.TrueAsync("a word of the full disk", () => Count(daemon, isReadOnly) > said || daemon.HasEnded);
            disk.MakeRoom();
        }

        Assert.False(daemon.HasEnded, string.Join('\n', daemon.Log));
    }

    private static int Count(Daemon daemon, bool isReadOnly) =>
        daemon.Log.Count(line => line.Contains(isReadOnly ? "denied" : "disk is full", StringComparison.Ordinal));

    private static async Task EndAsync(Daemon daemon, bool isKill)
    {
        if (isKill)
        {
            await daemon.KillAsync();
        }
        else
        {
            await daemon.StopAsync();
        }
    }
}
