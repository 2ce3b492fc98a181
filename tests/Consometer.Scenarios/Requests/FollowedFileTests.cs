using Consometer.Scenarios.Delivery;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Requests;

/// <summary>A daemon that ends as by a crash, at any moment, while its log goes on and is rotated. It needs nothing of the lab.</summary>
public sealed class FollowedFileTests : IDisposable
{
    private const int Kills = 50;

    /// <summary>A start takes about as long; so some of these end it before it reads, and some long after.</summary>
    private const int LifeMilliseconds = 1_200;

    private readonly ConfigurationFolder _folder = new();
    private readonly DateTimeOffset _begun = DateTimeOffset.UtcNow.AddMinutes(-1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_fifty_kills_each_line_of_a_log_that_rotates_is_counted_once()
    {
        var chance = Chance.Seeded();
        using var log = new RotatingLog(Path.Combine(_folder.Path, "access.log"), chance.Next());
        _folder.Write(new RequestsConfiguration { Source = "file: access.log" });
        await BeginAsync(log);

        using var stopping = new CancellationTokenSource();
        var writing = log.WriteAsync(stopping.Token);
        for (var i = 0; i < Kills; i++)
        {
            await using var killed = Daemon.Start(_folder);
            await Task.Delay(chance.Next(LifeMilliseconds), TestContext.Current.CancellationToken);
            Assert.False(killed.HasEnded, string.Join('\n', killed.Log));
            await killed.KillAsync();
        }

        await stopping.CancelAsync();
        await writing;
        await using var daemon = Daemon.Start(_folder);
        await log.Sums.AwaitAsync(_folder, _begun);
        await daemon.StopAsync();

        Assert.Equal("", log.Sums.DifferencesTo(await MeteredRequests.OfStoreAsync(_folder, _begun)));
        TestContext.Current.TestOutputHelper?.WriteLine($"{log.Lines} lines, {log.Renamed} times renamed, {log.Truncated} times copied and cut");
        Assert.True(log.Renamed > 0 && log.Truncated > 0, "nothing was rotated");
    }

    /// <summary>Until the first lines are counted: a log that nobody has read yet begins where it is found, whatever was rotated before.</summary>
    private async Task BeginAsync(RotatingLog log)
    {
        log.Append();
        await using var daemon = Daemon.Start(_folder);
        await log.Sums.AwaitAsync(_folder, _begun);
        await daemon.KillAsync();
    }
}
