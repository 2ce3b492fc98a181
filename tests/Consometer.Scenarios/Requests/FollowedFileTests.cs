using Consometer.Scenarios.Delivery;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Requests;

/// <summary>A daemon that ends as by a crash, at any moment, while its log goes on and is rotated. It needs nothing of the lab.</summary>
public sealed class FollowedFileTests : IDisposable
{
    private const int Kills = 50;

    /// <summary>What a life has shown of itself before its last moments begin, and how long those last at most.</summary>
    private static readonly (string? Said, int Milliseconds)[] Lives = [(null, 600), (Reads, 200), (Reads, 800), (Rotated, 100)];

    private const string Reads = " INFO 1501 ";
    private const string Rotated = " INFO 1503 ";

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
        var reading = 0;
        for (var i = 0; i < Kills; i++)
        {
            await using var killed = Daemon.Start(_folder);
            await LiveAsync(killed, chance);
            await killed.KillAsync();
            reading += killed.Log.Any(line => line.Contains(Reads, StringComparison.Ordinal)) ? 1 : 0;
        }

        await stopping.CancelAsync();
        await writing;
        await using var daemon = Daemon.Start(_folder);
        await log.Sums.AwaitAsync(_folder, _begun);
        await daemon.StopAsync();

        Assert.Equal("", log.Sums.DifferencesTo(await MeteredRequests.OfStoreAsync(_folder, _begun)));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Kills} kills, {reading} while it read; {log.Lines} lines, {log.Renamed} times renamed, {log.Truncated} times copied and cut");
        Assert.True(reading is > 0 and < Kills && log.Renamed > 0 && log.Truncated > 0, "nothing was tried");
    }

    /// <summary>Until a moment of its start, of its reading, or of a change of files, however busy the machine is.</summary>
    private static async Task LiveAsync(Daemon daemon, Random chance)
    {
        var (said, milliseconds) = Lives[chance.Next(Lives.Length)];
        if (said is not null)
        {
            await daemon.SaysAsync(said);
        }

        await Task.Delay(chance.Next(milliseconds), TestContext.Current.CancellationToken);
        Assert.False(daemon.HasEnded, string.Join('\n', daemon.Log));
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
