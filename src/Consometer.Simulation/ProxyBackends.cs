using System.Globalization;
using System.Net;
using Consometer.Rings;

namespace Consometer.Simulation;

/// <summary>How a proxy asks account-servers and chooses among what they say (<c>swift/proxy/controllers/base.py</c>, <c>GetOrHeadHandler</c>).</summary>
internal sealed class ProxyBackends(RingTable ring, HashPath hashPath, TimeProvider clock) : IDisposable
{
    /// <summary><c>rebalance_missing_suppression_count</c>, as it is if nobody says.</summary>
    private const int MissingPassedOver = 1;

    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary><c>conn_timeout</c> and <c>node_timeout</c>, likewise.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan NodeTimeout = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { ActivityHeadersPropagator = null, ConnectTimeout = ConnectTimeout, UseCookies = false, UseProxy = false });
    private int _turn;

    /// <summary>Asks primaries, another one first each time, and then as many handoffs.</summary>
    /// <returns>The first good answer; without one what most servers said that count; null for a 503.</returns>
    public async Task<HttpResponseMessage?> AskAsync(HttpMethod method, string account, string query, CancellationToken stopping)
    {
        var placement = ring.Locate(hashPath.Hash(account));
        var primaries = placement.Primaries();
        var turn = Interlocked.Increment(ref _turn) & int.MaxValue;
        var shuffled = Enumerable.Range(0, primaries.Count).Select(i => primaries[(turn + i) % primaries.Count]);
        var (recorded, passedOver) = (new List<HttpResponseMessage>(), 0);
        foreach (var (device, isPrimary) in shuffled.Select(device => (device, true)).Concat(placement.Handoffs().Take(primaries.Count).Select(device => (device, false))))
        {
            var path = string.Create(
                CultureInfo.InvariantCulture, $"http://{device.Ip}:{device.Port}/{device.Name}/{placement.Partition}/{Uri.EscapeDataString(account)}{query}");
            if (await TryAsync(method, path, stopping) is not { } answer)
            {
                continue;
            }

            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            // Of a handoff neither a 404 nor a 5xx counts; of primaries the first 404 does not.
            var isMissing = answer.StatusCode == HttpStatusCode.NotFound;
            if (isPrimary && isMissing && passedOver < Math.Min(MissingPassedOver, primaries.Count - 1))
            {
                passedOver++;
            }
            else if (isPrimary || !(isMissing || answer.StatusCode >= HttpStatusCode.InternalServerError))
            {
                recorded.Add(answer);
            }
        }

        var quorum = (recorded.Count + 1) / 2;
        var refusals = recorded.Where(answer => (int)answer.StatusCode is >= 400 and < 500).ToArray();
        return refusals.Length >= quorum ? refusals.FirstOrDefault() : null;
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage?> TryAsync(HttpMethod method, string address, CancellationToken stopping)
    {
        if (!Uri.TryCreate(address, AsIs, out var uri))
        {
            return null;
        }

        using var patience = new CancellationTokenSource(NodeTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        using var request = new HttpRequestMessage(method, uri);
        try
        {
            var answer = await _http.SendAsync(request, either.Token);
            await answer.Content.LoadIntoBufferAsync(either.Token);
            return answer;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            return null;
        }
    }
}
