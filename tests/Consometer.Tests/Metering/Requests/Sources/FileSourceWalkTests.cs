using Consometer.Metering.Requests.Sources;

namespace Consometer.Tests.Metering.Requests.Sources;

/// <summary>
/// Goal: every line exactly once and in order, whatever a log goes through. Method: seeded walks of writing, rotating of all
/// kinds, reading, keeping what was read, and starting anew where it was kept; the walk's model is the list of lines written.
/// </summary>
public sealed class FileSourceWalkTests
{
    private const int SafetyNet = 120_000;
    private const int Walks = 150;
    private const int Steps = 60;

    [Fact(Timeout = SafetyNet)]
    public async Task Every_line_is_read_once_whatever_the_log_goes_through()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        for (var i = 0; i < Walks; i++)
        {
            await WalkAsync(unchecked(seed + i));
        }
    }

    private static async Task WalkAsync(int seed)
    {
        using var log = new WatchedLog();
        var walk = new LogWalk(log, new Random(seed));
        try
        {
            await log.ReadAsync();
            for (var step = 0; step < Steps; step++)
            {
                await walk.StepAsync();
            }

            await walk.EndAsync();
            Assert.Equal(walk.Written, log.Lines);
            Assert.DoesNotContain(log.News, news => news is LogSourceNews.Lost or LogSourceNews.LineTooLong);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException($"seed {seed}: {string.Join(", ", walk.Taken)}; told {string.Join(", ", log.News)}", e);
        }
    }
}
