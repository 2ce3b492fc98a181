using System.Threading.Channels;
using Consometer.Rings;
using Consometer.Swift.Accounts;

namespace Consometer.Metering.Polling;

/// <summary>
/// One poll under way. Each account is dealt to the shortest lane among its primaries' servers; each lane's workers ask that server and
/// settle the account, deal the next one in its place, or move it to another lane.
/// </summary>
/// <remarks>
/// There are only a few accounts in the lanes, so lanes stay short, a server that is slow is dealt less, and memory
/// does not grow with the number of accounts.
/// </remarks>
internal sealed class DirectPoll : IDisposable
{
    /// <summary>Accounts in the lanes for each worker of a lane, or of all: enough that none of them waits for another account.</summary>
    private const int PlacesPerWorker = 4;

    /// <summary>
    /// Settled accounts that may wait to be read: as many as servers tell of while the store commits some thousand rows. Where containers are listed,
    /// pages of them wait too, and there is room for few.
    /// </summary>
    private const int UnreadMax = 4096;

    private const int UnreadPerBatch = 16;

    private readonly RingTable _ring;
    private readonly HashPath _hashPath;
    private readonly AccountServers _servers;
    private readonly DirectPollsterOptions _options;
    private readonly CancellationToken _outOfTime;
    private readonly ServerLanes _lanes;
    private readonly Func<Device, AskingCost> _costOf;
    private readonly VisitSupply _supply;
    private readonly PolledBatches _polled;
    private readonly CancellationTokenSource _stopping;
    private int _unsettled = 1;

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
        var places = PlacesPerWorker * Math.Max(options.Workers, _lanes.All.Count * options.WorkersPerNode);
        _supply = new VisitSupply(places);
        _polled = new PolledBatches(UnreadPerBatch, (options.ListsContainers ? places : Math.Max(places, UnreadMax)) / UnreadPerBatch + 1);
    }

    /// <summary>What became of the accounts. Completed when all are settled, with the error if the poll failed.</summary>
    public ChannelReader<IReadOnlyList<Polled>> Polled => _polled.Reader;

    /// <summary>Runs to the end. Never throws: an error, or being stopped, comes out of <see cref="Polled"/>.</summary>
    public async Task RunAsync(IAsyncEnumerable<Account> accounts)
    {
        var workers = _lanes.All.SelectMany(lane => Enumerable.Repeat(lane, _options.WorkersPerNode)).Select(WorkAsync);
        try
        {
            await Task.WhenAll(workers.Append(SupplyAsync(accounts)));
            _polled.Complete();
        }
        catch (Exception e)
        {
            _polled.Complete(e);
        }
    }

    public async Task StopAsync() => await _stopping.CancelAsync();

    /// <summary>How it went with each server.</summary>
    public IReadOnlyList<NodeReport> Report() => _lanes.Report();

    public void Dispose()
    {
        _lanes.Dispose();
        _supply.Dispose();
        _stopping.Dispose();
    }

    private Task SupplyAsync(IAsyncEnumerable<Account> accounts) => GuardAsync(async () =>
    {
        await foreach (var account in accounts.WithCancellation(_stopping.Token))
        {
            await _supply.WaitForRoomAsync(_stopping.Token);
            Interlocked.Increment(ref _unsettled);
            await MoveOnAsync(_supply.Add(new Visit(account, _ring.Locate(_hashPath.Hash(account.Name)), _options.AllReplicas)));
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
            await _polled.WriteAsync(new Polled.Page(visit.Account, containers), isUrgent: true, _stopping.Token);
        }

        var listed = page is ListingPage.Failed { Reason: Unavailability.OutOfTime } ? listing.End(Unavailability.OutOfTime.Word()) : listing.Take(page);
        lane.Leave();
        if (listed is null)
        {
            _lanes.Of(listing.Device).Add(visit);
        }
        else
        {
            await MoveOnAsync(await SettleAsync(listed));
        }
    }

    /// <summary>On to a lane with it; or it is settled, and the next account takes its place.</summary>
    private async ValueTask MoveOnAsync(Visit? visit)
    {
        while (visit is not null && Deal(visit) is { } outcome)
        {
            visit = await SettleAsync(outcome);
        }
    }

    /// <summary>To the lane of the next device; with none to ask or no time, to the listing of containers.</summary>
    /// <returns>What is known of it, if nobody is to be asked any more; null if it is in a lane.</returns>
    private AccountOutcome? Deal(Visit visit)
    {
        var isOutOfTime = _outOfTime.IsCancellationRequested;
        if (!isOutOfTime && visit.MoveOn(_costOf))
        {
            _lanes.Of(visit.Device).Add(visit);
            return null;
        }

        var outcome = isOutOfTime ? visit.JudgeOutOfTime() : visit.Judge();
        if (_options.ListsContainers && outcome is AccountOutcome.Measured { Account.IsMetered: true, Usage.Containers: > 0 } measured)
        {
            visit.List(measured);
            _lanes.Of(visit.Listing!.Device).Add(visit);
            return null;
        }

        return outcome;
    }

    /// <returns>The account that takes its place; null if none waits, and then the reader need not wait for a whole batch.</returns>
    private async ValueTask<Visit?> SettleAsync(AccountOutcome outcome)
    {
        var next = _supply.Next();
        await _polled.WriteAsync(new Polled.Settled(outcome), isUrgent: next is null, _stopping.Token);
        CloseIfSettled();
        return next;
    }

    /// <summary>The list counts as one unsettled account, so that the lanes cannot close before its end.</summary>
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
