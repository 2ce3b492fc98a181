using System.Net;
using System.Net.Http.Headers;
using Consometer.Swift.Accounts;

namespace Consometer.Swift.Proxy;

/// <summary>The accounts of a cluster as its proxy shows them. Safe to share between threads.</summary>
public sealed class ProxyAccounts
{
    private readonly ProxyConnections _connections;
    private readonly PolicyNames _policies;

    internal ProxyAccounts(Uri root, ProxyConnections connections, IReadOnlyList<string> policyNames)
    {
        Root = root;
        _connections = connections;
        _policies = new PolicyNames(policyNames);
    }

    /// <summary>What stands before an account's name, such as <c>https://proxy:8080/v1</c>.</summary>
    public Uri Root { get; }

    /// <summary>The proxy as a server, for reports.</summary>
    public Node Node => new(Root.IdnHost.Trim('[', ']'), Root.Port);

    /// <summary>Asks for the counts of an account: <c>HEAD /v1/account</c>.</summary>
    /// <returns>What it said; a failure is <see cref="ProxyReading.Unavailable"/>.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public Task<ProxyReading> ReadAsync(string account, CancellationToken stopping) => IsNoAccount(account)
        ? Task.FromResult<ProxyReading>(new ProxyReading.Unavailable(Unavailability.UnexpectedStatus))
        : _connections.AskAsync(
            HttpMethod.Head,
            Address(account),
            (response, _) => Task.FromResult(Interpret(response)),
            reason => new ProxyReading.Unavailable(reason),
            stopping);

    /// <summary>
    /// Asks for a page of the account's containers: <c>GET /v1/account?format=json&amp;marker=…</c>. How long a page is the account-server says,
    /// so an operator may have made it short: only an empty page is the end.
    /// </summary>
    /// <param name="marker">The last name of the page before; empty for the first page.</param>
    /// <returns>The page; a failure is <see cref="ListingPage.Failed"/>.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public Task<ListingPage> ListAsync(string account, string marker, CancellationToken stopping) => IsNoAccount(account)
        ? Task.FromResult<ListingPage>(new ListingPage.Failed(Unavailability.UnexpectedStatus))
        : _connections.AskAsync(
            HttpMethod.Get,
            $"{Address(account)}?format=json&marker={Uri.EscapeDataString(marker)}",
            (response, patience) => ReadPageAsync(response, marker, patience),
            reason => new ListingPage.Failed(reason),
            stopping);

    /// <summary>The proxy's statuses: <c>swift/proxy/controllers/account.py</c>, <c>GETorHEAD</c>.</summary>
    private ProxyReading Interpret(HttpResponseMessage response) => (int)response.StatusCode switch
    {
        >= 200 and < 300 => ReadUsage(response.Headers.NonValidated, out var usage) is { } reason ? new ProxyReading.Unavailable(reason)
            : IsMadeUp(response, usage!) ? new ProxyReading.Absent()
            : new ProxyReading.Answered(usage!),
        (int)HttpStatusCode.NotFound => new ProxyReading.Absent(),
        (int)HttpStatusCode.Gone => new ProxyReading.Deleted(),
        _ => new ProxyReading.Unavailable(Unavailability.UnexpectedStatus),
    };

    /// <summary>
    /// Whether it is the answer that stands for an account without a database where <c>account_autocreate</c> is on
    /// (<c>swift/proxy/controllers/account.py</c>, <c>GETorHEAD</c>; <c>swift/account/utils.py</c>, <c>FakeAccountBroker</c>). It is a 200, where
    /// an account-server's own is a 204; it has an <c>X-Put-Timestamp</c>, which is taken out of those (<c>swift/proxy/controllers/base.py</c>,
    /// <c>update_headers</c>), and that is the moment it was made up, as <c>X-Timestamp</c> is; it has nothing of policies and counts nothing. The
    /// header that would say so, <c>X-Backend-Fake-Account-Listing</c>, does not leave the proxy.
    /// </summary>
    private static bool IsMadeUp(HttpResponseMessage response, AccountUsage usage) =>
        response.StatusCode == HttpStatusCode.OK
        && usage.Equals(AccountUsage.Zero)
        && Value(response.Headers.NonValidated, "X-Put-Timestamp") is { } put
        && put == Value(response.Headers.NonValidated, "X-Timestamp");

    private Unavailability? ReadUsage(HttpHeadersNonValidated headers, out AccountUsage? usage)
    {
        var counts = new UsageCounts(_policies);
        foreach (var (header, values) in headers)
        {
            if (!counts.TryTake(header, values.Count == 1 ? values.ToString() : ""))
            {
                usage = null;
                return Unavailability.MalformedAnswer;
            }
        }

        return counts.Read(out usage);
    }

    private static string? Value(HttpHeadersNonValidated headers, string name) => headers.TryGetValues(name, out var values) ? values.ToString() : null;

    private static async Task<ListingPage> ReadPageAsync(HttpResponseMessage response, string marker, CancellationToken stopping) => response.StatusCode switch
    {
        HttpStatusCode.OK => await ListingBody.ReadAsync(response.Content, marker, stopping),
        HttpStatusCode.NotFound or HttpStatusCode.Gone => new ListingPage.Missing(),
        _ => new ListingPage.Failed(Unavailability.UnexpectedStatus),
    };

    /// <summary>Swift decodes before it splits: what follows a slash would be a container, and the answer about that.</summary>
    private static bool IsNoAccount(string account) => account.Contains('/', StringComparison.Ordinal);

    private string Address(string account) => $"{Root.AbsoluteUri}/{AccountServers.Quote(account)}";
}
