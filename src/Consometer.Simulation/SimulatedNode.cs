using System.Collections.Concurrent;
using System.Collections.Frozen;
using Consometer.Rings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Consometer.Simulation;

/// <summary>
/// A storage node: the account-server of its devices, with recon. It knows nothing of the ring but an MD5; it looks on the device that
/// the path names, in the partition that the path names, as the real one does.
/// </summary>
public sealed class SimulatedNode : ILoopbackService
{
    private readonly TimeProvider _clock;
    private readonly RequestDelegate _healthy;
    private volatile NodeFault _fault = NodeFault.None;
    private volatile FrozenDictionary<string, DeviceStore> _devices = FrozenDictionary<string, DeviceStore>.Empty;
    private long _requests;

    internal SimulatedNode(TimeProvider clock)
    {
        _clock = clock;
        _healthy = AnswerAsync;
    }

    /// <summary>127.0.0.1: it is the one loopback address that every system has.</summary>
    public string Ip { get; } = "127.0.0.1";

    /// <summary>The account-server's port, whatever was free.</summary>
    public int Port { get; internal set; }

    /// <summary>Its devices, as in the ring.</summary>
    public IReadOnlyList<Device> Devices { get; private set; } = [];

    /// <summary>What is wrong with it; may be set while the cluster runs.</summary>
    public NodeFault Fault
    {
        get => _fault;
        set => _fault = value;
    }

    /// <summary>
    /// What <c>/recon/ringmd5</c> says: MD5s by path, null for a file it cannot read. As a cluster starts, that of its
    /// <c>account.ring.gz</c>; may be set while the cluster runs.
    /// </summary>
    public IReadOnlyDictionary<string, string?> RingMd5s { get; set; } = new Dictionary<string, string?>();

    /// <summary>What <c>/recon/swiftconfmd5</c> says, likewise.</summary>
    public IReadOnlyDictionary<string, string?> SwiftConfMd5s { get; set; } = new Dictionary<string, string?>();

    /// <summary>Requests that reached it so far, answered or not. A refused connection never became one.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    Task ILoopbackService.MeetAsync(ConnectionContext connection, ConnectionDelegate next) => _fault.MeetAsync(connection, next);

    Task ILoopbackService.AnswerAsync(HttpContext context, CancellationToken closing)
    {
        Interlocked.Increment(ref _requests);
        return _fault.AnswerAsync(context, _healthy, _clock, closing);
    }

    internal void Mount(IReadOnlyList<Device> devices)
    {
        _devices = devices.ToFrozenDictionary(device => device.Name, _ => new DeviceStore());
        Devices = devices;
    }

    internal void Store(Device device, string account, StoredReplica replica) => _devices[device.Name].Store(account, replica);

    internal void Remove(Device device, string account) => _devices[device.Name].Remove(account);

    /// <summary>
    /// Recon stands before the account-server, whose checks are in the order of <c>swift/account/server.py</c>: text, method, path, query,
    /// drive, database.
    /// </summary>
    private Task AnswerAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.StartsWith(ReconAnswers.Root, StringComparison.Ordinal))
        {
            return ReconAnswers.AnswerAsync(context, target, this);
        }

        if (!AccountPath.TryDecode(target, out var path))
        {
            return AccountAnswers.InvalidUtf8Async(context);
        }

        var isListing = HttpMethods.IsGet(context.Request.Method);
        if (!isListing && !HttpMethods.IsHead(context.Request.Method))
        {
            return AccountAnswers.MethodNotAllowedAsync(context);
        }

        if (!AccountPath.TrySplit(path, out var parts))
        {
            return AccountAnswers.InvalidPathAsync(context, path.ToString());
        }

        var listing = isListing ? ListingQuery.Read(context.Request.Query) : null;
        if (isListing && listing is null)
        {
            return AccountAnswers.LimitTooHighAsync(context);
        }

        if (!_devices.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(parts.Device, out var device))
        {
            if (isListing)
            {
                return AccountAnswers.UnmountedAsync(context, parts.Device.ToString());
            }

            AccountAnswers.Plain(context, StatusCodes.Status507InsufficientStorage);
            return Task.CompletedTask;
        }

        return AnswerOfDatabaseAsync(context, device.Find(parts), listing);
    }

    private static Task AnswerOfDatabaseAsync(HttpContext context, StoredReplica? replica, ListingQuery? listing)
    {
        switch (replica)
        {
            case null:
                AccountAnswers.Plain(context, StatusCodes.Status404NotFound);
                break;
            case { Usage: { } usage } when listing is not null:
                return AccountAnswers.ListedAsync(context, replica, usage, listing);
            case { Usage: { } usage }:
                AccountAnswers.Stored(context, replica, usage);
                break;
            default:
                AccountAnswers.Deleted(context);
                break;
        }

        return Task.CompletedTask;
    }

    /// <summary>The account databases on one device.</summary>
    private sealed class DeviceStore
    {
        private readonly ConcurrentDictionary<string, StoredReplica> _replicas = new();

        public void Store(string account, StoredReplica replica) => _replicas[account] = replica;

        public void Remove(string account) => _replicas.TryRemove(account, out _);

        public StoredReplica? Find(AccountPath path) =>
            _replicas.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path.Account, out var replica)
                && path.Partition.SequenceEqual(replica.Partition)
                ? replica
                : null;
    }
}
