using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Consometer.Rings;

namespace Consometer.Swift.Accounts;

/// <summary>How account-servers are asked.</summary>
/// <param name="Network">The addresses of the ring to use.</param>
/// <param name="ConnectTimeout">At most this long for a connection (<c>swift.conn_timeout</c>).</param>
/// <param name="NodeTimeout">
/// At most this long for an answer (<c>swift.node_timeout</c>). A locked database makes an account-server wait 25 s and
/// then fail, so there is no sense in more.
/// </param>
public sealed record AccountServerOptions(Network Network, TimeSpan ConnectTimeout, TimeSpan NodeTimeout)
{
    /// <summary>The storage policies' names as in swift.conf: servers tell them in headers, where their case is lost.</summary>
    public IReadOnlyList<string> PolicyNames { get; init; } = [];
}

/// <summary>Asks account-servers, over connections that are kept. Safe to share between threads; one per process.</summary>
/// <remarks>A request makes the server commit what is pending for the account; it changes nothing else.</remarks>
public sealed class AccountServers(AccountServerOptions options, TimeProvider clock) : IDisposable
{
    private const int InsufficientStorage = 507;
    private const int TooManyBackendRequests = 529;

    private readonly NodeConnections _connections = new(options, clock);
    private readonly KeptSockets _sockets = new();
    private readonly PolicyNames _policies = new(options.PolicyNames);

    /// <summary>As many as there are requests under way at most; those that are idle.</summary>
    private readonly ConcurrentQueue<HeadExchange> _exchanges = new();

    /// <summary>The server that a device is behind, on the network that is used.</summary>
    public Node NodeOf(Device device) => Node.Of(device, options.Network);

    /// <summary>Asks one device for the counts of an account: <c>HEAD /device/partition/account</c>.</summary>
    /// <returns>What it said; a failure of the server or of the way to it is <see cref="ReplicaReading.Unavailable"/>.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public async Task<ReplicaReading> ReadAsync(Device device, uint partition, string account, CancellationToken stopping)
    {
        var exchange = _exchanges.TryDequeue(out var idle) ? idle : new HeadExchange(options, _sockets, _policies, clock);
        try
        {
            return await exchange.AskAsync(device, partition, account, stopping) is { } reason
                ? new ReplicaReading.Unavailable(device, reason)
                : Interpret(device, exchange.Answer);
        }
        finally
        {
            _exchanges.Enqueue(exchange);
        }
    }

    /// <summary>
    /// Asks one device for a page of the account's containers: <c>GET /device/partition/account?format=json&amp;marker=…</c>.
    /// Reserved containers, whose names begin with NUL (versions of objects live there), are hidden from listings, though the
    /// account's own counts have them in: their names are Swift's business, and no tenant's.
    /// </summary>
    /// <param name="marker">
    /// The last name of the page before; empty for the first page. How long a page is the server says: it refuses a limit above its own
    /// <c>account_listing_limit</c>, which is 10,000 if nobody changed it.
    /// </param>
    /// <returns>The page; a failure of the server or of the way to it is <see cref="ListingPage.Failed"/>.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public Task<ListingPage> ListAsync(Device device, uint partition, string account, string marker, CancellationToken stopping) => _connections.AskAsync(
        HttpMethod.Get,
        $"http://{NodeOf(device)}/{Quote(device.Name)}/{partition.ToString(CultureInfo.InvariantCulture)}/{Quote(account)}?format=json&marker={Uri.EscapeDataString(marker)}",
        (response, patience) => ReadPageAsync(response, marker, patience),
        reason => new ListingPage.Failed(reason),
        stopping);

    /// <summary>Closes the connections that no request is on: a poll has ended, and the next may be an hour away.</summary>
    public void CloseIdle() => _sockets.Close();

    public void Dispose()
    {
        _connections.Dispose();
        _sockets.Dispose();
        foreach (var exchange in _exchanges)
        {
            exchange.Dispose();
        }
    }

    /// <summary>Swift's statuses and headers: <c>swift/account/server.py</c>, <c>HEAD</c> and <c>_deleted_response</c>.</summary>
    private static ReplicaReading Interpret(Device device, AccountAnswer answer) => answer.Status switch
    {
        >= 200 and < 300 => answer.ReadUsage(out var usage) is { } reason
            ? new ReplicaReading.Unavailable(device, reason)
            : new ReplicaReading.Answered(device, usage!),
        (int)HttpStatusCode.NotFound => answer.IsDeleted ? new ReplicaReading.Deleted(device) : new ReplicaReading.Missing(device),
        var status => new ReplicaReading.Unavailable(device, Refusal(status)),
    };

    private static async Task<ListingPage> ReadPageAsync(HttpResponseMessage response, string marker, CancellationToken stopping)
    {
        if (!response.IsSuccessStatusCode)
        {
            return response.StatusCode == HttpStatusCode.NotFound ? new ListingPage.Missing() : new ListingPage.Failed(Refusal((int)response.StatusCode));
        }

        return await ListingBody.ReadAsync(response.Content, marker, stopping);
    }

    private static Unavailability Refusal(int status) => status switch
    {
        InsufficientStorage => Unavailability.Unmounted,
        TooManyBackendRequests => Unavailability.RateLimited,
        >= 500 => Unavailability.ServerError,
        _ => Unavailability.UnexpectedStatus,
    };

    /// <summary>Percent-encoded UTF-8 with <c>/</c> kept, as the proxy sends it (<c>swift/common/bufferedhttp.py</c>).</summary>
    internal static string Quote(string text) => Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal);
}
