using System.Net;
using Consometer.Swift.Accounts;
using Consometer.Swift.Keystone;

namespace Consometer.Swift.Proxy;

/// <summary>The connections to the proxy: one question and its answer, with token, patience and one more try, and every failure as a value.</summary>
internal sealed class ProxyConnections(KeystoneSession keystone, ProxyOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>Swift's ratelimit middleware says so, and HTTP has no such status (<c>swift/common/middleware/ratelimit.py</c>).</summary>
    private const int RateLimited = 498;
    private const int TooManyBackendRequests = 529;

    /// <summary>Before asking again whoever says that it is asked too often. Who waits asks nothing else meanwhile, so the rate falls.</summary>
    private static readonly TimeSpan RateLimitPause = TimeSpan.FromSeconds(1);

    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpMessageInvoker _kept = NodeHttp.Open(options.ConnectTimeout, trust: options.Trust);
    private readonly HttpMessageInvoker _fresh = NodeHttp.Open(options.ConnectTimeout, keepsConnections: false, options.Trust);

    /// <summary>
    /// Asks; after a 401 again with a token got for that, and once more over a new connection where there is no answer, or a 5xx: behind one
    /// address there are often several proxies, and each try asks other account-servers first.
    /// </summary>
    /// <param name="method">HEAD or GET: it may be sent several times.</param>
    /// <param name="address">The whole URL, sent as it is.</param>
    /// <param name="read">Makes something of an answer of which the status alone does not tell that it is of no use.</param>
    /// <param name="failed">Makes something of there being none.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public async Task<T> AskAsync<T>(
        HttpMethod method, string address, Func<HttpResponseMessage, CancellationToken, Task<T>> read, Func<Unavailability, T> failed, CancellationToken stopping)
        where T : class
    {
        if (!Uri.TryCreate(address, AsIs, out var uri))
        {
            return failed(Unavailability.Unreachable);
        }

        var (http, isRenewed) = (_kept, false);
        while (true)
        {
            if (await TokenAsync(stopping) is not { } token)
            {
                return failed(Unavailability.KeystoneFailed);
            }

            var (answer, reason) = await TryAsync(http, method, uri, token, read, stopping);
            if (answer is not null)
            {
                return answer;
            }

            if (reason == Unavailability.Unauthorized && !isRenewed)
            {
                keystone.Invalidate(token);
                isRenewed = true;
            }
            else if (http != _fresh && IsWorthAnotherTry(reason))
            {
                http = _fresh;
                await PauseAsync(reason, stopping);
            }
            else
            {
                return failed(reason);
            }
        }
    }

    public void Dispose()
    {
        _kept.Dispose();
        _fresh.Dispose();
    }

    /// <returns>Null if there is none; one that was good until now may have ended in the middle of a round.</returns>
    private async Task<KeystoneToken?> TokenAsync(CancellationToken stopping)
    {
        try
        {
            return await keystone.TokenAsync(stopping);
        }
        catch (KeystoneException)
        {
            return null;
        }
    }

    private static bool IsWorthAnotherTry(Unavailability reason) => reason is Unavailability.Unreachable or Unavailability.ConnectTimedOut or Unavailability.TimedOut
        or Unavailability.ConnectionLost or Unavailability.ServerError or Unavailability.RateLimited;

    private Task PauseAsync(Unavailability reason, CancellationToken stopping) =>
        reason == Unavailability.RateLimited ? Task.Delay(RateLimitPause, clock, stopping) : Task.CompletedTask;

    /// <returns>What was made of an answer, or else why there is none.</returns>
    private async Task<(T? Answer, Unavailability Reason)> TryAsync<T>(
        HttpMessageInvoker http, HttpMethod method, Uri uri, KeystoneToken token, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken stopping)
        where T : class
    {
        using var patience = new CancellationTokenSource(options.AnswerTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        using var request = new HttpRequestMessage(method, uri);
        request.Headers.TryAddWithoutValidation("User-Agent", "consometer");
        request.Headers.TryAddWithoutValidation("X-Auth-Token", token.Value.Reveal());
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            return Refusal((int)response.StatusCode) is { } refusal ? (null, refusal) : (await read(response, either.Token), default);
        }
        catch (Exception e) when (NodeHttp.FailureOf(e, patience.Token, stopping) is { } reason)
        {
            return (null, reason);
        }
    }

    /// <returns>Null for a status that means something of its own to who asks.</returns>
    private static Unavailability? Refusal(int status) => status switch
    {
        (int)HttpStatusCode.Unauthorized => Unavailability.Unauthorized,
        (int)HttpStatusCode.Forbidden => Unavailability.Forbidden,
        (int)HttpStatusCode.TooManyRequests or RateLimited or TooManyBackendRequests => Unavailability.RateLimited,
        >= 500 => Unavailability.ServerError,
        _ => null,
    };
}
