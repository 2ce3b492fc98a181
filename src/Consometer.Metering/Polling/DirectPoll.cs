using System.Threading.Channels;
using Consometer.Rings;
using Consometer.Swift.Accounts;

namespace Consometer.Metering.Polling;

/// <summary>
/// One poll under way. A dealer gives each account to the shortest lane among its primaries' servers; each lane's workers
/// ask that server and settle the account or move it to another lane.
/// </summary>
/// <remarks>
/// The dealer runs only a little ahead of the lanes, so lanes stay short, a server that is slow is dealt less, and memory
/// does not grow with the number of accounts.
/// </remarks>
internal sealed class DirectPoll : IDisposable
{
    /// <summary>Accounts under way for each worker of a lane, or of all: enough that none of them waits for the dealer.</summary>
    private const int AheadPerWorker = 4;

    private readonly RingTable _ring;
    private readonly HashPath _hashPath;
    private readonly AccountServers _servers;
    private readonly DirectPollsterOptions _options;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _outOfTime;
    private readonly Dictionary<Node, NodeLane> _lanes;
    private readonly Suppression?[] _devices;
    private readonly Channel<Polled> _polled;
    private readonly SemaphoreSlim _room;
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _stopping;

    /// <summary>Cancelled when no server is asked any more: the time is over, or the poll is stopped.</summary>
    private readonly CancellationTokenSource _asking;
    private int _unsettled = 1;

    public DirectPoll(
        RingTable ring, HashPath hashPath, AccountServers servers, DirectPollsterOptions options, TimeProvider clock, CancellationToken outOfTime, CancellationToken stopping)
    {
        _ring = ring;
        _hashPath = hashPath;
        _servers = servers;
        _options = options;
        _clock = clock;
        _outOfTime = outOfTime;
        _lanes = ring.Devices.OfType<Device>().Select(device => servers.NodeOf(device)).Distinct().ToDictionary(node => node, _ => new NodeLane(options, clock));
        _devices = [.. ring.Devices.Select(device => device is null ? null : new Suppression(options.Suppression, clock))];
        var ahead = AheadPerWorker * Math.Max(options.Workers, _lanes.Count * options.WorkersPerNode);
        _polled = Channel.CreateBounded<Polled>(new BoundedChannelOptions(ahead) { SingleReader = true });
        _room = new SemaphoreSlim(ahead);
        _slots = new SemaphoreSlim(options.Workers);
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _asking = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, outOfTime);
    }

    /// <summary>What became of the accounts. Completed when all are settled, with the error if the poll failed.</summary>
    public ChannelReader<Polled> Polled => _polled.Reader;

    /// <summary>Runs to the end. Never throws: an error, or being stopped, comes out of <see cref="Polled"/>.</summary>
    public async Task RunAsync(IAsyncEnumerable<Account> accounts)
    {
        var workers = _lanes.Values.SelectMany(lane => Enumerable.Repeat(lane, _options.WorkersPerNode)).Select(WorkAsync);
        try
        {
            await Task.WhenAll(workers.Append(DealAsync(accounts)));
            _polled.Writer.Complete();
        }
        catch (Exception e)
        {
            _polled.Writer.Complete(e);
        }
    }

    public async Task StopAsync() => await _stopping.CancelAsync();

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

        _room.Dispose();
        _slots.Dispose();
        _asking.Dispose();
        _stopping.Dispose();
    }

    private Task DealAsync(IAsyncEnumerable<Account> accounts) => GuardAsync(async () =>
    {
        await foreach (var account in accounts.WithCancellation(_stopping.Token))
        {
            await _room.WaitAsync(_stopping.Token);
            Interlocked.Increment(ref _unsettled);
            await MoveOnAsync(new Visit(account, _ring.Locate(_hashPath.Hash(account.Name)), _options.AllReplicas));
        }

        CloseIfSettled();
    });

    private Task WorkAsync(NodeLane lane) => GuardAsync(async () =>
    {
        await foreach (var visit in lane.Queue.ReadAllAsync(_stopping.Token))
        {
            if (visit.Listing is { } listing)
            {
                await ListAsync(lane, visit, listing);
                continue;
            }

            // Who would have to wait for a server that has slowed down meanwhile looks for a better one first.
            if (lane.IsSlowedDown && visit.ChooseAgain(CostOf))
            {
                lane.Leave();
                LaneOf(visit.Device).Add(visit);
                continue;
            }

            // What was not said in time is not said at all.
            if (await ReadAsync(lane, visit) is var reading and not ReplicaReading.Unavailable { Reason: Unavailability.OutOfTime })
            {
                visit.Add(reading);
            }

            lane.Leave();
            await MoveOnAsync(visit);
        }
    });

    private async Task<ReplicaReading> ReadAsync(NodeLane lane, Visit visit)
    {
        var reading = await AskAsync(
            lane,
            visit.Device,
            () => _servers.ReadAsync(visit.Device, visit.Partition, visit.Account.Name, _asking.Token),
            reading => (reading as ReplicaReading.Unavailable)?.Reason,
            reason => new ReplicaReading.Unavailable(visit.Device, reason) { IsSetAside = true });
        if (reading is not ReplicaReading.Unavailable { IsSetAside: true })
        {
            Learn(_devices[visit.Device.Id]!, reading);
        }

        return reading;
    }

    /// <summary>Asks as soon as the server may be asked, and one more is allowed over all servers.</summary>
    /// <param name="lane">The server's lane.</param>
    /// <param name="device">The device asked for.</param>
    /// <param name="ask">Asks it.</param>
    /// <param name="failure">Why an answer tells nothing; null if it does.</param>
    /// <param name="unasked">Stands for the answer if server or device are set aside, or the time is over before there is one.</param>
    private async Task<T> AskAsync<T>(NodeLane lane, Device device, Func<Task<T>> ask, Func<T, Unavailability?> failure, Func<Unavailability, T> unasked)
    {
        try
        {
            if ((WhyNotAsk(device) ?? await lane.EnterAsync(_asking.Token)) is { } reason)
            {
                return unasked(reason);
            }

            await _slots.WaitAsync(_asking.Token);
            try
            {
                var asked = _clock.GetTimestamp();
                var answer = await ask();
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
            return unasked(Unavailability.OutOfTime);
        }
    }

    private Unavailability? WhyNotAsk(Device device) => _outOfTime.IsCancellationRequested ? Unavailability.OutOfTime : SetAsideFor(device);

    /// <summary>As the proxy: a device that is not mounted is set aside at once, one that fails when it keeps failing.</summary>
    private static void Learn(Suppression device, ReplicaReading reading)
    {
        switch ((reading as ReplicaReading.Unavailable)?.Reason)
        {
            case Unavailability.Unmounted:
                device.SetAside(Unavailability.Unmounted);
                break;
            case (Unavailability.ServerError or Unavailability.RateLimited) and var reason:
                device.Fail(reason);
                break;
            case null:
                device.Recover();
                break;
        }
    }

    /// <summary>A page, then to the end of the lane for the next one: an account with many containers holds up nobody.</summary>
    private async Task ListAsync(NodeLane lane, Visit visit, Listing listing)
    {
        var page = await AskAsync(
            lane,
            listing.Device,
            () => _servers.ListAsync(listing.Device, visit.Partition, visit.Account.Name, listing.Marker, _asking.Token),
            page => (page as ListingPage.Failed)?.Reason,
            reason => new ListingPage.Failed(reason));
        if (page is ListingPage.Listed { Containers: { Count: > 0 } containers })
        {
            await _polled.Writer.WriteAsync(new Polled.Page(visit.Account, containers), _stopping.Token);
        }

        var listed = page is ListingPage.Failed { Reason: Unavailability.OutOfTime } ? listing.End(Unavailability.OutOfTime.Word()) : listing.Take(page);
        lane.Leave();
        if (listed is null)
        {
            LaneOf(listing.Device).Add(visit);
        }
        else
        {
            await SettleAsync(listed);
        }
    }

    /// <summary>On to the lane of the next device; with none to ask or no time, to the listing of containers, or it is settled.</summary>
    private async ValueTask MoveOnAsync(Visit visit)
    {
        var isOutOfTime = _outOfTime.IsCancellationRequested;
        if (!isOutOfTime && visit.MoveOn(CostOf))
        {
            LaneOf(visit.Device).Add(visit);
            return;
        }

        var outcome = isOutOfTime ? visit.JudgeOutOfTime() : visit.Judge();
        if (_options.ListsContainers && outcome is AccountOutcome.Measured { Usage.Containers: > 0 } measured)
        {
            visit.List(measured);
            LaneOf(visit.Listing!.Device).Add(visit);
            return;
        }

        await SettleAsync(outcome);
    }

    private async ValueTask SettleAsync(AccountOutcome outcome)
    {
        await _polled.Writer.WriteAsync(new Polled.Settled(outcome), _stopping.Token);
        _room.Release();
        CloseIfSettled();
    }

    private AskingCost CostOf(Device device) =>
        new(SetAsideFor(device) is not null, LaneOf(device).IsSlowedDown, _options.Affinity.PriorityOf(device), LaneOf(device).Load);

    private Unavailability? SetAsideFor(Device device) => LaneOf(device).SetAsideFor ?? _devices[device.Id]!.Reason;

    private NodeLane LaneOf(Device device) => _lanes[_servers.NodeOf(device)];

    /// <summary>The dealer counts as one unsettled account, so that the lanes cannot close before it is done.</summary>
    private void CloseIfSettled()
    {
        if (Interlocked.Decrement(ref _unsettled) == 0)
        {
            foreach (var lane in _lanes.Values)
            {
                lane.Close();
            }
        }
    }

    /// <summary>A worker that fails takes the others with it: none dies alone in a poll that seems to live.</summary>
    private async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch
        {
            await _stopping.CancelAsync();
            throw;
        }
    }
}
