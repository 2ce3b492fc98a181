namespace Consometer.Swift.Accounts;

/// <summary>The connections to account-servers: one request and its answer, within one patience, with every failure as a value.</summary>
internal sealed class NodeConnections(AccountServerOptions options, TimeProvider clock) : IDisposable
{
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpMessageInvoker _kept = NodeHttp.Open(options.ConnectTimeout);
    private readonly HttpMessageInvoker _fresh = NodeHttp.Open(options.ConnectTimeout, keepsConnections: false);

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
        catch (Exception e) when (NodeHttp.FailureOf(e, patience.Token, stopping) is { } reason)
        {
            return failed(reason);
        }
    }

    public void Dispose()
    {
        _kept.Dispose();
        _fresh.Dispose();
    }

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
        catch (Exception e) when (NodeHttp.FailureOf(e) == Unavailability.ConnectionLost)
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
}
