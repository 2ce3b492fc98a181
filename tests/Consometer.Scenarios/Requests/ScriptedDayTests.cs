using Consometer.Scenarios.Delivery;
using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Requests;

/// <summary>A day of real clients at a real proxy, and a daemon that has nothing but the proxy's log.</summary>
public sealed class ScriptedDayTests(RealSwift lab) : LabTest(lab)
{
    private readonly DateTimeOffset _begun = DateTimeOffset.UtcNow.AddMinutes(-1);

    [Fact]
    public async Task Over_UDP_the_sums_are_those_of_the_requests()
    {
        var port = UdpPorts.Free();
        await using var tap = UdpTap.To(port);
        await using var proxy = await LoggedProxy.OverUdpAsync(tap.Port);
        await using var daemon = Start($"listen: udp://127.0.0.1:{port}");
        await UdpPorts.TakenAsync(port, () => string.Join('\n', daemon.Log));
        var day = new ScriptedDay(Folder, () => tap.Lines);
        await using var accounts = await AccountsAsync(day);

        await day.LogInAsync();
        await day.RunAsync(day.Uploads());
        await day.RunAsync(day.Downloads());
        await day.RunAsync(day.Copies());
        await day.RunAsync(day.Failures());
        await day.RunAsync(day.Large());
        await day.RunAsync(day.Many());
        await day.RunAsync(day.Signed());
        await day.RunAsync(day.Versions());

        await EndAsync(daemon, day);
    }

    /// <summary>S3 too, since the template tells of whom it is.</summary>
    [Fact]
    public async Task Through_rsyslog_into_a_file_that_is_rotated_they_are_too()
    {
        const string More = "{account} {container}";
        await using var proxy = await LoggedProxy.OverSyslogAsync(More);
        await using var daemon = Start($"file: {LoggedProxy.LogFile}", $", template: \"{LoggedProxy.SwiftTemplate} {More}\"");
        var day = new ScriptedDay(Folder, LinesOfFiles);
        await using var accounts = await AccountsAsync(day);

        await day.LogInAsync();
        await day.RunAsync(day.Uploads());
        await day.RunAsync(day.Downloads());
        await day.RunAsync(day.Large());
        await LoggedProxy.RotateAsync();
        await day.RunAsync(day.Copies());
        await day.RunAsync(day.Failures());
        await day.RunAsync(day.Many());
        await day.RunAsync(day.Signed());
        await day.RunAsync(day.Versions());
        await day.RunAsync(day.S3());

        await EndAsync(daemon, day);
    }

    /// <summary>The accounts, which are gone with the test: the lab's truth knows nothing of them.</summary>
    private static Task<MadeAccounts> AccountsAsync(ScriptedDay day) => MadeAccounts.PutAsync(
        from projectId in (string[])[day.First, day.Second, ScriptedDay.S3ProjectId]
        from place in Enumerable.Range(0, 3)
        select new MadeReplica(projectId, place, new MadeUsage(0, 0, 0)));

    private static string[] LinesOfFiles() =>
        [.. new[] { LoggedProxy.LogFile + ".1", LoggedProxy.LogFile }.Where(File.Exists).SelectMany(File.ReadLines)];

    private Daemon Start(string source, string more = "")
    {
        Folder.Write(new RequestsConfiguration { Source = source, Requests = ScriptedDay.Networks + more });
        return Daemon.Start(Folder);
    }

    private async Task EndAsync(Daemon daemon, ScriptedDay day)
    {
        await day.Sums.AwaitAsync(Folder, _begun);
        await daemon.StopAsync();

        // And nothing has come beside.
        Assert.Equal("", day.Sums.DifferencesTo(await MeteredRequests.OfStoreAsync(Folder, _begun)));
        TestContext.Current.TestOutputHelper?.WriteLine($"{day.Requests} requests, {day.Sums.Count} sums");
    }
}
