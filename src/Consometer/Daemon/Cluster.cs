using System.Runtime.CompilerServices;
using Consometer.Configuration;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Rounds;
using Consometer.Metering.Samples;
using Consometer.Metering.Tasks;
using Consometer.Rings;
using Consometer.Swift.Accounts;
using Consometer.Swift.Keystone;
using Consometer.Swift.Proxy;

namespace Consometer.Daemon;

/// <summary>The cluster that is metered, as configured: its projects, and the ways to its accounts that the strategy has.</summary>
internal sealed class Cluster : IDisposable
{
    private readonly ConsometerOptions _options;
    private readonly TimeProvider _clock;
    private readonly ResellerPrefixes _prefixes;

    /// <summary>Null where nothing is asked of Keystone.</summary>
    private readonly KeystoneSession? _keystone;

    /// <summary>Null where the proxy alone is asked.</summary>
    private readonly DirectWay? _direct;

    /// <summary>Null where the account-servers alone are asked.</summary>
    private readonly SwiftProxy? _proxy;

    private readonly NodeInstruments? _instruments;

    private Cluster(ConsometerOptions options, DirectWay? direct, TimeProvider clock, NodeInstruments? instruments)
    {
        _instruments = instruments;
        _options = options;
        Projects = new LiveProjects(clock);
        _clock = clock;
        _direct = direct;
        _prefixes = new ResellerPrefixes(options.Swift.ResellerPrefixes);
        _keystone = options.Keystone is { } keystone ? new KeystoneSession(keystone, clock) : null;
        _proxy = options.Strategy == Strategy.Direct ? null : new SwiftProxy(_keystone!, ProxyOptions(options, direct), clock);
    }

    /// <summary>Null where the proxy alone is asked: no ring is read then.</summary>
    public LiveRing? Ring => _direct?.Ring;

    public LiveProjects Projects { get; }

    /// <summary>Reads what the strategy needs of ring and swift.conf.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="clock">What is timed by.</param>
    /// <param name="instruments">What is told of every request of rounds; null for nobody.</param>
    /// <exception cref="InputFileException">One of them cannot be read or is wrong.</exception>
    public static Cluster Open(ConsometerOptions options, TimeProvider clock, NodeInstruments? instruments = null) =>
        new(options, options.Strategy == Strategy.Proxy ? null : DirectWay.Open(options, clock, instruments), clock, instruments);

    /// <summary>By what accounts are found now; null where the proxy alone is asked.</summary>
    public RingIdentity? Identity => _direct?.Identity;

    /// <summary>A round, to its end; over the ring that is in use now, where there is one.</summary>
    public Round NewRound() => NewRound(
        new SampleMaker(_options.Meters, _options.Region, _options.Swift.AbsentIsZero), new RoundOptions(_options.PollingTime, MayBeEmpty: _direct?.Scope is not null));

    /// <summary>A round that somebody else has planned.</summary>
    public Round NewRound(SampleMaker sampleMaker, RoundOptions limits) => new(NewPollster(sampleMaker.NeedsContainers), sampleMaker, limits, _clock);

    /// <summary>Every account of every project, from Keystone or the file of projects, and after them orphans; of this host, where that is the scope.</summary>
    /// <param name="first">Names of accounts that come before all others: those that the last round had no time for.</param>
    /// <param name="known">The projects of earlier rounds. It is written and read before the first account is there, and not after.</param>
    /// <param name="stopping">Ends the listing.</param>
    /// <exception cref="KeystoneException">Keystone refused or did not answer, and no list of it is kept that is young enough.</exception>
    /// <exception cref="InputFileException">The file cannot be read, or the ring has nothing of this host.</exception>
    /// <exception cref="StoreException">The projects of earlier rounds cannot be read or written.</exception>
    public async IAsyncEnumerable<Account> AccountsAsync(IReadOnlySet<string> first, KnownProjects? known, [EnumeratorCancellation] CancellationToken stopping)
    {
        RequireLocalDevice();
        var projects = await Projects.ReadAsync(_options.Projects, _keystone, known, stopping);
        var accounts = AccountsOf(projects.Ids);

        // Mostly there are none of those, and then the list is gone through once: for one host's share each account is hashed.
        var early = first.Count == 0 ? [] : accounts.Where(account => first.Contains(account.Name));
        foreach (var account in early.Concat(accounts.Where(account => !first.Contains(account.Name))).Concat(projects.Orphans.SelectMany(OrphansOf)))
        {
            yield return account;
        }
    }

    /// <summary>The accounts of these projects; of this host, where that is the scope.</summary>
    public IEnumerable<Account> AccountsOf(IEnumerable<string> projectIds)
    {
        var accounts = projectIds.SelectMany(_prefixes.AccountsOf);
        return _direct is { Scope: { } scope, Ring.Table: var ring } ? accounts.Where(account => scope.Has(account, ring)) : accounts;
    }

    /// <inheritdoc cref="DirectWay.RequireLocalDevice"/>
    public void RequireLocalDevice() => _direct?.RequireLocalDevice();

    private IEnumerable<Account> OrphansOf(VanishedProject project) =>
        AccountsOf([project.Id]).Select(account => account with { LastListed = project.LastListed, IsMetered = _options.Projects.MetersOrphans });

    /// <summary>The accounts an operator named, by account or project; each once.</summary>
    /// <exception cref="InputFileException">A name that can be none.</exception>
    public async IAsyncEnumerable<Account> NamedAsync(IAsyncEnumerable<string> names, [EnumeratorCancellation] CancellationToken stopping)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var name in names.WithCancellation(stopping))
        {
            foreach (var account in AccountNames.Of(_prefixes, name).Where(account => seen.Add(account.Name)))
            {
                yield return account;
            }
        }
    }

    /// <summary>What every replica of an account says now; null where only the proxy is asked.</summary>
    public async Task<Explanation?> ExplainAsync(Account account, CancellationToken stopping) =>
        _direct is null ? null : await _direct.ExplainAsync(account, stopping);

    /// <summary>What the proxy says of an account now; null where it is not asked.</summary>
    /// <exception cref="KeystoneException">There is no token, or it is not known where the proxy is.</exception>
    /// <exception cref="ProxyException">The proxy does not answer.</exception>
    public async Task<ProxyExplanation?> ExplainByProxyAsync(Account account, CancellationToken stopping) =>
        _proxy is null ? null : await ProxyExplanation.OfAsync(account, await _proxy.OpenAsync(stopping), _clock, stopping);

    public void Dispose()
    {
        _direct?.Dispose();
        _proxy?.Dispose();
        _keystone?.Dispose();
    }

    /// <summary>Names come from swift.conf, or from the proxy where nobody has one.</summary>
    private static ProxyOptions ProxyOptions(ConsometerOptions options, DirectWay? direct) => new(options.Swift.Servers.ConnectTimeout, options.Swift.Servers.NodeTimeout)
    {
        Trust = options.Keystone!.Trust,
        PolicyNames = direct?.PolicyNames ?? [],
        AsksPolicyNames = direct is null && options.Meters.OfType<Meter<PolicyUsage>>().Any(),
    };

    private IPollster NewPollster(bool listsContainers)
    {
        var direct = _direct?.NewPollster(listsContainers);
        if (_proxy is null)
        {
            return direct!;
        }

        // Where there is nobody else to ask, a proxy that fails is asked all the same.
        var proxy = new ProxyPollster(
            _proxy,
            new ProxyPollsterOptions(_options.Workers)
            {
                ListsContainers = listsContainers,
                Suppression = direct is null ? null : _options.Swift.Suppression,
                Instruments = _instruments,
            },
            _clock);
        return direct is null ? proxy : new AutoPollster(direct, proxy);
    }
}
