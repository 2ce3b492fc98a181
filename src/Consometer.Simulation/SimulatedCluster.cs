using System.Globalization;
using Consometer.Rings;

namespace Consometer.Simulation;

/// <summary>
/// A Swift cluster and its Keystone on loopback, running until it is disposed: account-servers that hold what the plan says, where
/// the ring says, and a proxy before them. Every account of it may be put, deleted or removed on single devices, and every server given a fault, while it runs.
/// </summary>
public sealed class SimulatedCluster : IAsyncDisposable
{
    /// <summary>The oldest account was put on 2023-11-14, the youngest 578 days later; in units of Swift's timestamps, 10 µs.</summary>
    private const ulong PutMin = 1_700_000_000_00000;
    private const ulong PutSpan = 50_000_000_00000;
    private const ulong TimestampsPerSecond = 100_000;

    private readonly LoopbackServer _server;
    private readonly SimulatedKeystone _keystone;
    private readonly HashPath _hashPath;
    private readonly Dictionary<int, SimulatedNode> _nodesByDevice;

    private SimulatedCluster(LoopbackServer server, SimulatedKeystone keystone, HashPath hashPath, IReadOnlyList<SimulatedNode> nodes)
    {
        _server = server;
        _keystone = keystone;
        _hashPath = hashPath;
        _nodesByDevice = nodes
            .SelectMany(node => node.Devices, (node, device) => (Node: node, device.Id))
            .ToDictionary(at => at.Id, at => at.Node);
        Nodes = nodes;
    }

    /// <summary>Where <c>account.ring.gz</c> and <c>swift.conf</c> are.</summary>
    public required string Folder { get; init; }

    public string RingPath => Path.Combine(Folder, ClusterFiles.Ring);

    public string SwiftConfPath => Path.Combine(Folder, ClusterFiles.SwiftConf);

    /// <summary>Keystone's address without a version, <c>http://127.0.0.1:port/</c>; <c>/v3</c> is below it.</summary>
    public required Uri KeystoneUri { get; init; }

    /// <summary>
    /// A user with the role reader on <c>system: all</c>, and on the project <c>service</c>, where that lists no projects.
    /// </summary>
    public string KeystoneUser => _keystone.Reader.Name;

    public string KeystonePassword => _keystone.Reader.Password;

    /// <summary>A user with the role admin on the project <c>service</c>, and none on the system: the way of older installations.</summary>
    public string KeystoneAdmin => _keystone.Admin.Name;

    public string KeystoneAdminPassword => _keystone.Admin.Password;

    /// <summary>An application credential of the admin's in the project <c>service</c>; there is none where there is no project.</summary>
    public (string Id, string Name, string Secret) KeystoneApplicationCredential
    {
        get
        {
            var credential = _keystone.ApplicationCredentials[0];
            return (credential.Id, credential.Name, credential.Secret);
        }
    }

    /// <summary>How many tokens Keystone has issued.</summary>
    public int KeystoneTokens => _keystone.Tokens.Issued;

    /// <summary>The tokens that Keystone has issued and not revoked.</summary>
    public IReadOnlyCollection<string> KeystoneTokenValues => _keystone.Tokens.Values;

    /// <summary>
    /// The object store's URL in Keystone's catalog, a template such as <c>http://proxy:8080/v1/AUTH_%(project_id)s</c>; null, as at first, for
    /// a service without endpoints.
    /// </summary>
    public string? ObjectStoreUrl
    {
        get => _keystone.Catalog.ObjectStoreUrl;
        set => _keystone.Catalog.ObjectStoreUrl = value;
    }

    /// <summary>Whether Keystone answers every marker with the first page.</summary>
    public bool KeystoneRepeatsPages
    {
        get => _keystone.Projects.RepeatsPages;
        set => _keystone.Projects.RepeatsPages = value;
    }

    /// <summary>What is wrong with Keystone; may be set while the cluster runs.</summary>
    public NodeFault KeystoneFault
    {
        get => _keystone.Fault;
        set => _keystone.Fault = value;
    }

    public IReadOnlyList<SimulatedNode> Nodes { get; }

    /// <summary>The proxy. Keystone tells of it once <see cref="ObjectStoreUrl"/> is set.</summary>
    public required SimulatedProxy Proxy { get; init; }

    /// <summary>The truth as planned, in the order drawn; Keystone knows these projects and no other.</summary>
    public required IReadOnlyList<SimulatedAccount> Accounts { get; init; }

    /// <summary>The ring of <see cref="RingPath"/>.</summary>
    public required RingTable Ring { get; init; }

    /// <summary>Writes the cluster's files, starts its servers and fills them. The clock is the system's.</summary>
    /// <inheritdoc cref="StartAsync(SimulationPlan, string, TimeProvider, CancellationToken)"/>
    public static Task<SimulatedCluster> StartAsync(SimulationPlan plan, string folder, CancellationToken stopping) =>
        StartAsync(plan, folder, TimeProvider.System, stopping);

    /// <summary>Writes the cluster's files, starts its servers and fills them.</summary>
    /// <param name="plan">What it is made of.</param>
    /// <param name="folder">Made if missing; an <c>account.ring.gz</c> and a <c>swift.conf</c> in it are replaced.</param>
    /// <param name="clock">What tokens expire by and slow answers wait for.</param>
    /// <param name="stopping">Gives up starting; a cluster that runs ends by being disposed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number in the plan that no cluster can be made of.</exception>
    public static async Task<SimulatedCluster> StartAsync(
        SimulationPlan plan, string folder, TimeProvider clock, CancellationToken stopping)
    {
        plan.Check();
        var accounts = AccountDraw.Draw(plan);
        var keystone = new SimulatedKeystone(plan, accounts, clock);
        var proxy = new SimulatedProxy(keystone.Tokens, clock);
        SimulatedNode[] nodes = [.. Enumerable.Range(0, plan.Nodes).Select(_ => new SimulatedNode(clock))];

        // The servers come first: only then are the ports known that the ring must name.
        var server = await LoopbackServer.StartAsync([.. nodes, keystone, proxy], stopping);
        var running = false;
        try
        {
            ClusterFiles.Mount(plan, nodes, server.Ports);
            ClusterFiles.Write(plan, nodes, folder);
            ClusterFiles.Distribute(nodes, folder);

            // Read back from the files, so that the cluster places accounts by what its clients are given, and by nothing else.
            var hashPath = SwiftConf.Load(Path.Combine(folder, ClusterFiles.SwiftConf)).HashPath;
            var ring = RingFile.Load(Path.Combine(folder, ClusterFiles.Ring)).Table;
            proxy.Uri = UriOf(server.Ports[nodes.Length + 1]);
            proxy.Backends = new ProxyBackends(ring, hashPath, clock);
            var cluster = new SimulatedCluster(server, keystone, hashPath, nodes)
            {
                Folder = folder,
                KeystoneUri = UriOf(server.Ports[nodes.Length]),
                Proxy = proxy,
                Accounts = accounts,
                Ring = ring,
            };
            cluster.Fill();
            running = true;
            return cluster;
        }
        finally
        {
            if (!running)
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>Lets no token be good any more that Keystone issued.</summary>
    public void RevokeKeystoneTokens() => _keystone.Tokens.Revoke();

    /// <summary>Lets Keystone not know a project any more; its account stays.</summary>
    public void RemoveKeystoneProject(string projectId) => _keystone.Projects.Remove(projectId);

    /// <summary>Lets Keystone know a project again that was removed.</summary>
    public void RestoreKeystoneProject(string projectId) => _keystone.Projects.Restore(projectId);

    /// <summary>Where an account should be, by the ring and the hash prefix and suffix of the cluster.</summary>
    /// <param name="account">With its reseller prefix.</param>
    public Placement Locate(string account) => Ring.Locate(_hashPath.Hash(account));

    /// <summary>Lets a device hold an account with this usage, in the account's partition; whatever it said before is forgotten.</summary>
    /// <param name="account">With its reseller prefix. A name with a slash can be put and never be asked for, as in Swift.</param>
    /// <param name="device">Any device of the ring, a primary of the account or not.</param>
    /// <param name="usage">What this replica says.</param>
    public void Put(string account, Device device, SimulatedUsage usage)
    {
        var put = PutAt(account);
        Store(account, device, PartitionText(Locate(account)), put, Stored(account, usage, put));
    }

    /// <summary>The containers that an account with this usage is listed with, in that order. Drawn as they are read.</summary>
    /// <param name="account">With its reseller prefix.</param>
    /// <param name="usage">What it holds; the containers add up to it, policy by policy, if a policy without objects has no bytes.</param>
    public IEnumerable<SimulatedContainer> ContainersOf(string account, SimulatedUsage usage) => Drawn(account, usage).After("");

    /// <summary>Lets a device hold an account as deleted: 404 with <c>X-Account-Status: Deleted</c>.</summary>
    /// <inheritdoc cref="Put"/>
    public void Delete(string account, Device device) =>
        Store(account, device, PartitionText(Locate(account)), PutAt(account), usage: null);

    /// <summary>Lets a device not hold an account: 404.</summary>
    /// <inheritdoc cref="Put"/>
    public void Remove(string account, Device device) => _nodesByDevice[device.Id].Remove(device, account);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Proxy.Dispose();
    }

    private static Uri UriOf(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    private void Fill()
    {
        foreach (var account in Accounts.Where(account => account.Kind != SimulatedAccountKind.Absent))
        {
            var name = account.Account;
            var put = PutAt(name);
            var usage = account.Kind == SimulatedAccountKind.Stored ? Stored(name, account.Usage, put) : null;
            var placement = Locate(name);
            var partition = PartitionText(placement);
            foreach (var device in placement.Primaries())
            {
                Store(name, device, partition, put, usage);
            }
        }
    }

    private StoredUsage Stored(string account, SimulatedUsage usage, ulong put) => StoredUsage.Of(usage, Drawn(account, usage), Timestamp(put));

    private SimulatedContainers Drawn(string account, SimulatedUsage usage) => new(usage, _hashPath.Hash(account).Low);

    private void Store(string account, Device device, string partition, ulong put, StoredUsage? usage)
    {
        // Each account-server creates its database by its own clock, a few milliseconds after the proxy stamped the PUT.
        var created = put + 1000 + (13 * (ulong)device.Id);
        _nodesByDevice[device.Id].Store(device, account, new StoredReplica(partition, Timestamp(created), usage));
    }

    private static string PartitionText(Placement placement) => placement.Partition.ToString(CultureInfo.InvariantCulture);

    /// <summary>When the account was put: drawn from its hash, so that it does not depend on the order of puts.</summary>
    private ulong PutAt(string account) => PutMin + (_hashPath.Hash(account).Low % PutSpan);

    /// <summary>Swift's <c>%016.5f</c> seconds since 1970.</summary>
    private static string Timestamp(ulong at) =>
        string.Create(CultureInfo.InvariantCulture, $"{at / TimestampsPerSecond:D10}.{at % TimestampsPerSecond:D5}");
}
