using Consometer.Configuration;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Tasks;
using Consometer.Rings;
using Consometer.Swift.Accounts;

namespace Consometer.Daemon;

/// <summary>The way to the account-servers: the ring, the hash prefix, the connections. Only strategies that ask them have it.</summary>
internal sealed class DirectWay : IDisposable
{
    private readonly ConsometerOptions _options;
    private readonly TimeProvider _clock;
    private readonly HashPath _hashPath;
    private readonly AccountServers _servers;
    private readonly NodeInstruments? _instruments;

    private DirectWay(ConsometerOptions options, RingFile ring, SwiftConf conf, TimeProvider clock, NodeInstruments? instruments)
    {
        _instruments = instruments;
        _options = options;
        _clock = clock;
        Ring = new LiveRing(ring, clock);
        PolicyNames = conf.PolicyNames;
        _hashPath = conf.HashPath;
        _servers = new AccountServers(options.Swift.Servers with { PolicyNames = conf.PolicyNames }, clock);
        Scope = options.Swift.IsLocal ? new LocalScope(_hashPath, options.Swift.RingIp is { } ip ? [ip] : ThisHost.Addresses()) : null;
    }

    public LiveRing Ring { get; }

    /// <summary>The storage policies' names in swift.conf.</summary>
    public IReadOnlyList<string> PolicyNames { get; }

    /// <summary>By what accounts are found now.</summary>
    public RingIdentity Identity => new(Ring.File.Md5, Ring.Table.Header.PartPower, _hashPath.Mark);

    /// <summary>Null where all accounts are metered from here.</summary>
    public LocalScope? Scope { get; }

    /// <summary>Reads ring and swift.conf.</summary>
    /// <exception cref="InputFileException">One of them cannot be read or is wrong.</exception>
    public static DirectWay Open(ConsometerOptions options, TimeProvider clock, NodeInstruments? instruments) =>
        new(options, RingFile.Load(options.Swift.RingPath), SwiftConf.Load(options.Swift.ConfPath), clock, instruments);

    /// <summary>A pollster over the ring that is in use now.</summary>
    public DirectPollster NewPollster(bool listsContainers) => new(
        Ring.Table,
        _hashPath,
        _servers,
        new DirectPollsterOptions(_options.Workers, _options.Swift.WorkersPerNode)
        {
            RequestsPerSecond = _options.Swift.RequestsPerSecond,
            Suppression = _options.Swift.Suppression,
            AllReplicas = _options.Swift.AllReplicas,
            ListsContainers = listsContainers,
            Affinity = _options.Swift.Affinity,
            Instruments = _instruments,
        },
        _clock);

    /// <summary>A host that the ring does not know would meter nothing, and look well.</summary>
    /// <exception cref="InputFileException">The scope is this host, and the ring has nothing of it.</exception>
    public void RequireLocalDevice()
    {
        if (Scope is not null && !Ring.Table.Devices.OfType<Device>().Any(Scope.IsLocal))
        {
            throw new InputFileException(
                $"ring {_options.Swift.RingPath}: wanted a device of this host ({_options.Swift.RingIp ?? string.Join(", ", ThisHost.Addresses())}), since swift.scope is local, found none");
        }
    }

    /// <summary>What every replica of an account says now.</summary>
    public Task<Explanation> ExplainAsync(Account account, CancellationToken stopping) =>
        Explanation.OfAsync(account, Ring.Table, _hashPath, _servers, _clock, stopping);

    public void Dispose() => _servers.Dispose();
}
