using Consometer.Delivery.Publishing;

namespace Consometer.Delivery.Tasks;

/// <summary>
/// The role of the coordinator: a message of a queue that has a single active consumer. Who has it is never without it; when it dies the broker gives it to
/// the next. Every daemon puts one in when it comes, so that there is one whatever was lost; the holder keeps the newest alone.
/// </summary>
public sealed class CoordinatorRole : IAsyncDisposable
{
    /// <summary>
    /// RabbitMQ closes the channel of who holds a message for half an hour (<c>consumer_timeout</c>), and operators may have it sooner: so the holder takes a new one
    /// before that, and acks the old one then.
    /// </summary>
    private static readonly TimeSpan RenewsEvery = TimeSpan.FromMinutes(4);

    /// <summary>Enough for what every daemon puts in.</summary>
    private const ushort UnackedMax = 100;

    private readonly TaskLink _link;
    private readonly Inbox _inbox;
    private readonly TimeProvider _clock;
    private Letter? _held;

    private CoordinatorRole(TaskLink link, Inbox inbox, TimeProvider clock)
    {
        _link = link;
        _inbox = inbox;
        _clock = clock;
    }

    /// <summary>Stands in line for the role.</summary>
    /// <exception cref="BrokerException">The broker refuses, or is gone.</exception>
    public static async Task<CoordinatorRole> SeekAsync(TaskLink link, TimeProvider clock, CancellationToken stopping)
    {
        var inbox = await link.ReceiveAsync(link.Queues.Coordinator, UnackedMax, stopping);
        var role = new CoordinatorRole(link, inbox, clock);
        await role.PutInAsync(stopping);
        return role;
    }

    /// <summary>Waits for the role.</summary>
    /// <exception cref="BrokerException">The link is lost.</exception>
    public async Task TakeAsync(CancellationToken stopping)
    {
        await _inbox.Letters.WaitToReadAsync(stopping);
        await HoldNewestAsync();
    }

    /// <summary>Keeps the role, until stopped.</summary>
    /// <exception cref="BrokerException">The link is lost, and the role with it.</exception>
    public async Task KeepAsync(CancellationToken stopping)
    {
        var renewal = Task.Delay(RenewsEvery, _clock, stopping);
        while (true)
        {
            await Task.WhenAny(renewal, _inbox.Letters.WaitToReadAsync(stopping).AsTask());
            stopping.ThrowIfCancellationRequested();
            if (renewal.IsCompleted)
            {
                await PutInAsync(stopping);
                renewal = Task.Delay(RenewsEvery, _clock, stopping);
            }

            await HoldNewestAsync();
        }
    }

    public ValueTask DisposeAsync() => _inbox.DisposeAsync();

    private Task PutInAsync(CancellationToken stopping) => _link.PublishAsync(TaskQueues.RoleKey, LetterType.Role, "{}"u8.ToArray(), stopping: stopping);

    private async Task HoldNewestAsync()
    {
        while (_inbox.Letters.TryRead(out var letter))
        {
            if (_held is { } older)
            {
                await _inbox.AckAsync(older);
            }

            _held = letter;
        }

        if (_inbox.Letters.Completion.IsCompleted)
        {
            // Tells why.
            await _inbox.Letters.Completion;
            throw new OperationCanceledException("the role was given back");
        }
    }
}
