using Consometer.Swift.Keystone;

namespace Consometer.Swift.Proxy;

/// <summary>How the proxy is asked.</summary>
/// <param name="ConnectTimeout">At most this long for a connection (<c>swift.conn_timeout</c>).</param>
/// <param name="AnswerTimeout">
/// At most this long for an answer (<c>swift.node_timeout</c>). The proxy may wait as long for each account-server that hangs, and then asks another.
/// </param>
public sealed record ProxyOptions(TimeSpan ConnectTimeout, TimeSpan AnswerTimeout)
{
    /// <summary>Whom to trust over TLS.</summary>
    public TlsTrust Trust { get; init; } = TlsTrust.Default;

    /// <summary>The storage policies' names as in swift.conf, where that is at hand: headers lose their case.</summary>
    public IReadOnlyList<string> PolicyNames { get; init; } = [];

    /// <summary>Whether the proxy itself is asked for those names.</summary>
    public bool AsksPolicyNames { get; init; }
}

/// <summary>Swift's proxy, found through Keystone and asked with its token, over connections that are kept. Safe to share between threads; one per process.</summary>
public sealed class SwiftProxy(KeystoneSession keystone, ProxyOptions options, TimeProvider clock) : IDisposable
{
    private readonly ProxyConnections _connections = new(keystone, options, clock);

    /// <summary>Finds the proxy, a token for it, and the policies' names if they are wanted.</summary>
    /// <returns>The accounts behind it, for a round: where the proxy is may change between rounds.</returns>
    /// <exception cref="KeystoneException">Keystone refused or did not answer, or knows no such endpoint.</exception>
    /// <exception cref="ProxyException">The names are wanted, and the proxy does not answer.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public async Task<ProxyAccounts> OpenAsync(CancellationToken stopping)
    {
        var root = await ObjectStore.FindAsync(keystone, stopping);

        // Without one no account could be asked for, and here it is Keystone's own words that tell why.
        await keystone.TokenAsync(stopping);
        var names = options.AsksPolicyNames ? await ProxyInfo.ReadPolicyNamesAsync(_connections, root, stopping) : options.PolicyNames;
        return new ProxyAccounts(root, _connections, names);
    }

    public void Dispose() => _connections.Dispose();
}
