using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Consometer.Export.Prometheus;

/// <summary>The page <c>/metrics</c>.</summary>
/// <param name="scrape">All metrics but those of accounts.</param>
/// <param name="accounts">Those of accounts; null where they are not wanted.</param>
internal sealed class MetricsPage(MetricScrape scrape, AccountMetrics? accounts) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private bool _isClosed;

    /// <summary>Answers a request. If the answer cannot be given to its end the connection breaks, so that no half is taken for all.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        context.Response.ContentType = PrometheusText.ContentType;
        if (!await TryWriteAsync(context.Response.BodyWriter, context.RequestAborted))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }

    /// <returns>False, with nothing written, if the daemon under this configuration has ended.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public async Task<bool> TryWriteAsync(PipeWriter to, CancellationToken stopping)
    {
        // One at a time adds up; whoever reads slowly then holds up nobody.
        await _turn.WaitAsync(stopping);
        try
        {
            if (_isClosed || !scrape.Write(to))
            {
                return false;
            }
        }
        finally
        {
            _turn.Release();
        }

        await to.FlushAsync(stopping);
        if (accounts is not null)
        {
            await accounts.WriteAsync(to, stopping);
            await to.FlushAsync(stopping);
        }

        return true;
    }

    /// <summary>From now on there is nothing to be had. The semaphore is left to those who wait for it.</summary>
    public void Dispose()
    {
        _turn.Wait();
        _isClosed = true;
        _turn.Release();
    }
}
