using System.Runtime.CompilerServices;
using Consometer.Configuration;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Rounds;
using Consometer.Metering.Samples;
using Consometer.Rings;
using Consometer.Swift.Accounts;
using Consometer.Swift.Keystone;

namespace Consometer.Daemon;

/// <summary>The cluster that is metered, as configured: its ring, its servers, its projects.</summary>
internal sealed class Cluster : IDisposable
{
    private readonly ConsometerOptions _options;
    private readonly TimeProvider _clock;
    private readonly HashPath _hashPath;
    private readonly ResellerPrefixes _prefixes;
    private readonly AccountServers _servers;

    /// <summary>Null where nothing is asked of Keystone.</summary>
    private readonly KeystoneSession? _keystone;

    /// <summary>Null where all accounts are metered from here.</summary>
    private readonly LocalScope? _scope;

    private Cluster(ConsometerOptions options, RingFile ring, SwiftConf conf, TimeProvider clock)
    {
        _options = options;
        Ring = new LiveRing(ring, clock);
        _hashPath = conf.HashPath;
        _clock = clock;
        _prefixes = new ResellerPrefixes(options.Swift.ResellerPrefixes);
        _servers = new AccountServers(options.Swift.Servers with { PolicyNames = conf.PolicyNames }, clock);
        _keystone = options.Keystone is { } keystone ? new KeystoneSession(keystone, clock) : null;
        _scope = options.Swift.IsLocal ? new LocalScope(_hashPath, options.Swift.RingIp is { } ip ? [ip] : ThisHost.Addresses()) : null;
    }

    public LiveRing Ring { get; }

    /// <summary>Reads ring and swift.conf.</summary>
    /// <exception cref="InputFileException">One of them cannot be read or is wrong.</exception>
    public static Cluster Open(ConsometerOptions options, TimeProvider clock) =>
        new(options, RingFile.Load(options.Swift.RingPath), SwiftConf.Load(options.Swift.ConfPath), clock);

    /// <summary>A round over the ring that is in use now, to its end.</summary>
    public Round NewRound()
    {
        var sampleMaker = new SampleMaker(_options.Meters, _options.Region, _options.Swift.AbsentIsZero);
        return new Round(
            new DirectPollster(Ring.Table, _hashPath, _servers, PollsterOptions() with { ListsContainers = sampleMaker.NeedsContainers }, _clock),
            sampleMaker,
            new RoundOptions(_options.PollingTime, MayBeEmpty: _scope is not null),
            _clock);
    }

    /// <summary>Every account of every project, from Keystone or the file of projects; of this host, where that is the scope.</summary>
    /// <param name="first">Names of accounts that come before all others: those that the last round had no time for.</param>
    /// <param name="stopping">Ends the listing.</param>
    /// <exception cref="KeystoneException">Keystone refused or did not answer.</exception>
    /// <exception cref="InputFileException">The file cannot be read, or the ring has nothing of this host.</exception>
    public async IAsyncEnumerable<Account> AccountsAsync(IReadOnlySet<string> first, [EnumeratorCancellation] CancellationToken stopping)
    {
        RequireLocalDevice();
        var accounts = AccountsOf(await ProjectList.ReadAsync(_options.Projects, _keystone, stopping));

        // Mostly there are none of those, and then the list is gone through once: for one host's share each account is hashed.
        var early = first.Count == 0 ? [] : accounts.Where(account => first.Contains(account.Name));
        foreach (var account in early.Concat(accounts.Where(account => !first.Contains(account.Name))))
        {
            yield return account;
        }
    }

    /// <summary>The accounts of these projects; of this host, where that is the scope.</summary>
    public IEnumerable<Account> AccountsOf(IEnumerable<string> projectIds)
    {
        var ring = Ring.Table;
        return projectIds.SelectMany(_prefixes.AccountsOf).Where(account => _scope?.Has(account, ring) ?? true);
    }

    /// <summary>A host that the ring does not know would meter nothing, and look well.</summary>
    /// <exception cref="InputFileException">The scope is this host, and the ring has nothing of it.</exception>
    public void RequireLocalDevice()
    {
        if (_scope is not null && !Ring.Table.Devices.OfType<Device>().Any(_scope.IsLocal))
        {
            throw new InputFileException(
                $"ring {_options.Swift.RingPath}: wanted a device of this host ({_options.Swift.RingIp ?? string.Join(", ", ThisHost.Addresses())}), since swift.scope is local, found none");
        }
    }

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

    /// <summary>What every replica of an account says now.</summary>
    public Task<Explanation> ExplainAsync(Account account, CancellationToken stopping) =>
        Explanation.OfAsync(account, Ring.Table, _hashPath, _servers, _clock, stopping);

    public void Dispose()
    {
        Ring.Dispose();
        _servers.Dispose();
        _keystone?.Dispose();
    }

    private DirectPollsterOptions PollsterOptions() => new(_options.Workers, _options.Swift.WorkersPerNode)
    {
        RequestsPerSecond = _options.Swift.RequestsPerSecond,
        Suppression = _options.Swift.Suppression,
        AllReplicas = _options.Swift.AllReplicas,
        Affinity = _options.Swift.Affinity,
    };
}
