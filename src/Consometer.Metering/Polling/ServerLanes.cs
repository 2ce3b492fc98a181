using System.Runtime.CompilerServices;
using Consometer.Rings;
using Consometer.Swift.Accounts;

namespace Consometer.Metering.Polling;

/// <summary>The lanes of all servers of a ring, and what a poll has learnt of servers and devices: whom to ask, and whom not.</summary>
internal sealed class ServerLanes : IDisposable
{
    private readonly RingTable _ring;
    private readonly AccountServers _servers;
    private readonly DirectPollsterOptions _options;
    private readonly TimeProvider _clock;
    private readonly Dictionary<Node, NodeLane> _lanes;

    /// <summary>By the device's id: looked up several times for each account.</summary>
    private readonly NodeLane?[] _laneOf;
    private readonly Suppression?[] _devices;
    private readonly SemaphoreSlim _slots;
    private readonly CancellationToken _outOfTime;
    private readonly CancellationToken _stopping;

    /// <summary>Cancelled when no server is asked any more: the time is over, or the poll is stopped.</summary>
    private readonly CancellationTokenSource _asking;

    public ServerLanes(
        RingTable ring, AccountServers servers, DirectPollsterOptions options, TimeProvider clock, CancellationToken outOfTime, CancellationToken stopping)
    {
        _ring = ring;
        _servers = servers;
        _options = options;
        _clock = clock;
        _lanes = ring.Devices.OfType<Device>().Select(device => servers.NodeOf(device)).Distinct().ToDictionary(node => node, node => new NodeLane(options, clock, options.Instruments?.Of(node)));
        _laneOf = [.. ring.Devices.Select(device => device is null ? null : _lanes[servers.NodeOf(device)])];
        _devices = [.. ring.Devices.Select(device => device is null ? null : new Suppression(options.Suppression, clock, Of(device).Series))];
        options.Instruments?.Watch(_lanes.Values);
        _slots = new SemaphoreSlim(options.Workers);
        _outOfTime = outOfTime;
        _stopping = stopping;
        _asking = CancellationTokenSource.CreateLinkedTokenSource(stopping, outOfTime);
    }

    /// <summary>Every server's lane.</summary>
    public IReadOnlyCollection<NodeLane> All => _lanes.Values;

    /// <summary>The lane of the server that a device is behind.</summary>
    public NodeLane Of(Device device) => _laneOf[device.Id]!;

    /// <summary>What speaks against asking a device now.</summary>
    public AskingCost CostOf(Device device) =>
        new(SetAsideFor(device) is not null, Of(device).IsSlowedDown, _options.Affinity.PriorityOf(device), Of(device).Load);

    /// <summary>Asks as soon as the server may be asked, and one more is allowed over all servers; learns from what becomes of it.</summary>
    /// <param name="device">The device asked for.</param>
    /// <param name="state">Handed to <paramref name="ask"/> and <paramref name="unasked"/>, which so need not be made anew for each request.</param>
    /// <param name="ask">Asks it, until it is cancelled.</param>
    /// <param name="failure">Why an answer tells nothing; null if it does.</param>
    /// <param name="unasked">Stands for the answer if server or device are set aside, or the time is over before there is one.</param>
    /// <exception cref="OperationCanceledException">The poll is stopped.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> AskAsync<T, TState>(
        Device device, TState state, Func<TState, CancellationToken, Task<T>> ask, Func<T, Unavailability?> failure, Func<TState, Unavailability, T> unasked)
    {
        var lane = Of(device);
        try
        {
            if ((WhyNotAsk(device) ?? await lane.EnterAsync(_asking.Token)) is { } reason)
            {
                return unasked(state, reason);
            }

            await _slots.WaitAsync(_asking.Token);
            try
            {
                var asked = _clock.GetTimestamp();
                var answer = await ask(state, _asking.Token);
                Learn(_devices[device.Id]!, failure(answer));
                lane.Learn(failure(answer), _clock.GetElapsedTime(asked));
                return answer;
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (OperationCanceledException) when (_outOfTime.IsCancellationRequested && !_stopping.IsCancellationRequested)
        {
            return unasked(state, Unavailability.OutOfTime);
        }
    }

    /// <summary>No account will come any more.</summary>
    public void Close()
    {
        foreach (var lane in _lanes.Values)
        {
            lane.Close();
        }
    }

    /// <summary>How it went with each server.</summary>
    public IReadOnlyList<NodeReport> Report()
    {
        var devices = _ring.Devices.OfType<Device>().ToLookup(device => _servers.NodeOf(device), device => _devices[device.Id]!.Times);
        return [.. _lanes.Select(lane => lane.Value.Report(lane.Key, devices[lane.Key].Sum())).OrderBy(report => report.Node, StringComparer.Ordinal)];
    }

    public void Dispose()
    {
        foreach (var lane in _lanes.Values)
        {
            lane.Dispose();
        }

        _slots.Dispose();
        _asking.Dispose();
    }

    private Unavailability? WhyNotAsk(Device device) => _outOfTime.IsCancellationRequested ? Unavailability.OutOfTime : SetAsideFor(device);

    private Unavailability? SetAsideFor(Device device) => Of(device).SetAsideFor ?? _devices[device.Id]!.Reason;

    /// <summary>As the proxy: a device that is not mounted is set aside at once, one that fails when it keeps failing.</summary>
    private static void Learn(Suppression device, Unavailability? failure)
    {
        switch (failure)
        {
            case Unavailability.Unmounted:
                device.SetAside(Unavailability.Unmounted);
                break;
            case Unavailability.ServerError or Unavailability.RateLimited:
                device.Fail(failure.Value);
                break;
            case null:
                device.Recover();
                break;
        }
    }
}
