using System.Net.Sockets;

namespace Consometer.Swift.Accounts;

/// <summary>The connections to account-servers: one request and its answer, within one patience, with every failure as a value.</summary>
internal sealed class NodeConnections(AccountServerOptions options, TimeProvider clock) : IDisposable
{
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpMessageInvoker _kept = new(Open(options, keptFor: Timeout.InfiniteTimeSpan));
    private readonly HttpMessageInvoker _fresh = new(Open(options, keptFor: TimeSpan.Zero));

    /// <summary>Asks one server and reads its answer; both together take <c>swift.node_timeout</c> at most.</summary>
    /// <param name="method">HEAD or GET: it may be sent twice.</param>
    /// <param name="address">The whole URL, sent as it is.</param>
    /// <param name="read">Makes something of an answer, whatever its status.</param>
    /// <param name="failed">Makes something of there being none.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public async Task<T> AskAsync<T>(
        HttpMethod method, string address, Func<HttpResponseMessage, CancellationToken, Task<T>> read, Func<Unavailability, T> failed, CancellationToken stopping)
    {
        if (!Uri.TryCreate(address, AsIs, out var uri))
        {
            return failed(Unavailability.Unreachable);
        }

        using var patience = new CancellationTokenSource(options.NodeTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        try
        {
            return await SendTwiceAsync(method, uri, read, either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // Shutdown is never blamed on a server. What is neither shutdown nor our patience is the handler's connect timeout.
            return failed(patience.IsCancellationRequested ? Unavailability.TimedOut : Unavailability.ConnectTimedOut);
        }
        catch (Exception e) when (ReasonOf(e) is { } reason)
        {
            return failed(reason);
        }
    }

    public void Dispose()
    {
        _kept.Dispose();
        _fresh.Dispose();
    }

    private static SocketsHttpHandler Open(AccountServerOptions options, TimeSpan keptFor) => new()
    {
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionLifetime = keptFor,
        UseCookies = false,
        UseProxy = false,
    };

    /// <summary>
    /// Where a connection is lost, once more over a new one: that a server has just closed one that was kept is no failure of
    /// the server.
    /// </summary>
    private async Task<T> SendTwiceAsync<T>(HttpMethod method, Uri uri, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken stopping)
    {
        try
        {
            return await SendAsync(_kept, method, uri, read, stopping);
        }
        catch (Exception e) when (ReasonOf(e) == Unavailability.ConnectionLost)
        {
            return await SendAsync(_fresh, method, uri, read, stopping);
        }
    }

    private async Task<T> SendAsync<T>(
        HttpMessageInvoker http, HttpMethod method, Uri uri, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken stopping)
    {
        using var request = new HttpRequestMessage(method, uri);
        request.Headers.TryAddWithoutValidation("User-Agent", "consometer");
        if (options.Network == Network.Replication)
        {
            request.Headers.TryAddWithoutValidation("X-Backend-Use-Replication-Network", "true");
        }

        using var response = await http.SendAsync(request, stopping);
        return await read(response, stopping);
    }

    /// <summary>Mostly the first kind of exception; but what breaks between connecting and the first byte comes out as it is.</summary>
    private static Unavailability? ReasonOf(Exception e) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => Unavailability.Unreachable,
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => Unavailability.MalformedAnswer, // Longer than any should be.
        HttpRequestException or IOException or SocketException => Unavailability.ConnectionLost,
        _ => null,
    };
}
