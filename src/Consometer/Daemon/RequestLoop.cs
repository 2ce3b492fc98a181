using Consometer.Configuration;
using Consometer.Delivery.Store;
using Consometer.Metering.Requests.Sources;

namespace Consometer.Daemon;

/// <summary>Counts the requests in the proxy's access log, and makes samples of each interval.</summary>
/// <param name="options">The configuration.</param>
/// <param name="requests">The log.</param>
/// <param name="open">Opens it, where it was left, or where it began to be read. A socket outlives the loop.</param>
/// <param name="progress">How far it is.</param>
/// <param name="tell">Told what happens.</param>
/// <param name="clock">What intervals go by.</param>
internal sealed class RequestLoop(
    ConsometerOptions options,
    RequestsOptions requests,
    Func<LogPosition?, DateTimeOffset, Action<LogSourceNews>, ILogSource> open,
    RequestProgress progress,
    Action<RequestNews> tell,
    TimeProvider clock)
{
    /// <summary>A store that fails is not asked more often.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>The store's failures are told so often: what is full says each time how full it is.</summary>
    private static readonly TimeSpan TellsEvery = TimeSpan.FromMinutes(1);

    /// <summary>More readings than all that a source of datagrams holds takes.</summary>
    private const int LastReadingsMax = 100;

    /// <summary>What was read is kept so often: what a crash of the machine takes is read again, but for datagrams.</summary>
    private static readonly TimeSpan KeepsEvery = TimeSpan.FromSeconds(1);

    private long _failedAt;

    /// <summary>Runs until stopped. What is counted then is kept, and whoever comes next goes on there.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                progress.Heartbeat.Move();
                try
                {
                    await CountAsync(stopping);
                }
                catch (StoreException e)
                {
                    TellFailure(e);
                    await Task.Delay(RetryAfter, clock, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    /// <exception cref="StoreException">The store cannot be opened or read: nothing was counted yet.</exception>
    private async Task CountAsync(CancellationToken stopping)
    {
        using var store = SampleStore.Open(options.StorePath);
        var intervals = new CompleteIntervals(options, requests, store, Tell, clock);
        using var log = store.CountedLog(options.Region, requests.Origin, requests.FilePath);
        var count = RequestCount.Restore(log, requests, intervals.Prefixes, clock.GetUtcNow());
        var from = count.Position;
        var source = open(from, log.Since(), news => Tell(new RequestNews.OfLog(requests.Log, news)));
        using var file = source as FileSource;
        progress.Source = source;
        progress.Counts = count.Reader.Counts;
        Tell(new RequestNews.Begun(requests.Log, from?.Offset));
        var remarks = new LineRemarks(count.Reader, requests.Layout, Tell, clock);
        var kept = clock.GetTimestamp();
        TryToKeep(() => intervals.CloseLeft(log, count));
        try
        {
            while (true)
            {
                var lines = Take(await source.ReadAsync(stopping), count);
                if (clock.GetElapsedTime(kept) >= KeepsEvery)
                {
                    remarks.Tell();
                    var time = lines.IsCaughtUp ? clock.GetUtcNow() : count.Reader.Latest;
                    TryToKeep(() => intervals.Close(log, count, time));
                    kept = clock.GetTimestamp();
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && requests.Listen is not null)
        {
            await TakeRestAsync(source, count, stopping);
            throw;
        }
        finally
        {
            progress.Source = null;
            TryToKeep(count.Keep);
        }
    }

    /// <summary>Datagrams that have come in are nowhere else. A source that is stopped gives what it has, and waits for nothing.</summary>
    private async Task TakeRestAsync(ILogSource source, RequestCount count, CancellationToken stopped)
    {
        try
        {
            for (var i = 0; i < LastReadingsMax; i++)
            {
                Take(await source.ReadAsync(stopped), count);
            }
        }
        catch (OperationCanceledException)
        {
            // There is no more.
        }
    }

    private LogLines Take(LogLines lines, RequestCount count)
    {
        count.Reader.Read(lines.Text.Span, clock.GetUtcNow());
        count.Position = lines.Position ?? count.Position;
        progress.Move(lines, count.Reader.Latest, count.Tally.ClosedUntil);
        return lines;
    }

    /// <summary>What is counted stays in memory where the store fails; it is tried again with whatever comes until then.</summary>
    private void TryToKeep(Action keep)
    {
        var failure = progress.Failure;
        try
        {
            keep();
            if (failure is not null)
            {
                Tell(new RequestNews.Recovered());
            }
        }
        catch (StoreException e)
        {
            TellFailure(e);
        }
    }

    private void TellFailure(StoreException failure)
    {
        if (progress.Failure is null || clock.GetElapsedTime(_failedAt) >= TellsEvery)
        {
            _failedAt = clock.GetTimestamp();
            Tell(new RequestNews.Failed(failure.Message));
        }
    }

    private void Tell(RequestNews news)
    {
        progress.Tell(news);
        tell(news);
    }
}
