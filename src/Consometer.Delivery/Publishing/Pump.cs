using Consometer.Delivery.Store;

namespace Consometer.Delivery.Publishing;

/// <summary>
/// Carries the messages of one format from the outbox to the broker. One is deleted when the broker has confirmed it; whatever happens
/// before that, it is sent again, the same bytes.
/// </summary>
/// <param name="outbox">Where the messages wait; this pump's own.</param>
/// <param name="publication">Which messages, and where to.</param>
/// <param name="broker">The broker.</param>
/// <param name="wakeup">Rung when there are new messages.</param>
/// <param name="tell">Told what happens, on any thread.</param>
/// <param name="clock">What is waited by.</param>
public sealed class Pump(Outbox outbox, Publication publication, BrokerOptions broker, Wakeup wakeup, Action<PumpNews> tell, TimeProvider clock)
{
    /// <summary>A daemon waits that long for a confirm where the connection lives, and does not count while the broker says that it takes nothing for now.</summary>
    private const int HeartbeatsUnconfirmed = 10;

    /// <summary>Somebody who waits for it waits that long, whatever the broker says.</summary>
    private static readonly TimeSpan DrainPatience = TimeSpan.FromMinutes(1);

    private readonly Backoff _backoff = new();
    private readonly Wakeup _brokerIsThere = new();

    /// <summary>Confirmed, and not deleted yet: a store that is full may refuse even that. They are not sent again.</summary>
    private readonly Dictionary<long, OutboxMessage> _confirmed = [];

    /// <summary>Messages in flight at most: one while the broker refuses what it is given, or does not confirm it, so that it is not given the same heap again and again.</summary>
    private int _window = broker.Window;

    /// <summary>Somebody has found the broker there: who waits before the next try waits no longer.</summary>
    public void TryNow() => _brokerIsThere.Ring();

    /// <summary>Delivers whatever comes, until stopped. What stops delivery is told, and tried again after a while, longer each time.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            _brokerIsThere.Reset();
            try
            {
                await ConnectAndSendAsync(untilEmpty: false, stopping);
            }
            catch (Exception e) when (e is BrokerException or StoreException)
            {
                var wait = _backoff.Next();
                tell(new PumpNews.Interrupted(e.Message, wait));
                await Task.WhenAny(Task.Delay(wait, clock, stopping), _brokerIsThere.Rung);
                stopping.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Delivers what waits now, and returns when nothing does.</summary>
    /// <exception cref="BrokerException">It cannot be delivered now; it waits.</exception>
    /// <exception cref="StoreException">The outbox cannot be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public Task DrainAsync(CancellationToken stopping) => ConnectAndSendAsync(untilEmpty: true, stopping);

    private async Task ConnectAndSendAsync(bool untilEmpty, CancellationToken stopping)
    {
        DeleteConfirmed();
        await using var link = await BrokerLink.OpenAsync(broker, publication.Destination, tell, stopping);
        tell(new PumpNews.Connected(link.Host));
        var after = 0L;
        var inFlight = new Queue<(OutboxMessage Message, Task<string?> Answer)>();
        while (true)
        {
            wakeup.Reset();
            foreach (var message in outbox.Next(publication.Format.Name, after, _window - inFlight.Count).Where(message => !_confirmed.ContainsKey(message.Id)))
            {
                inFlight.Enqueue((message, link.PublishAsync(publication.Destination, message.Body)));
                after = message.Id;
            }

            if (inFlight.Count > 0)
            {
                await SettleAsync(link, inFlight, untilEmpty, stopping);
            }
            else if (untilEmpty)
            {
                return;
            }
            else
            {
                tell(new PumpNews.Idle());
                await BeforeClosedAsync(link, wakeup.Rung, Timeout.InfiniteTimeSpan, stopping);

                // From the first again: a round of another process may have ended that began before one whose messages are gone.
                after = 0;
            }
        }
    }

    /// <summary>Waits for the older half of what is in flight, so that the broker always has the other; one transaction deletes the half.</summary>
    private async Task SettleAsync(BrokerLink link, Queue<(OutboxMessage Message, Task<string?> Answer)> inFlight, bool untilEmpty, CancellationToken stopping)
    {
        string? refusal = null;
        for (var half = (inFlight.Count + 1) / 2; half > 0; half--)
        {
            var (message, answer) = inFlight.Dequeue();
            await ConfirmedAsync(link, answer, untilEmpty, stopping);
            if (await answer is { } reason)
            {
                refusal = reason;
            }
            else
            {
                _confirmed.Add(message.Id, message);
            }
        }

        DeleteConfirmed();
        if (refusal is not null)
        {
            _window = 1;
            throw new BrokerException(broker, $"a confirm from {publication.Destination}", refusal);
        }

        _window = broker.Window;
        _backoff.Reset();
    }

    private void DeleteConfirmed()
    {
        if (_confirmed.Count > 0)
        {
            outbox.Delete(_confirmed.Values);
            tell(new PumpNews.Delivered(_confirmed.Count, _confirmed.Values.Sum(message => message.Samples)));
            _confirmed.Clear();
        }
    }

    /// <exception cref="BrokerException">The link closed first, or it took too long.</exception>
    private async Task ConfirmedAsync(BrokerLink link, Task answer, bool untilEmpty, CancellationToken stopping)
    {
        var patience = untilEmpty ? DrainPatience : broker.Heartbeat * HeartbeatsUnconfirmed;
        while (!answer.IsCompleted)
        {
            try
            {
                await BeforeClosedAsync(link, answer, patience, stopping);
            }
            catch (TimeoutException) when (link.IsBlocked && !untilEmpty)
            {
                // It has said so, and will say when it takes more.
            }
            catch (TimeoutException e)
            {
                _window = 1;
                throw new BrokerException(broker, $"a confirm from {publication.Destination}", $"none within {patience.TotalSeconds:0} s", e);
            }
        }
    }

    /// <exception cref="BrokerException">The link closed first.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    private async Task BeforeClosedAsync(BrokerLink link, Task work, TimeSpan patience, CancellationToken stopping)
    {
        await Task.WhenAny(work, link.Closed).WaitAsync(patience, clock, stopping);
        if (!work.IsCompleted)
        {
            throw new BrokerException(broker, "a connection that stays", await link.Closed);
        }
    }
}
