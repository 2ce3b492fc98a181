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

    /// <summary>Of those ahead, how many are settled before there is room to deal as many: one by one the dealer would wake for each.</summary>
    private const int AheadPerDeal = 8;

    private readonly RingTable _ring;
    private readonly HashPath _hashPath;
    private readonly AccountServers _servers;
    private readonly DirectPollsterOptions _options;
    private readonly CancellationToken _outOfTime;
    private readonly ServerLanes _lanes;
    private readonly Func<Device, AskingCost> _costOf;
    private readonly Channel<Polled> _polled;
    private readonly SemaphoreSlim _room;
    private readonly CancellationTokenSource _stopping;
    private readonly int _dealtAtOnce;
    private int _unsettled = 1;
    private int _settled;

    public DirectPoll(
        RingTable ring, HashPath hashPath, AccountServers servers, DirectPollsterOptions options, TimeProvider clock, CancellationToken outOfTime, CancellationToken stopping)
    {
        _ring = ring;
        _hashPath = hashPath;
        _servers = servers;
        _options = options;
        _outOfTime = outOfTime;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _lanes = new ServerLanes(ring, servers, options, clock, outOfTime, _stopping.Token);
        _costOf = _lanes.CostOf;
        var ahead = AheadPerWorker * Math.Max(options.Workers, _lanes.All.Count * options.WorkersPerNode);

        _polled = Channel.CreateBounded<Polled>(new BoundedChannelOptions(ahead) { SingleReader = true });
        _dealtAtOnce = Math.Max(1, ahead / AheadPerDeal);
        _room = new SemaphoreSlim(ahead / _dealtAtOnce);
    }

    /// <summary>What became of the accounts. Completed when all are settled, with the error if the poll failed.</summary>
    public ChannelReader<Polled> Polled => _polled.Reader;

    /// <summary>Runs to the end. Never throws: an error, or being stopped, comes out of <see cref="Polled"/>.</summary>
    public async Task RunAsync(IAsyncEnumerable<Account> accounts)
    {
        var workers = _lanes.All.SelectMany(lane => Enumerable.Repeat(lane, _options.WorkersPerNode)).Select(WorkAsync);
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
    public IReadOnlyList<NodeReport> Report() => _lanes.Report();

    public void Dispose()
    {
        _lanes.Dispose();
        _room.Dispose();
        _stopping.Dispose();
    }

    private Task DealAsync(IAsyncEnumerable<Account> accounts) => GuardAsync(async () =>
    {
        var dealt = 0;
        await foreach (var account in accounts.WithCancellation(_stopping.Token))
        {
            if (dealt++ % _dealtAtOnce == 0)
            {
                await _room.WaitAsync(_stopping.Token);
            }

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
            if (lane.IsSlowedDown && visit.ChooseAgain(_costOf))
            {
                lane.Leave();
                _lanes.Of(visit.Device).Add(visit);
                continue;
            }

            // What was not said in time is not said at all.
            if (await ReadAsync(visit) is var reading and not ReplicaReading.Unavailable { Reason: Unavailability.OutOfTime })
            {
                visit.Add(reading);
            }

            lane.Leave();
            await MoveOnAsync(visit);
        }
    });

    private ValueTask<ReplicaReading> ReadAsync(Visit visit) => _lanes.AskAsync<ReplicaReading, (AccountServers Servers, Visit Visit)>(
        visit.Device,
        (_servers, visit),
        static (by, asking) => by.Servers.ReadAsync(by.Visit.Device, by.Visit.Partition, by.Visit.Account.Name, asking),
        static reading => (reading as ReplicaReading.Unavailable)?.Reason,
        static (by, reason) => new ReplicaReading.Unavailable(by.Visit.Device, reason) { IsSetAside = true });

    /// <summary>A page, then to the end of the lane for the next one: an account with many containers holds up nobody.</summary>
    private async Task ListAsync(NodeLane lane, Visit visit, Listing listing)
    {
        var page = await _lanes.AskAsync<ListingPage, (AccountServers Servers, Visit Visit, Listing Listing)>(
            listing.Device,
            (_servers, visit, listing),
            static (by, asking) => by.Servers.ListAsync(by.Listing.Device, by.Visit.Partition, by.Visit.Account.Name, by.Listing.Marker, asking),
            static page => (page as ListingPage.Failed)?.Reason,
            static (_, reason) => new ListingPage.Failed(reason));
        if (page is ListingPage.Listed { Containers: { Count: > 0 } containers })
        {
            await _polled.Writer.WriteAsync(new Polled.Page(visit.Account, containers), _stopping.Token);
        }

        var listed = page is ListingPage.Failed { Reason: Unavailability.OutOfTime } ? listing.End(Unavailability.OutOfTime.Word()) : listing.Take(page);
        lane.Leave();
        if (listed is null)
        {
            _lanes.Of(listing.Device).Add(visit);
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
        if (!isOutOfTime && visit.MoveOn(_costOf))
        {
            _lanes.Of(visit.Device).Add(visit);
            return;
        }

        var outcome = isOutOfTime ? visit.JudgeOutOfTime() : visit.Judge();
        if (_options.ListsContainers && outcome is AccountOutcome.Measured { Account.IsMetered: true, Usage.Containers: > 0 } measured)
        {
            visit.List(measured);
            _lanes.Of(visit.Listing!.Device).Add(visit);
            return;
        }

        await SettleAsync(outcome);
    }

    private async ValueTask SettleAsync(AccountOutcome outcome)
    {
        await _polled.Writer.WriteAsync(new Polled.Settled(outcome), _stopping.Token);
        if (Interlocked.Increment(ref _settled) % _dealtAtOnce == 0)
        {
            _room.Release();
        }

        CloseIfSettled();
    }

    /// <summary>The dealer counts as one unsettled account, so that the lanes cannot close before it is done.</summary>
    private void CloseIfSettled()
    {
        if (Interlocked.Decrement(ref _unsettled) == 0)
        {
            _lanes.Close();
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
